// What a change to a desk's files does to people: who may newly ask, decide or act as whom, and what got easier.
import { compareCodeFiles } from './compare-code.ts';
import type { Group, PersonId } from '../../domain/names.ts';
import { isBroken, type Desk } from '../desk.ts';
import { authorChanges, type FlowChanges } from './author-widening.ts';
import {
  filePlace,
  flowPlace,
  inOrderOfWeight,
  peopleFile,
  settingsFile,
  type Change,
  type Place,
} from './change.ts';
import { visible } from './change-words.ts';
import { compareFlow, describeNewFlow } from './compare-flows.ts';
import { compareParts, saidElsewhere, type Parts } from './compare-parts.ts';
import { comparePeople } from './compare-people.ts';
import { compareSettings } from './compare-settings.ts';
import { pairFlows, type FlowPair, type StandingGrant } from './pair-flows.ts';
import { waysToTheSame } from './same-grants.ts';

export interface DesksToCompare {
  /** Undefined where there was none. */
  readonly before: Desk | undefined;
  readonly after: Desk;
  /** Whose account opened the pull request: by the people before it, or else by those after it. */
  readonly author?: PersonId;
  /** Whether somebody is in a group outside of the desk's files, a team say; undefined where that is not known. */
  readonly belongs?: (person: PersonId, group: Group) => boolean | undefined;
  /** What flows grant that stay as they are, and are in neither desk. */
  readonly elsewhere?: readonly StandingGrant[];
}

/** In the order in which they are to be read. Empty where nothing changes for anybody. */
export function compareDesks({
  before,
  after,
  author,
  belongs,
  elsewhere = [],
}: DesksToCompare): readonly Change[] {
  const pairs = pairFlows(before, after);
  const flows = pairs.map((pair): FlowChanges => ({ ...pair, changes: comparePair(pair) }));
  const desk = [
    ...compareParts(deskParts, before ?? noDesk, after, filePlace('flows')),
    ...compareCodeFiles(before ?? noDesk, after, filePlace('flows')),
  ];
  const same = waysToTheSame(pairs, { before, after, elsewhere });
  const own = author
    ? authorChanges({ before: before ?? noDesk, after, author, flows, desk, belongs: belongs ?? unknown })
    : [];
  return inOrderOfWeight([...own, ...desk, ...same, ...flows.flatMap(({ changes }) => changes)]);
}

const unknown = (): undefined => undefined;

const noDesk: Desk = { commit: '', flows: new Map(), diagnostics: [] };

const deskParts: Parts<Desk, Place> = {
  commit: saidElsewhere,
  // Which flows it grants for has to be known.
  code: saidElsewhere,
  // They are annotations of their own.
  diagnostics: saidElsewhere,
  // Those that bear the name of another have to be found first.
  flows: saidElsewhere,
  settings: {
    isTold: true,
    compare: (before, after) =>
      after ? compareSettings(before, after, filePlace(settingsFile)) : broken(settingsFile),
  },
  people: {
    compare: (before, after) =>
      after ? comparePeople(before, after, filePlace(peopleFile)) : broken(peopleFile),
  },
  closed: {
    compare: (_, after) =>
      after === undefined
        ? [
            filePlace(settingsFile).change(
              'desk-opened',
              'easier',
              'This desk takes requests again: all that its flows say applies from then on.',
              'loud',
            ),
          ]
        : [filePlace(settingsFile).change('desk-closed', 'harder', visible(after), 'loud')],
  },
};

function broken(file: string): readonly Change[] {
  const sentence = `${file} would be missing or broken: what it says of people cannot be compared, and nobody could ask or decide.`;
  return [filePlace(file).change('desk-closed', 'harder', sentence, 'loud')];
}

function comparePair({ name, before, after, renamedFrom }: FlowPair): readonly Change[] {
  const place = flowPlace(name);
  if (after === undefined) return [place.change('flow-removed', 'harder', removedWords(name))];
  if (isBroken(after)) return before && !isBroken(before) ? [brokenFlow(name, place)] : [];
  if (before === undefined) return describeNewFlow(after, place, 'flow-added');
  if (isBroken(before)) return describeNewFlow(after, place, 'flow-mended');
  const compared = compareFlow(before, after, place);
  return renamedFrom === undefined ? compared : [renamed(renamedFrom, name, place), ...compared];
}

function removedWords(name: string): string {
  return `Nobody can ask for ${name} any more: the flow is gone. Its open requests cannot be approved, and its access cannot be extended.`;
}

function brokenFlow(name: string, place: Place): Change {
  return place.change(
    'flow-broken',
    'harder',
    `Nobody can ask for ${name} until its file is mended. Its open requests cannot be approved.`,
    'loud',
  );
}

function renamed(from: string, to: string, place: Place): Change {
  return place.change(
    'flow-renamed',
    'other',
    `${from} is called ${to} from now on. Open requests for ${from} cannot be approved, its access cannot be extended, and what people asked for before no longer counts in conditions.`,
    'loud',
  );
}
