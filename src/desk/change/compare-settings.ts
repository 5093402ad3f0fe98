// What all flows share, before and after a change: admins, trusted domains, integrations and their secrets.
import { destinationWords } from '../../domain/destination-words.ts';
import type { Destination } from '../../domain/names.ts';
import type { DeskSettings, Environment, Integration } from '../desk.ts';
import type { Change, Place } from './change.ts';
import { groupPacks, short, theGroups } from './change-words.ts';
import { compareGuests } from './compare-guests.ts';
import { compareParts, differenceOf, saidElsewhere, type Part, type Parts } from './compare-parts.ts';
import { settingChanges, settingWords } from './compare-settings-values.ts';
import { compareSecrets } from './secret-uses.ts';

const domainPart = (
  kind: 'member-domains' | 'link-domains',
  what: string,
): Part<readonly string[], Place> => ({
  isSet: true,
  compare: (before, after, place) => {
    const { added, removed } = differenceOf(before, after);
    return [
      ...added.map((domain) =>
        place.change(kind, 'easier', `${short(domain)} is newly a domain ${what}.`, 'loud'),
      ),
      ...removed.map((domain) =>
        place.change(kind, 'harder', `${short(domain)} is no longer a domain ${what}.`),
      ),
    ];
  },
});

const domainParts: Parts<DeskSettings['domains'], Place> = {
  members: domainPart('member-domains', 'whose people are members'),
  linkByEmail: domainPart('link-domains', 'where the same e-mail address proves the same person'),
};

interface IntegrationPlace extends Place {
  readonly integration: string;
}

const integrationParts: Parts<Integration, IntegrationPlace> = {
  // The settings hold it as well.
  type: saidElsewhere,
  settings: {
    compare: (before, after, place) =>
      settingChanges(before, after).map((what) =>
        place.change(
          'integration-setting',
          'other',
          `The integration ${place.integration} leads elsewhere or acts otherwise: ${what}.`,
          'loud',
        ),
      ),
  },
};

const settingsParts: Parts<DeskSettings, Place> = {
  admins: {
    isSet: true,
    compare: (before, after, place) => {
      const { added, removed } = differenceOf(before, after);
      return [
        ...groupPacks(added).map((some) =>
          place.change(
            'admins',
            'easier',
            `${theGroups(some)} can newly act as admins: stand in for steps, and end any access.`,
            'loud',
          ),
        ),
        ...(removed.length > 0
          ? [place.change('admins', 'harder', `${theGroups(removed)} can no longer act as admins.`)]
          : []),
      ];
    },
  },
  domains: { compare: (before, after, place) => compareParts(domainParts, before, after, place) },
  integrations: { compare: compareIntegrations },
  guests: { compare: compareGuests },
  errors: { compare: (before, after, place) => [errorsChange('this desk', before, after, place)] },
  slack: {
    compare: (before, after, place) => [
      place.change(
        'slack-workspace',
        'other',
        `The desk’s own Slack workspace is ${workspaceWords(after)} instead of ${workspaceWords(before)}: its users are read as the people of people.yml.`,
        'loud',
      ),
    ],
  },
  environments: { compare: compareEnvironments, isTold: true },
  // Flows are compared as compiled: what they take from these is told of each of them.
  defaults: saidElsewhere,
  targets: saidElsewhere,
  vars: saidElsewhere,
  notify: saidElsewhere,
};

/** What no flow takes from them: errors are told whatever flow they are of. */
function compareEnvironments(
  before: ReadonlyMap<string, Environment>,
  after: ReadonlyMap<string, Environment>,
  place: Place,
): readonly Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [was, is] = [before.get(name)?.errors, after.get(name)?.errors];
    return was === is ? [] : [errorsChange(`the environment ${name}`, was, is, place)];
  });
}

function errorsChange(
  of: string,
  before: Destination | undefined,
  after: Destination | undefined,
  place: Place,
): Change {
  const where = after === undefined ? 'no channel of its own' : short(destinationWords(after));
  const then = before === undefined ? '' : ` instead of ${short(destinationWords(before))}`;
  return place.change('error-channel', 'other', `Errors of ${of} are told in ${where}${then}.`);
}

function workspaceWords(slack: DeskSettings['slack']): string {
  return slack === undefined ? 'the only one that is connected' : slack.workspace;
}

const nothingShared: DeskSettings = {
  admins: [],
  domains: { members: [], linkByEmail: [] },
  defaults: { lapseAfter: 0, validFor: 0, allowRevoke: [], decisionMessage: 'optional' },
  integrations: new Map(),
  environments: new Map(),
  targets: new Map(),
  vars: new Map(),
  guests: new Map(),
};

/** `before` undefined: there were none that could be read. */
export function compareSettings(
  before: DeskSettings | undefined,
  after: DeskSettings,
  place: Place,
): readonly Change[] {
  return [
    ...compareParts(settingsParts, before ?? nothingShared, after, place),
    ...compareSecrets(before, after, place),
  ];
}

function compareIntegrations(
  before: ReadonlyMap<string, Integration>,
  after: ReadonlyMap<string, Integration>,
  place: Place,
): readonly Change[] {
  const { added, removed } = differenceOf([...before.keys()], [...after.keys()]);
  return [
    ...removed.map((name) =>
      place.change('integration-removed', 'other', `The integration ${name} is gone.`),
    ),
    ...[...after].flatMap(([name, integration]) => {
      const old = before.get(name);
      if (added.includes(name) || old === undefined)
        return settingWords(integration.settings).map((words, index) =>
          place.change(
            'integration-added',
            'other',
            `There is a new integration ${name}${index === 0 ? '' : ', further'}: ${words}.`,
          ),
        );
      return compareParts(integrationParts, old, integration, { ...place, integration: name });
    }),
  ];
}
