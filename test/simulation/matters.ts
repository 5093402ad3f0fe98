// The entries of a request cut into what was decided: the request itself, and each extension of its access.
import type { Entry, EntryOf, Speaker } from '../../src/domain/entries.ts';
import { isSpeaker } from '../../src/domain/evolve.ts';
import type { Step } from '../../src/domain/flow.ts';
import type { Instant, PersonId } from '../../src/domain/names.ts';
import { broken } from './broken.ts';

type Somebody = Speaker & { readonly person: PersonId };
type By<T extends Entry> = T & { readonly by: Somebody };
export type Given = By<EntryOf<'approval-given'>> | By<EntryOf<'overridden'>>;

export interface Matter {
  readonly path: string;
  /** The flow. */
  readonly name: string;
  /** The account that asked for the access. */
  readonly requester: string;
  /** When the request was recorded: what a rule counts came before it. */
  readonly requestedAt: Instant;
  readonly requestedBy: Somebody;
  readonly opening: EntryOf<'requested' | 'extension-asked'> & { readonly by: Somebody };
  /** When it was asked, as its surface signed it. */
  readonly said: Instant;
  readonly steps: readonly Step[];
  /** Of a request alone. */
  readonly deadline?: Instant;
  /** All after the opening, up to the closing. */
  readonly entries: readonly Entry[];
  readonly given: readonly Given[];
  /** Absent where nothing came of it. */
  readonly closing?: Entry;
}

const closings: ReadonlySet<string> = new Set([
  'approved',
  'denied',
  'cancelled',
  'lapsed',
  'extended',
  'extension-denied',
  'deescalation-started',
]);

export function mattersOf(path: string, entries: readonly Entry[]): readonly Matter[] {
  const [first] = entries;
  if (first?.type !== 'requested' || !isSomebody(first.by))
    return broken(7, `${path} begins with nobody’s wish.`);
  const matters: Matter[] = [];
  for (const [index, opening] of entries.entries()) {
    if (opening.type !== 'requested' && opening.type !== 'extension-asked') continue;
    const { by } = opening;
    if (!isSomebody(by)) return broken(5, `Nobody asked for more of ${path}.`);
    const after = entries.slice(index + 1);
    const end = after.findIndex(({ type }) => closings.has(type));
    const closing = after[end];
    const within = end < 0 ? after : after.slice(0, end);
    matters.push({
      path,
      name: first.flow.name,
      requester: first.by.via.name,
      requestedAt: first.at,
      requestedBy: first.by,
      opening: { ...opening, by },
      said: by.at ?? opening.at,
      steps: opening.type === 'requested' ? opening.data.policy.steps : opening.data.steps,
      ...(opening.type === 'requested' && { deadline: opening.data.lapseAt }),
      entries: within,
      given: within.flatMap((entry) => {
        const { type, by } = entry;
        if (type !== 'approval-given' && type !== 'overridden') return [];
        if (!isSomebody(by)) return broken(5, `Nobody approved ${path}.`);
        return [entry.type === 'overridden' ? { ...entry, by } : { ...entry, by }];
      }),
      ...(closing && { closing }),
    });
  }
  const decided = matters.reduce((sum, { given }) => sum + given.length, 0);
  const all = entries.filter(({ type }) => type === 'approval-given' || type === 'overridden').length;
  if (decided !== all) broken(5, `${path} was approved when nothing was to be decided.`);
  return matters;
}

function isSomebody(by: Entry['by']): by is Somebody {
  return isSpeaker(by) && by.person !== null;
}
