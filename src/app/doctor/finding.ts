// What doctor says: one finding a line, each that is not well with what to do about it.
import type { Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { withinTime } from '../../engine/time-limit.ts';
import { startHint } from '../start-hint.ts';

export type Mark = 'ok' | 'warning' | 'failure' | 'skipped';

export interface Finding {
  readonly mark: Mark;
  readonly says: string;
  /** What to do. Present on every warning and failure. */
  readonly todo?: string;
}

/** A step of docs/setting-up.md. */
export type Step = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface Check {
  readonly step: Step;
  readonly name: string;
  look(): Promise<readonly Finding[]>;
}

export const ok = (says: string): Finding => ({ mark: 'ok', says });
export const warning = (says: string, todo: string): Finding => ({ mark: 'warning', says, todo });
export const failure = (says: string, todo: string): Finding => ({ mark: 'failure', says, todo });
export const skipped = (says: string): Finding => ({ mark: 'skipped', says });

const patienceMs: Milliseconds = 30_000;

/** Never throws: what breaks is a finding as well. */
export async function lookAt(check: Check, clock: Clock): Promise<readonly Finding[]> {
  try {
    return await withinTime({ clock, ms: patienceMs, who: 'What was asked' }, () => check.look());
  } catch (error) {
    return [troubleOf(error)];
  }
}

export function troubleOf(error: unknown): Finding {
  const message = error instanceof Error ? error.message : 'This could not be looked at';
  return failure(
    message.split('\n')[0]?.replace(/\.$/, '').slice(0, 300) ?? '',
    startHint(error) ?? 'Try again; if it stays, look whether this machine reaches what is asked there.',
  );
}
