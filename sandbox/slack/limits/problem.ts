// What a check comes to: the error that Slack answers, and its sentences with JSON pointers.
import type { Fault } from './shape.ts';

export interface Problem {
  /** `invalid_blocks`, `msg_too_long`, `view_too_large`. */
  readonly error: string;
  /** `must be less than 3001 characters [json-pointer:/blocks/3/text/text]` */
  readonly messages: readonly string[];
}

export function problemOf(error: string, faults: readonly Fault[]): Problem | null {
  if (faults.length === 0) return null;
  return { error, messages: faults.map(({ what, at }) => `${what} [json-pointer:${at}]`) };
}
