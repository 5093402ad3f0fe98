// What runs once a request is approved, before and after a change: an approval that does more than it did is no small thing.
import type { ActionOffer, Flow } from '../../domain/flow.ts';
import type { Change, Place } from './change.ts';
import { compareNamed, compareParts, saidElsewhere, type Parts } from './compare-parts.ts';
import { settingChanges, settingWords } from './compare-settings-values.ts';
import { contrast } from './contrast.ts';

interface ActionPlace extends Place {
  readonly action: string;
}

const tellOther =
  (what: (before: string, after: string) => string) =>
  (before: string | undefined, after: string | undefined, place: ActionPlace): readonly Change[] => {
    const { was, is } = contrast(before ?? 'nothing', after ?? 'nothing');
    return [changed(`${place.action} of ${place.of} ${what(was, is)}.`, place)];
  };

const actionParts: Parts<ActionOffer, ActionPlace> = {
  name: saidElsewhere,
  run: { compare: tellOther((was, is) => `runs as ${is} instead of ${was}`) },
  integration: { compare: tellOther((was, is) => `is run through ${is} instead of ${was}`) },
  address: { compare: tellOther((was, is) => `is run at ${is} instead of ${was}`) },
  with: {
    compare: (before, after, place) =>
      settingChanges(before, after).map((what) =>
        changed(`${place.action} of ${place.of} is called with something else: ${what}.`, place),
      ),
  },
  encoded: saidElsewhere, // how a kind of action reads its paths, which no file says
};

function changed(sentence: string, place: Place): Change {
  return place.change('action-changed', 'other', sentence, 'loud');
}

export function compareActions(
  before: Flow['actions'],
  after: Flow['actions'],
  place: Place,
): readonly Change[] {
  return compareNamed(before ?? [], after ?? [], {
    added: (action) => describe(action, place),
    removed: ({ name }) => [
      place.change('action-removed', 'other', `${name} no longer runs once ${place.of} is approved.`),
    ],
    kept: (was, is) => compareParts(actionParts, was, is, { ...place, action: is.name }),
    reordered: () => [
      place.change('order', 'other', `What runs once ${place.of} is approved runs in another order.`),
    ],
  });
}

function describe(
  { name, run, integration, address, with: given }: ActionOffer,
  place: Place,
): readonly Change[] {
  const where = address === undefined ? '' : `, at ${address}`;
  const through = integration === undefined ? '' : ` through ${integration}${where}`;
  const [what, ...more] = settingWords(given);
  const tell = (sentence: string): Change => place.change('action-added', 'easier', sentence, 'loud');
  return [
    tell(`Once ${place.of} is approved, ${name} newly runs, by ${run}${through}: ${what}.`),
    ...more.map((further) => tell(`${name} of ${place.of} is called with further ${further}.`)),
  ];
}
