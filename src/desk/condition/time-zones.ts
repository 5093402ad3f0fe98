// What the clock on the wall says in a place: daylight saving and all, whatever zone this machine is in.
import type { Milliseconds } from '../../domain/names.ts';
import { nearest } from '../nearest.ts';

/** Of a moment, somewhere. Months and days of the week begin with 0, Sunday being one; days of a month with 1. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

export function inUtc(ms: Milliseconds): WallClock {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hours: date.getUTCHours(),
    minutes: date.getUTCMinutes(),
    seconds: date.getUTCSeconds(),
  };
}

export type TimeZone = (ms: Milliseconds) => WallClock;

/** Undefined where there is no such zone. Dear to make: one is made for a condition, not for a look at it. */
export function createTimeZone(name: string): TimeZone | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    return rememberLast((ms) => read(format.formatToParts(ms)));
  } catch {
    return undefined; // it throws for names that are no zone
  }
}

/** A condition asks for the hour, the minute and the day of the same moment. */
function rememberLast(zone: TimeZone): TimeZone {
  let last: { readonly ms: Milliseconds; readonly clock: WallClock } | undefined;
  return (ms) => (last?.ms === ms ? last : (last = { ms, clock: zone(ms) })).clock;
}

function read(parts: readonly Intl.DateTimeFormatPart[]): WallClock {
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((each) => each.type === type)?.value);
  // The day of the week follows from the date, which Date works out in UTC.
  return inUtc(
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')),
  );
}

export function nearestTimeZone(name: string): string | undefined {
  const zones = Intl.supportedValuesOf('timeZone');
  const city = name.split('/').at(-1)?.toLowerCase().replaceAll(' ', '_');
  return nearest(name, zones) ?? zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`));
}
