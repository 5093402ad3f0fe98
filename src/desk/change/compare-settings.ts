// What all flows share, before and after a change: admins, trusted domains, integrations and their secrets.
import type { DeskSettings, Integration } from '../desk.ts';
import type { Change, Place } from './change.ts';
import { groupPacks, short, theGroups } from './change-words.ts';
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
  // Flows are compared as compiled: what they take from these is told of each of them.
  defaults: saidElsewhere,
  environments: saidElsewhere,
  targets: saidElsewhere,
  vars: saidElsewhere,
};

const nothingShared: DeskSettings = {
  admins: [],
  domains: { members: [], linkByEmail: [] },
  defaults: { lapseAfter: 0, validFor: 0, allowRevoke: [], decisionMessage: 'optional' },
  integrations: new Map(),
  environments: new Map(),
  targets: new Map(),
  vars: new Map(),
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
