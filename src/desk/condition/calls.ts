// The functions and methods of conditions, apart from those that go through a list.
import {
  CannotTell,
  inRange,
  isList,
  moment,
  Moment,
  nonsense,
  Span,
  spendOn,
  type Allowance,
  type Answer,
  type Value,
} from './values.ts';
import type { LinearSearch } from '../pattern.ts';
import { inUtc, type TimeZone, type WallClock } from './time-zones.ts';

type Call = (value: Value, allowance: Allowance) => Answer;

const noNumber = new CannotTell('a text in it is no number');
const noDuration = new CannotTell('a text in it is no duration');
const noTime = new CannotTell('a text in it is no time, such as 2026-12-24T18:00:00Z');

/** Of one value each. */
export const functions: Readonly<Record<string, Call>> = {
  size: sizeOf,
  duration: (value) => (typeof value === 'string' ? toSpan(value) : nonsense),
  timestamp: (value) => {
    if (typeof value === 'bigint') return moment(Number(value) * 1000);
    return typeof value === 'string' ? toMoment(value) : nonsense;
  },
  int: toInteger,
  double: toNumber,
  string: (value) => {
    if (typeof value === 'string') return value;
    return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : nonsense;
  },
};

/** On a value, without an argument. */
export const bareMethods: Readonly<Record<string, Call>> = {
  size: sizeOf,
  lowerAscii: onText((text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())),
  upperAscii: onText((text) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())),
  trim: onText((text) => text.trim()),
  ...Object.fromEntries(
    (['getHours', 'getMinutes', 'getSeconds'] as const).map((name) => [
      name,
      (value: Value): Answer => (value instanceof Span ? ofSpan(name, value) : onClock(name, value, inUtc)),
    ]),
  ),
  ...Object.fromEntries(
    (['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek'] as const).map((name) => [
      name,
      (value: Value): Answer => onClock(name, value, inUtc),
    ]),
  ),
};

/** What a time is asked for, somewhere or in UTC. */
export const clockMethods = [
  'getFullYear',
  'getMonth',
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getHours',
  'getMinutes',
  'getSeconds',
] as const;
type ClockMethod = (typeof clockMethods)[number];

/** What a look at the clock on a wall costs, in steps. */
const zonedSteps = 200;

export function isClockMethod(name: string): name is ClockMethod {
  return clockMethods.some((method) => method === name);
}

export function onClockIn(zone: TimeZone, name: ClockMethod): Call {
  return (value, allowance) => {
    allowance.left -= zonedSteps;
    return onClock(name, value, zone);
  };
}

function onClock(name: ClockMethod, value: Value, zone: TimeZone): Answer {
  return value instanceof Moment ? BigInt(readClock(name, zone(value.ms))) : nonsense;
}

function readClock(name: ClockMethod, clock: WallClock): number {
  switch (name) {
    case 'getFullYear':
      return clock.year;
    case 'getMonth':
      return clock.month;
    case 'getDate':
      return clock.day;
    case 'getDayOfMonth':
      return clock.day - 1;
    case 'getDayOfWeek':
      return clock.weekday;
    case 'getHours':
      return clock.hours;
    case 'getMinutes':
      return clock.minutes;
    case 'getSeconds':
      return clock.seconds;
    default:
      return name satisfies never;
  }
}

type SearchText = (text: string, part: string) => boolean;

/** On a text, with another. */
export const textMethods: Readonly<Record<string, SearchText>> = {
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
};

export function onTwoTexts(search: SearchText): (a: Value, b: Value, allowance: Allowance) => Answer {
  return (text, part, allowance) => {
    if (typeof text !== 'string' || typeof part !== 'string') return nonsense;
    // The engine's own search takes this long where both texts mean harm.
    allowance.left -= (text.length / 64) * Math.max(1, Math.min(part.length, text.length) / 16);
    return allowance.left < 0 ? nonsense : search(text, part);
  };
}

/** Through RE2: so much for each character and each step of the pattern's program. */
export function onPattern({ test, programSize }: LinearSearch): Call {
  return (text, allowance) => {
    if (typeof text !== 'string') return nonsense;
    allowance.left -= text.length * programSize;
    return allowance.left < 0 ? nonsense : test(text);
  };
}

function onText(change: (text: string) => string): Call {
  return (value, allowance) => {
    if (typeof value !== 'string') return nonsense;
    allowance.left -= value.length / 8;
    return change(value);
  };
}

/** Of a text, its characters. */
function sizeOf(value: Value, allowance: Allowance): Answer {
  if (isList(value)) return BigInt(value.length);
  if (typeof value !== 'string') return nonsense;
  spendOn(value, allowance);
  const pairs = value.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0;
  return BigInt(value.length - pairs);
}

function ofSpan(name: 'getHours' | 'getMinutes' | 'getSeconds', { ms }: Span): bigint {
  const unit = { getHours: 3_600_000, getMinutes: 60_000, getSeconds: 1000 };
  return BigInt(Math.trunc(ms / unit[name]));
}

function toInteger(value: Value): Answer {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number')
    return Number.isFinite(value) ? inRange(BigInt(Math.trunc(value))) : noNumber;
  if (value instanceof Moment) return BigInt(Math.trunc(value.ms / 1000));
  if (typeof value !== 'string') return nonsense;
  return /^[+-]?[0-9]{1,19}$/.test(value) ? inRange(BigInt(value.replace('+', ''))) : noNumber;
}

function toNumber(value: Value): Answer {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return nonsense;
  return /^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$/.test(value) ? Number(value) : noNumber;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `90m`, `1h30m`, `1.5h`: as in CEL, without days. */
function toSpan(written: string): Answer {
  if (!/^-?([0-9]{1,12}(\.[0-9]{1,9})?(h|ms|m|s)){1,4}$/.test(written)) return noDuration;
  const parts = written.matchAll(/([0-9.]+)(h|ms|m|s)/g);
  const ms = [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0);
  return ms > 315_576_000_000_000 ? noDuration : new Span(written.startsWith('-') ? -ms : ms);
}

function toMoment(written: string): Answer {
  const form =
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$/;
  const ms = form.test(written) ? Date.parse(written) : Number.NaN;
  return Number.isNaN(ms) ? noTime : moment(ms);
}
