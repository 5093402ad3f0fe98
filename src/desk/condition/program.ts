// Runs a condition that was checked: step by step, counted, so that nothing that people type makes it take long.
import type { ASTNode } from '@marcbachmann/cel-js';
import { parseDuration } from '../../domain/duration.ts';
import { group } from '../../domain/names.ts';
import {
  bareMethods,
  functions,
  isClockMethod,
  onClockIn,
  onPattern,
  onTwoTexts,
  textMethods,
} from './calls.ts';
import { belongsReader, historyKinds, historyReader, readerOf, type Read, type Readable } from './facts.ts';
import { incidentRead, incidentReader } from './incident.ts';
import {
  areEqual,
  calculate,
  CannotTell,
  compare,
  inRange,
  isIn,
  isList,
  nonsense,
  type Allowance,
  type Answer,
  type Value,
} from './values.ts';
import type { LinearSearch } from '../pattern.ts';
import type { TimeZone } from './time-zones.ts';

/** What was looked up once, when the condition was read. */
export interface Prepared {
  readonly readable: Readable;
  readonly searches: ReadonlyMap<string, LinearSearch>;
  readonly zones: ReadonlyMap<string, TimeZone>;
}

const tooMuch = new CannotTell('judging it would take too long');

/**
 * As CEL has it: what cannot be told is absorbed by `false &&` and `true ||`, and otherwise it is the answer. The first
 * reason is kept. Nothing is looked up that the answer does not depend on.
 */
export function createProgram(root: ASTNode, prepared: Prepared): Read {
  const run = build(root, undefined, prepared);
  return (look) => {
    const answer = run(look);
    return look.left < 0 ? tooMuch : answer;
  };
}

/** Each part counts as a step; once none is left, every part is cut short. */
function build(node: ASTNode, item: string | undefined, prepared: Prepared): Read {
  const run = buildPart(node, item, prepared);
  return (look) => ((look.left -= 1) < 0 ? tooMuch : run(look));
}

function buildPart(node: ASTNode, item: string | undefined, prepared: Prepared): Read {
  const part = (inner: ASTNode): Read => build(inner, item, prepared);
  switch (node.op) {
    case 'value':
      return constant(node.args);
    case 'id':
      return node.args === item ? (look) => look.item : () => nonsense;
    case '.': {
      const asked = incidentRead(node);
      if (asked === undefined) return readRoot(node.args[0], node.args[1], prepared);
      const [id, integration] = asked.arguments;
      return id ? incidentReader(asked.part, part(id), textOf(integration)) : () => nonsense;
    }
    case '[]':
      return node.args[1].op === 'value' && typeof node.args[1].args === 'string'
        ? readRoot(node.args[0], node.args[1].args, prepared)
        : withTwo(part(node.args[0]), part(node.args[1]), at);
    case 'list':
      return buildList(node.args.map(part));
    case '&&':
      return shortcut(false, part(node.args[0]), part(node.args[1]));
    case '||':
      return shortcut(true, part(node.args[0]), part(node.args[1]));
    case '?:':
      return ternary(part(node.args[0]), part(node.args[1]), part(node.args[2]));
    case '!_':
      return withOne(part(node.args), (value) => (typeof value === 'boolean' ? !value : nonsense));
    case '-_':
      return withOne(part(node.args), negate);
    case '==':
      return withTwo(part(node.args[0]), part(node.args[1]), areEqual);
    case '!=':
      return withTwo(part(node.args[0]), part(node.args[1]), (a, b, look) => !areEqual(a, b, look));
    case 'in':
      return withTwo(part(node.args[0]), part(node.args[1]), isIn);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const operator = node.op;
      return withTwo(part(node.args[0]), part(node.args[1]), (a, b, look) => compare(operator, a, b, look));
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      const operator = node.op;
      return withTwo(part(node.args[0]), part(node.args[1]), (a, b, look) => calculate(operator, a, b, look));
    }
    case 'call': {
      const [argument] = node.args[1];
      const call = ownOf(functions, node.args[0]);
      if (argument === undefined || call === undefined) return () => nonsense;
      return argument.op === 'value' ? workedOut(argument.args, call) : withOne(part(argument), call);
    }
    case 'rcall':
      return buildMethod(node.args[0], node.args[1], node.args[2], item, prepared);
    default:
      return () => nonsense; // maps and optional values, which are refused where a condition is read
  }
}

/** What is written out in quotes. */
function textOf(node: ASTNode | undefined): string | undefined {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}

function constant(value: unknown): Read {
  return isPlain(value) ? () => value : () => nonsense;
}

function isPlain(value: unknown): value is string | bigint | number | boolean | null {
  return value === null || ['string', 'bigint', 'number', 'boolean'].includes(typeof value);
}

