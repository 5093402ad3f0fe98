// The values of conditions, and what may be done with them. What cannot be worked out is a value too, with its reason.
import type { Unknown } from '../../domain/facts.ts';
import type { Milliseconds } from '../../domain/names.ts';

/** A whole number is a bigint, any other a number; durations and times have types of their own, as in CEL. */
export type Value = string | bigint | number | boolean | null | Span | Moment | readonly Value[];

export type Answer = Value | CannotTell;

export class CannotTell implements Unknown {
  readonly unknown: string;
  constructor(why: string) {
    this.unknown = why;
  }
}

export class Span {
  readonly ms: Milliseconds;
  constructor(ms: Milliseconds) {
    this.ms = ms;
  }
}

export class Moment {
  /** Since 1970. */
  readonly ms: Milliseconds;
  constructor(ms: Milliseconds) {
    this.ms = ms;
  }
}

/** The longest duration that CEL has: access without an end is longer than anything. */
export const longestSpan = new Span(315_576_000_000_000);

export const nonsense = new CannotTell('a part of it makes no sense');
const tooLarge = new CannotTell('a number in it grows too large');
const divisionByZero = new CannotTell('it divides by zero');
const tooLong = new CannotTell('a text or list in it grows too long');

/** What is left of the work that one look at a condition may be. */
export interface Allowance {
  left: number;
}

const longestText = 100_000;
const longestList = 1_000;
/** So many characters are compared or copied in the time of one step. */
const charactersAStep = 64;

export function spendOn(text: string | readonly unknown[], allowance: Allowance): void {
  allowance.left -= typeof text === 'string' ? text.length / charactersAStep : text.length;
}

export function areEqual(a: Value, b: Value, allowance: Allowance): boolean {
  allowance.left -= 1;
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length !== b.length) return false;
    spendOn(a, allowance);
    return a === b;
  }
  if (a instanceof Span) return b instanceof Span && a.ms === b.ms;
  if (a instanceof Moment) return b instanceof Moment && a.ms === b.ms;
  if (isList(a))
    return (
      isList(b) && a.length === b.length && a.every((item, index) => isEqualAt(b, index, item, allowance))
    );
  return isNumber(a) && isNumber(b) ? order(a, b) === 0 : a === b;
}

function isEqualAt(list: readonly Value[], index: number, item: Value, allowance: Allowance): boolean {
  const other = list[index];
  return other !== undefined && allowance.left >= 0 && areEqual(item, other, allowance);
}

export function isIn(item: Value, list: Value, allowance: Allowance): Answer {
  if (!isList(list)) return nonsense;
  return list.some((other) => allowance.left >= 0 && areEqual(item, other, allowance));
}

export type Comparison = '<' | '<=' | '>' | '>=';

export function compare(operator: Comparison, a: Value, b: Value, allowance: Allowance): Answer {
  const [left, right] = [comparable(a), comparable(b)];
  if (left === undefined || right === undefined) return nonsense;
  if (typeof left === 'string') spendOn(left, allowance);
  const sign = order(left, right);
  if (Number.isNaN(sign)) return false;
  switch (operator) {
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    case '>=':
      return sign >= 0;
    default:
      return operator satisfies never;
  }
}

type Comparable = string | bigint | number | boolean;

function comparable(value: Value): Comparable | undefined {
  if (value instanceof Span || value instanceof Moment) return value.ms;
  return typeof value === 'object' ? undefined : value;
}

function order(a: Comparable, b: Comparable): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return a >= b ? 0 : Number.NaN;
}

export type Arithmetic = '+' | '-' | '*' | '/' | '%';

export function calculate(operator: Arithmetic, a: Value, b: Value, allowance: Allowance): Answer {
  if (typeof a === 'bigint' && typeof b === 'bigint') return ofIntegers(operator, a, b);
  if (typeof a === 'number' && typeof b === 'number') return ofNumbers(operator, a, b);
  if (operator === '+') return add(a, b, allowance);
  return operator === '-' ? subtract(a, b) : nonsense;
}

function ofIntegers(operator: Arithmetic, a: bigint, b: bigint): Answer {
  switch (operator) {
    case '+':
      return inRange(a + b);
    case '-':
      return inRange(a - b);
    case '*':
      return inRange(a * b);
    case '/':
      return b === 0n ? divisionByZero : inRange(a / b);
    case '%':
      return b === 0n ? divisionByZero : a % b;
    default:
      return operator satisfies never;
  }
}

/** CEL's integers have 64 bits. */
export function inRange(number: bigint): Answer {
  return BigInt.asIntN(64, number) === number ? number : tooLarge;
}

function ofNumbers(operator: Arithmetic, a: number, b: number): Answer {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return nonsense;
    default:
      return operator satisfies never;
  }
}

function add(a: Value, b: Value, allowance: Allowance): Answer {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length + b.length > longestText) return tooLong;
    spendOn(a, allowance);
    spendOn(b, allowance);
    return a + b;
  }
  if (isList(a) && isList(b)) {
    if (a.length + b.length > longestList) return tooLong;
    spendOn(a, allowance);
    spendOn(b, allowance);
    return [...a, ...b];
  }
  if (a instanceof Span) return b instanceof Moment ? moment(a.ms + b.ms) : span(a.ms, b, 1);
  return a instanceof Moment && b instanceof Span ? moment(a.ms + b.ms) : nonsense;
}

function subtract(a: Value, b: Value): Answer {
  if (a instanceof Span) return span(a.ms, b, -1);
  if (!(a instanceof Moment)) return nonsense;
  if (b instanceof Span) return moment(a.ms - b.ms);
  return b instanceof Moment ? new Span(a.ms - b.ms) : nonsense;
}

function span(ms: Milliseconds, other: Value, sign: 1 | -1): Answer {
  if (!(other instanceof Span)) return nonsense;
  const sum = ms + sign * other.ms;
  return Math.abs(sum) > longestSpan.ms ? tooLarge : new Span(sum);
}

/** In the years that CEL knows: 1 to 9999. */
export function moment(ms: Milliseconds): Answer {
  return ms >= -62_135_596_800_000 && ms <= 253_402_300_799_999 ? new Moment(ms) : tooLarge;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}
