// Conditions: CEL, checked against the flow's own fields when it is read, and bounded in time when it is judged.
import { Environment, evaluate, type ASTNode, type ParseResult } from '@marcbachmann/cel-js';
import type { Condition, FieldType, FieldValue, GrantedFor, Scope } from '../domain/flow.ts';
import { unboundedPart } from './condition-bounds.ts';
import { childrenOf, maxConditionLength, maxNodes } from './condition-tree.ts';
import { blameCel, blameType } from './condition-words.ts';
import type { Place, Report } from './diagnostic.ts';
import { compileSearch } from './pattern.ts';

/** What a condition of this flow may read. */
export interface Readable {
  readonly fields: readonly { readonly name: string; readonly type: FieldType }[];
  /** Whether there is `request.target` and `request.duration`. */
  readonly access: boolean;
}

export interface CompiledCondition {
  readonly condition: Condition;
  /** The fields that it reads, each with its place in the source. */
  readonly reads: readonly { readonly field: string; readonly offset: number }[];
}

/** Undefined where the report says why. */
export type CompileCondition = (
  source: string,
  place: Place,
  report: Report,
) => CompiledCondition | undefined;

type Search = (text: string) => boolean;

/**
 * `fields.NAME` of a field without an answer reads as its type's empty value: `''`, `false` or `[]`. Numbers and
 * durations have none: a condition that needs one cannot be judged.
 */
export function createConditions(readable: Readable): CompileCondition {
  const searches = new Map<string, Search>();
  const environment = createEnvironment(readable, searches);
  return (source, place, report) => {
    if (source.length > maxConditionLength) {
      report.add(place, 'condition-too-big', `${maxConditionLength} characters`);
      return undefined;
    }
    const first = parse(environment, source, place, report);
    if (first === undefined) return undefined;
    const reads = unboundedPart(first.ast, source, place, report);
    if (reads === undefined || !prepareSearches(first.ast, searches, place, report)) return undefined;
    const program = parse(environment, withLinearSearch(first.ast, source), place, report);
    if (program === undefined || !isSound(program, readable, place, report)) return undefined;
    return { reads, condition: { source, judge: (scope) => judge(program, readable, scope) } };
  };
}

/** CEL's `matches` backtracks. Ours has a name as long, so that every column stays where it is. */
const linearSearch = 'reMatch';
const backtracking = 'matches';

function createEnvironment({ fields, access }: Readable, searches: ReadonlyMap<string, Search>): Environment {
  return new Environment({
    limits: {
      maxAstNodes: maxNodes,
      maxDepth: 30,
      maxListElements: 100,
      maxMapEntries: 20,
      maxCallArguments: 4,
    },
  })
    .registerFunction(`string.${linearSearch}(string): bool`, (text: string, pattern: string) => {
      const search = searches.get(pattern);
      if (search === undefined) throw new Error('A pattern that was not compiled.');
      return search(text);
    })
    .registerVariable('fields', {
      schema: Object.fromEntries(fields.map(({ name, type }) => [name, celType(type)])),
    })
    .registerVariable('request', {
      schema: access ? { target: 'string', duration: 'google.protobuf.Duration' } : {},
    });
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

function parse(
  environment: Environment,
  source: string,
  place: Place,
  report: Report,
): ParseResult | undefined {
  try {
    return environment.parse(source);
  } catch (error) {
    blameCel(error, place, report);
    return undefined;
  }
}

/** Patterns are written out, so that a bad one is told here and none comes from what people type. */
function prepareSearches(
  root: ASTNode,
  searches: Map<string, Search>,
  place: Place,
  report: Report,
): boolean {
  return callsOfMatches(root).every(({ pattern }) => {
    const there = { ...place, offset: (place.offset ?? 0) + pattern.start };
    if (pattern.op !== 'value' || typeof pattern.args !== 'string') {
      report.add(there, 'condition-type', 'the pattern of matches() must be written out, in quotes');
      return false;
    }
    const search = compileSearch(pattern.args, there, report);
    if (search) searches.set(pattern.args, search);
    return search !== undefined;
  });
}

/** Replaces the name in the text, from the end so that places before it hold. */
function withLinearSearch(root: ASTNode, source: string): string {
  let text = source;
  for (const { receiver, pattern } of callsOfMatches(root).toSorted(
    (a, b) => b.pattern.start - a.pattern.start,
  )) {
    const at = text.lastIndexOf(backtracking, pattern.start);
    if (at >= receiver.end) text = text.slice(0, at) + linearSearch + text.slice(at + linearSearch.length);
  }
  return text;
}

function callsOfMatches(node: ASTNode): readonly { readonly receiver: ASTNode; readonly pattern: ASTNode }[] {
  const inner = childrenOf(node).flatMap(callsOfMatches);
  if (node.op !== 'rcall' || node.args[0] !== backtracking) return inner;
  const [, receiver, [pattern]] = node.args;
  return pattern ? [...inner, { receiver, pattern }] : inner;
}

function isSound(program: ParseResult, readable: Readable, place: Place, report: Report): boolean {
  if (callsOfMatches(program.ast).length > 0) {
    report.add(place, 'condition-syntax', 'write matches() without comments around it');
    return false;
  }
  const { valid, type, error } = program.check();
  if (!valid) {
    blameType(error, readable, place, report);
    return false;
  }
  if (type === 'bool') return true;
  report.add(place, 'condition-not-yes-or-no', String(type));
  return false;
}

function judge(program: ParseResult, readable: Readable, scope: Scope): boolean | 'cannot-judge' {
  try {
    const answer: unknown = program(contextOf(readable, scope));
    return typeof answer === 'boolean' ? answer : 'cannot-judge';
  } catch {
    return 'cannot-judge';
  }
}

function contextOf({ fields, access }: Readable, scope: Scope): Record<string, unknown> {
  const read = fields.flatMap(({ name, type }) => {
    const value = toCel(type, Object.hasOwn(scope.fields, name) ? scope.fields[name] : undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
  const { target, duration } = scope;
  return {
    fields: Object.fromEntries(read),
    request: access
      ? {
          ...(target !== undefined && { target }),
          ...(duration !== undefined && { duration: celDuration(duration) }),
        }
      : {},
  };
}

function toCel(type: FieldType, value: FieldValue | undefined): unknown {
  if (type === 'duration') return typeof value === 'number' ? celDuration(value) : undefined;
  if (type === 'int') return typeof value === 'number' ? BigInt(value) : undefined;
  if (type === 'bool') return value ?? false;
  if (type === 'string' || type === 'person') return value ?? '';
  if (!Array.isArray(value)) return [];
  return type === 'int-list' ? value.map((item: number | string) => BigInt(item)) : value;
}

/** Without an end is longer than anything: the longest duration that CEL has. */
function celDuration(duration: GrantedFor): unknown {
  return evaluate(duration === 'until-revoked' ? "duration('315576000000s')" : `duration('${duration}ms')`);
}