/** `duration('1h')` is the same each time. */
function workedOut(written: unknown, call: (value: Value, allowance: Allowance) => Answer): Read {
  const answer = isPlain(written) ? call(written, { left: Number.POSITIVE_INFINITY }) : nonsense;
  return () => answer;
}

function readRoot(root: ASTNode, name: string, { readable }: Prepared): Read {
  const read = root.op === 'id' ? readerOf(root.args, name, readable) : undefined;
  return read ?? (() => nonsense);
}

function buildMethod(
  name: string,
  receiver: ASTNode,
  [first, second]: readonly ASTNode[],
  item: string | undefined,
  prepared: Prepared,
): Read {
  const written = textOf(first);
  if (receiver.op === 'id' && receiver.args === 'requester') return askRequester(name, written);
  const on = build(receiver, item, prepared);
  if (first === undefined) return withOne(on, ownOf(bareMethods, name) ?? (() => nonsense));
  if (name === 'exists' || name === 'exists_one' || name === 'all')
    return first.op === 'id' && second
      ? throughList(name, on, build(second, first.args, prepared))
      : () => nonsense;
  if (name === 'matches') {
    const search = prepared.searches.get(written ?? '');
    return search ? withOne(on, onPattern(search)) : () => nonsense;
  }
  if (isClockMethod(name)) {
    const zone = prepared.zones.get(written ?? '');
    return zone ? withOne(on, onClockIn(zone, name)) : () => nonsense;
  }
  const search = ownOf(textMethods, name);
  return search ? withTwo(on, build(first, item, prepared), onTwoTexts(search)) : () => nonsense;
}

/** What is asked is written out, and was checked where the condition was read. */
function askRequester(name: string, written = ''): Read {
  if (name === 'belongs_to') return belongsReader(group(written));
  const kind = historyKinds.find((each) => each === name);
  const within = parseDuration(written);
  return kind === undefined || within === undefined ? () => nonsense : historyReader(kind, within);
}

function withOne(part: Read, use: (value: Value, allowance: Allowance) => Answer): Read {
  return (look) => {
    const value = part(look);
    return value instanceof CannotTell ? value : use(value, look);
  };
}

function withTwo(one: Read, other: Read, use: (a: Value, b: Value, allowance: Allowance) => Answer): Read {
  return (look) => {
    const a = one(look);
    if (a instanceof CannotTell) return a;
    const b = other(look);
    return b instanceof CannotTell ? b : use(a, b, look);
  };
}

/** `&&` is decided by a false, `||` by a true, on either side, whatever the other side is. */
function shortcut(decisive: boolean, one: Read, other: Read): Read {
  return (look) => {
    const a = one(look);
    if (a === decisive) return decisive;
    const b = other(look);
    if (b === decisive) return decisive;
    if (a instanceof CannotTell) return a;
    return b;
  };
}

function ternary(condition: Read, yes: Read, no: Read): Read {
  return (look) => {
    const answer = condition(look);
    if (answer instanceof CannotTell) return answer;
    return answer === true ? yes(look) : no(look);
  };
}

function buildList(parts: readonly Read[]): Read {
  return (look) => {
    const items: Value[] = [];
    for (const part of parts) {
      const item = part(look);
      if (item instanceof CannotTell) return item;
      items.push(item);
    }
    return items;
  };
}

function throughList(name: 'exists' | 'exists_one' | 'all', list: Read, test: Read): Read {
  return (look) => {
    const items = list(look);
    if (items instanceof CannotTell) return items;
    if (!isList(items)) return nonsense;
    const found = { yes: 0, no: 0 };
    let unknown: CannotTell | undefined;
    for (const item of items) {
      look.item = item;
      const answer = test(look);
      if (answer instanceof CannotTell) unknown ??= answer;
      else if (answer === true) found.yes += 1;
      else found.no += 1;
      // Whatever the others are, this decides; so does having no steps left.
      if (look.left < 0 || (name === 'exists' && found.yes > 0) || (name === 'all' && found.no > 0)) break;
    }
    if (name === 'exists') return found.yes > 0 ? true : (unknown ?? false);
    if (name === 'all') return found.no > 0 ? false : (unknown ?? true);
    return unknown ?? found.yes === 1;
  };
}

function at(list: Value, index: Value): Answer {
  if (!isList(list) || typeof index !== 'bigint') return nonsense;
  return list[Number(index)] ?? new CannotTell(`a list in it has no item ${index}`);
}

function negate(value: Value): Answer {
  if (typeof value === 'bigint') return inRange(-value);
  return typeof value === 'number' ? -value : nonsense;
}

function ownOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
