// A request of which some is known already: what was chosen so far, and the scope that conditions see of it.
import type { Unknown } from '../../domain/facts.ts';
import type { FieldValue, Flow, GrantedFor, Role, Scope, Source } from '../../domain/flow.ts';
import { personId, type Group, type PersonId } from '../../domain/names.ts';

export interface Draft {
  /** The last choice, and through it all before. */
  readonly last: Choice | undefined;
  /** By field; undefined is no answer. */
  readonly answers: ReadonlyMap<string, FieldValue | Unknown | undefined>;
  readonly target: string | Unknown;
  readonly duration: GrantedFor | Unknown;
  /** Where it is asked again for more, conditions of steps and rules see the total. Undefined where it is not chosen yet. */
  readonly isExtension: boolean | undefined;
  readonly source: Source | Unknown;
  readonly role: Role | Unknown;
  readonly requester: PersonId | Unknown;
  readonly groups: ReadonlyMap<Group, boolean>;
  /** Whether there can be such a request, for all that was chosen. */
  readonly isReal: boolean;
}

interface Choice {
  readonly name: string;
  /** `fields.urgency is Normal`. */
  readonly says: string;
  readonly before: Choice | undefined;
}

/** What can be anything. */
export const open: Unknown = { unknown: 'it is not known here' };

export function emptyDraft({ extend }: Flow): Draft {
  return { ...nothingChosen, isExtension: extend ? undefined : false };
}

const nothingChosen: Draft = {
  last: undefined,
  answers: new Map(),
  target: open,
  duration: open,
  isExtension: undefined,
  source: open,
  role: open,
  requester: open,
  groups: new Map(),
  isReal: true,
};

export function choose(draft: Draft, name: string, says: string, choice: Partial<Draft>): Draft {
  return { ...draft, ...choice, last: { name, says, before: draft.last } };
}

export function isChosen({ last }: Draft, name: string): boolean {
  for (let choice = last; choice; choice = choice.before) if (choice.name === name) return true;
  return false;
}

/** All that was chosen, in its order. */
export function wordsOf({ last }: Draft): readonly string[] {
  const words: string[] = [];
  for (let choice = last; choice; choice = choice.before) words.unshift(choice.says);
  return words;
}

/** As steps and rules see it. */
export function scopeOf(draft: Draft, fields: Scope['fields']): Scope {
  const { target, duration, isExtension, source, requester, role } = draft;
  return {
    fields,
    target,
    duration: isExtension === false ? duration : open,
    circumstances: {
      source,
      at: open,
      requester,
      role: () => role,
      belongs: (group) => belongs(draft, group),
      history: () => open,
      incident: () => open,
    },
  };
}

/** Every requester is a member: guests never ask. */
function belongs({ role, requester, groups }: Draft, group: Group): boolean | Unknown {
  if (group === 'role:member') return true;
  if (group === 'role:admin') return typeof role === 'string' ? role === 'admin' : role;
  if (group.startsWith('person:') && typeof requester === 'string')
    return requester === personId(group.slice('person:'.length));
  return groups.get(group) ?? open;
}

/** Not where whoever asks is in none of the groups that may. */
export function mayCome({ requesters, access }: Flow, draft: Draft): boolean {
  const target = access?.targets.find(({ name }) => name === draft.target);
  return [requesters, target?.requesters ?? requesters].every((groups) =>
    groups.some((group) => belongs(draft, group) !== false),
  );
}

/** Nothing that was chosen says something of who asks, or it says that it is this person. */
export function isOpenTo({ requester, role, groups }: Draft, person: PersonId): boolean {
  if (typeof requester === 'string' && requester !== person) return false;
  return typeof role !== 'string' && groups.size === 0;
}
