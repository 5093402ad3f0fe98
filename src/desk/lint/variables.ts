// What the conditions of a flow read that has few values: what may be chosen for each, and which condition needs which.
import { printGrantedFor } from '../../domain/duration.ts';
import {
  sources,
  type Condition,
  type Field,
  type FieldValue,
  type Flow,
  type GrantedFor,
} from '../../domain/flow.ts';
import type { Unknown } from '../../domain/facts.ts';
import { printValue } from '../../domain/form.ts';
import { group, type Group } from '../../domain/names.ts';
import { choose, open, type Draft } from './draft.ts';
import { membersOfAll, type Members } from './known-members.ts';

export interface Variable {
  readonly name: string;
  /** At most so many choices. */
  readonly size: number;
  /** Of a field: whether it is asked. */
  readonly condition?: Condition;
  /** `isAsked`: whether it is certain that it is; it is not certain that it is not. */
  choose(draft: Draft, isAsked: boolean): readonly Draft[];
}

export interface Variables {
  /** Each after those that it depends on. */
  readonly list: readonly Variable[];
  /** Which of them may matter to a condition. */
  readonly needs: ReadonlyMap<Condition, ReadonlySet<string>>;
}

/** Those that at least one condition needs; the least used are left out until all their choices are no more than `most`. */
export function usedVariables(flow: Flow, members: Members, most: number): Variables {
  const needs = needsOf(flow);
  const used = new Map<string, number>();
  for (const names of needs.values()) for (const name of names) used.set(name, (used.get(name) ?? 0) + 1);
  if (used.size === 0) return { list: [], needs };
  let list = variablesOf(flow, members, [...used.keys()]).filter(({ name }) => used.has(name));
  while (list.reduce((product, { size }) => product * size, 1) > most) {
    const least = list.reduce((a, b) => (weight(b) < weight(a) ? b : a));
    list = list.filter((each) => each !== least);
  }
  return { list, needs };

  /** Of those that are used as seldom, the one with the most choices goes first. */
  function weight({ name, size }: Variable): number {
    return (used.get(name) ?? 0) - size / (most + size);
  }
}

const asksExtension = 'extension';
const belongsTo = "requester.belongs_to('";

/** A field brings along what its own condition needs. */
function needsOf(flow: Flow): ReadonlyMap<Condition, ReadonlySet<string>> {
  const needs = new Map<Condition, ReadonlySet<string>>();
  const ofFields = new Map<string, ReadonlySet<string>>();
  for (const { name, condition } of flow.fields) {
    const own = condition ? withFields(readsOf(condition), ofFields) : new Set<string>();
    if (condition) needs.set(condition, own);
    ofFields.set(`fields.${name}`, own);
  }
  for (const { condition } of [...flow.approval.steps, ...flow.rules]) {
    if (condition === undefined) continue;
    const reads = readsOf(condition);
    const more = flow.extend && reads.includes('request.duration') ? [asksExtension] : [];
    needs.set(condition, withFields([...reads, ...more], ofFields));
  }
  return needs;
}

function withFields(
  reads: readonly string[],
  ofFields: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  return new Set(reads.flatMap((name) => [name, ...(ofFields.get(name) ?? [])]));
}

