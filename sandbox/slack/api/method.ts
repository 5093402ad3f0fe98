// What a method of the Web API is: which token and scopes it needs, how often it may be called, and what it does.
import type { Json } from '../json.ts';
import type { AppRow } from '../rows.ts';
import type { World } from '../world.ts';
import { SlackProblem } from '../problem.ts';
import type { Arguments } from './arguments.ts';

export interface Call {
  readonly world: World;
  readonly app: AppRow;
  readonly args: Arguments;
}

export interface Method {
  readonly name: string;
  /** Each of these is needed; where it depends on the arguments, the method asks by `needScope`. */
  readonly scopes: readonly string[];
  readonly token: 'bot' | 'app';
  readonly rate: Rate;
  run(call: Call): Json;
}

export interface Rate {
  /** How many within `perMs`, at once or spread. */
  readonly calls: number;
  readonly perMs: number;
  /** Counted for each value of this argument on its own. */
  readonly by?: string;
  /** All of them together within a minute. */
  readonly inAllPerMinute?: number;
}

const MINUTE_MS = 60_000;

export const tier1: Rate = { calls: 1, perMs: MINUTE_MS };
export const tier2: Rate = { calls: 20, perMs: MINUTE_MS };
export const tier3: Rate = { calls: 50, perMs: MINUTE_MS };
export const tier4: Rate = { calls: 100, perMs: MINUTE_MS };

/** Any one of them will do. */
export function needScope(app: AppRow, ...scopes: readonly string[]): void {
  if (scopes.some((scope) => app.scopes.includes(scope))) return;
  throw missingScope(app, scopes);
}

export function missingScope(app: AppRow, needed: readonly string[]): SlackProblem {
  return new SlackProblem('missing_scope', { needed: needed.join(','), provided: app.scopes.join(',') });
}
