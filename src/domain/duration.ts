// Durations as people write them: a whole number and a unit, `90s`, `30m`, `4h`, `7d`.
import type { GrantedFor } from './flow.ts';
import type { Milliseconds } from './names.ts';

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const written = /^([1-9][0-9]{0,5})(s|m|h|d)$/;

export const seconds = (n: number): Milliseconds => n * unitMs.s;
export const minutes = (n: number): Milliseconds => n * unitMs.m;
export const hours = (n: number): Milliseconds => n * unitMs.h;

/** Undefined where the text is no duration. */
export function parseDuration(text: string): Milliseconds | undefined {
  const [, count, unit] = written.exec(text.trim()) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return Number(count) * unitMs[unit === 's' ? 's' : unit === 'm' ? 'm' : unit === 'h' ? 'h' : 'd'];
}

/** The same notation, in the largest unit that divides it: `5400000` is `90m`. */
export function printDuration(ms: Milliseconds): string {
  for (const unit of ['d', 'h', 'm'] as const)
    if (ms > 0 && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`;
  return `${Math.round(ms / unitMs.s)}s`;
}

export function printGrantedFor(duration: GrantedFor): string {
  return duration === 'until-revoked' ? 'until revoked' : printDuration(duration);
}