const reading = /\b(fields|requester|request)\s*(?:\.\s*|\[\s*['"])(\w+)(?:\s*\(\s*(['"])(.*?)\3)?/g;

/** By the look of it. What is missed here stays unknown, and what is too much is only looked at in vain. */
function readsOf({ source }: Condition): readonly string[] {
  return [...source.matchAll(reading)].flatMap(([, root = '', name = '', , asked = '']) => {
    if (root !== 'requester' || name !== 'belongs_to') return [`${root}.${name}`];
    if (asked === 'role:admin') return ['requester.role'];
    return asked.startsWith('person:') ? ['requester.id', askFor(asked)] : [askFor(asked)];
  });
}

function askFor(asked: string): string {
  return `${belongsTo}${asked}')`;
}

function variablesOf(flow: Flow, members: Members, used: readonly string[]): readonly Variable[] {
  const { access, fields, extend } = flow;
  const who = requesters(flow, members);
  const groups = used
    .filter((name) => name.startsWith(belongsTo))
    .map((name) => group(name.slice(belongsTo.length, -"')".length)))
    .filter((each) => each !== 'role:member' && !(each.startsWith('person:') && who.length > 0));
  return [
    // Before the duration: what that is depends on it.
    ...(extend ? [extensionVariable] : []),
    ...oneOf('request.target', access?.targets.map(({ name }) => name) ?? [], (target) => ({ target })),
    ...oneOf<GrantedFor>(
      'request.duration',
      access?.durations.options ?? [],
      (duration) => ({ duration }),
      printGrantedFor,
    ),
    ...fields.flatMap((field) => fieldVariable(field) ?? []),
    ...oneOf('request.source', flow.sources ?? sources, (source) => ({ source })),
    ...oneOf('requester.role', ['member', 'admin'] as const, (role) => ({ role })),
    ...who,
    ...groups.map(groupVariable),
  ];
}

/** More people than these are not told apart. */
const mostPeople = 16;

/** Whoever may ask stands in `people.yml`, and is no guest. */
function requesters(flow: Flow, members: Members): readonly Variable[] {
  const people = membersOfAll(flow.requesters, members) ?? members(group('role:member'));
  if (people === undefined || people.size > mostPeople) return [];
  return oneOf('requester.id', [...people], (requester) => ({ requester }));
}

/** None where there is nothing to choose from. */
function oneOf<T extends string | number>(
  name: string,
  values: readonly T[],
  toChoice: (value: T) => Partial<Draft>,
  print: (value: T) => string = String,
): readonly Variable[] {
  if (values.length === 0) return [];
  return [
    {
      name,
      size: values.length,
      choose: (draft) =>
        values.map((value) => choose(draft, name, `${name} is ${print(value)}`, toChoice(value))),
    },
  ];
}

function groupVariable(asked: Group): Variable {
  const name = askFor(asked);
  return {
    name,
    size: 2,
    choose: (draft) => [
      choose(draft, name, `the requester belongs to ${asked}`, withGroup(draft, true)),
      choose(draft, name, `the requester does not belong to ${asked}`, withGroup(draft, false)),
    ],
  };

  function withGroup({ groups }: Draft, belongs: boolean): Partial<Draft> {
    return { groups: new Map([...groups, [asked, belongs]]) };
  }
}

/** The total of an extension can be anything up to what the flow allows. */
const extensionVariable: Variable = {
  name: asksExtension,
  size: 2,
  choose: (draft) => [
    choose(draft, asksExtension, 'it is asked for the first time', { isExtension: false }),
    choose(draft, asksExtension, 'it is an extension', { isExtension: true, isReal: false }),
  ],
};

/** Undefined where it can be told apart by nothing: any text, any number that is always given. */
function fieldVariable(field: Field): Variable | undefined {
  const { name, type, condition } = field;
  const isNumber = type === 'int' || type === 'duration';
  const mayBeBlank = !field.required && field.default === undefined;
  const values = type.endsWith('-list') ? undefined : type === 'bool' ? [true, false] : field.options;
  if (values === undefined && !(isNumber && mayBeBlank)) return undefined;
  return {
    name: `fields.${name}`,
    size: (values?.length ?? 1) + (mayBeBlank || condition ? 1 : 0),
    ...(condition && { condition }),
    choose: (draft, isAsked) => {
      const blank = isAsked ? 'not answered' : 'not asked';
      return [
        ...(values ?? []).map((value) => take(value, printValue(field, value))),
        ...(values ? [] : [take(open, 'given')]),
        ...(mayBeBlank || !isAsked ? [take(undefined, blank)] : []),
      ];

      function take(value: FieldValue | Unknown | undefined, print: string): Draft {
        return choose(draft, `fields.${name}`, `fields.${name} is ${print}`, {
          answers: new Map([...draft.answers, [name, value]]),
          isReal: draft.isReal && isAsked,
        });
      }
    },
  };
}
