// What a condition may read: the answers to the flow's questions, what is asked for, and who asks, where and when.
import type { Environment } from '@marcbachmann/cel-js';
import { isUnknown, type Unknown } from '../../domain/facts.ts';
import type { Circumstances, FieldType, FieldValue, GrantedFor, History, Scope } from '../../domain/flow.ts';
import type { Group, Milliseconds } from '../../domain/names.ts';
import { declareIncidents } from './incident.ts';
import { CannotTell, longestSpan, Moment, Span, type Allowance, type Answer } from './values.ts';
import type { KnownPeople } from '../group-grammar.ts';
import type { DeclaredIntegrations } from '../group-integration.ts';

/** What there is to read in a flow. */
export interface Readable {
  readonly fields: readonly { readonly name: string; readonly type: FieldType }[];
  /** Whether there is `request.target` and `request.duration`. */
  readonly access: boolean;
  readonly people: KnownPeople;
  readonly integrations: DeclaredIntegrations | undefined;
  /** How many conditions the flow has: they share what judging all of them may take. */
  readonly conditions: number;
}

/** Whose condition it is. A form is checked before anybody looks at who sends it. */
export type Purpose = 'field' | 'decision';

/** One look at a condition. */
export interface Look extends Allowance {
  readonly scope: Scope;
  /** What `exists` and the like have come to. */
  item: Answer;
}

export type Read = (look: Look) => Answer;

export const historyKinds = ['requests', 'granted', 'denied'] as const;
export type HistoryKind = (typeof historyKinds)[number];

/** For the type check alone: what is read is read by `readerOf` and `askerOf`. */
export function declareFacts(environment: Environment, { fields, access }: Readable): Environment {
  const never = (): never => {
    throw new Error('Conditions are judged by program.ts.');
  };
  const asker = declareIncidents(environment, never)
    .registerVariable('fields', {
      schema: Object.fromEntries(fields.map(({ name, type }) => [name, celType(type)])),
    })
    .registerVariable('request', {
      schema: {
        ...(access && { target: 'string', duration: 'google.protobuf.Duration' }),
        source: 'string',
        time: 'google.protobuf.Timestamp',
      },
    })
    .registerType('Requester', { fields: { id: 'string', role: 'string' } })
    .registerVariable('requester', 'Requester')
    .registerFunction('Requester.belongs_to(string): bool', never);
  return historyKinds.reduce(
    (so, kind) => so.registerFunction(`Requester.${kind}(string): int`, never),
    asker,
  );
}

function celType(type: FieldType): string {
  switch (type) {
    case 'string':
    case 'person':
      return 'string';
    case 'int':
      return 'int';
    case 'bool':
      return 'bool';
    case 'duration':
      return 'google.protobuf.Duration';
    case 'string-list':
    case 'person-list':
      return 'list<string>';
    case 'int-list':
      return 'list<int>';
    default:
      return type satisfies never;
  }
}

/** Everything that can be read, by its whole name, for those who mistyped one. */
export function readables({ fields, access }: Readable, purpose: Purpose): readonly string[] {
  return [
    ...fields.map(({ name }) => `fields.${name}`),
    ...(access ? ['request.target', 'request.duration'] : []),
    ...(purpose === 'decision' ? circumstancesRead : []),
  ];
}

const circumstancesRead = ['request.source', 'request.time', 'requester.id', 'requester.role'] as const;

/** Whether it is about who asks, where and when. */
export function isCircumstance(root: string, name: string): boolean {
  return root === 'requester' || circumstancesRead.some((read) => read === `${root}.${name}`);
}

/** Undefined where there is nothing of that name, which the type check has told. */
export function readerOf(root: string, name: string, { fields, access }: Readable): Read | undefined {
  switch (`${root}.${name}`) {
    case 'request.target':
      return access ? ({ scope }) => known(scope.target ?? noTarget, (target) => target) : undefined;
    case 'request.duration':
      return access ? ({ scope }) => known(scope.duration ?? noDuration, spanOf) : undefined;
    case 'request.source':
      return withCircumstances(({ source }) => known(source, (surface) => surface));
    case 'request.time':
      return withCircumstances(({ at }) => known(at, (moment) => new Moment(Date.parse(moment))));
    case 'requester.id':
      return withCircumstances(({ requester }) => known(requester, (person) => person));
    case 'requester.role':
      return withCircumstances((circumstances) => known(circumstances.role(), (role) => role));
    default: {
      const field = root === 'fields' ? fields.find((each) => each.name === name) : undefined;
      return field && fieldReader(field.name, field.type);
    }
  }
}

export function belongsReader(asked: Group): Read {
  return withCircumstances((circumstances) => known(circumstances.belongs(asked), (belongs) => belongs));
}

export function historyReader(kind: HistoryKind, within: Milliseconds): Read {
  return withCircumstances((circumstances) =>
    known(circumstances.history(within), (history: History) => BigInt(history[kind])),
  );
}

const noTarget = new CannotTell('request.target was not chosen');
const noDuration = new CannotTell('request.duration was not chosen');
const noCircumstances = new CannotTell('it is not known who asks');

/** What a look-up costs beside the waiting, in steps. */
const lookUpSteps = 50;

export function withCircumstances(read: (circumstances: Circumstances) => Answer): Read {
  return (look) => {
    look.left -= lookUpSteps;
    return look.scope.circumstances ? read(look.scope.circumstances) : noCircumstances;
  };
}

export function known<T>(answer: T | Unknown, toAnswer: (answer: T) => Answer): Answer {
  if (!isUnknown(answer)) return toAnswer(answer);
  return answer instanceof CannotTell ? answer : new CannotTell(answer.unknown);
}

function spanOf(duration: GrantedFor): Answer {
  return duration === 'until-revoked' ? longestSpan : new Span(duration);
}

/** A field without an answer reads as its type's empty value. Numbers and durations have none. */
function fieldReader(name: string, type: FieldType): Read {
  const read = convert(type, new CannotTell(noAnswerTo(name)));
  return (look) =>
    known(Object.hasOwn(look.scope.fields, name) ? look.scope.fields[name] : undefined, (value) =>
      read(value, look),
    );
}

/** Why a condition cannot be judged that needs a number or duration which nobody gave. */
export function noAnswerTo(field: string): string {
  return `fields.${field} has no answer`;
}

function convert(
  type: FieldType,
  noAnswer: CannotTell,
): (value: FieldValue | undefined, allowance: Allowance) => Answer {
  switch (type) {
    case 'string':
    case 'person':
      return (value = '') => (typeof value === 'string' ? value : noAnswer);
    case 'bool':
      return (value = false) => (typeof value === 'boolean' ? value : noAnswer);
    case 'int':
      return (value) => (typeof value === 'number' ? BigInt(value) : noAnswer);
    case 'duration':
      return (value) => (typeof value === 'number' ? new Span(value) : noAnswer);
    case 'string-list':
    case 'person-list':
    case 'int-list':
      return (value = [], allowance) => {
        if (typeof value !== 'object') return noAnswer;
        allowance.left -= value.length;
        return value.map((item: string | number) => (typeof item === 'number' ? BigInt(item) : item));
      };
    default:
      return type satisfies never;
  }
}
