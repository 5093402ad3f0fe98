// Which strategy answers a call: the one of that name, or, where the desk's own code decides, what it makes of that code.
import type { StrategyRef } from '../domain/flow.ts';
import { Failure } from '../engine/ports/failure.ts';
import { CodeFault } from './desk-code.ts';
import type { Call, Strategy, Version } from './strategy.ts';

/** One that can do without an integration has none where the flow names none. */
export function strategyOf(
  strategies: ReadonlyMap<string, Strategy>,
  { type, integration: named }: StrategyRef,
): Strategy | undefined {
  const strategy = strategies.get(type);
  if (strategy?.versions === undefined || named !== undefined) return strategy;
  const { integration: _, ...without } = strategy;
  return without;
}

/** What a call says of where it comes from. */
export function placeOf({ integration, code }: StrategyRef): Pick<Call, 'integrationName' | 'code'> {
  return {
    ...(integration !== undefined && { integrationName: integration }),
    ...(code && { code }),
  };
}

/** The one that counts. */
export async function strategyFor(strategy: Strategy, call: Call): Promise<Strategy> {
  const [first = itself(strategy)] = strategy.versions ?? [];
  return first(call);
}

/** Of what takes back there may be several: another one is tried only where the code before it is to blame. */
export async function withVersions<T>(
  strategy: Strategy,
  purpose: 'escalate' | 'deescalate',
  work: (version: Version) => Promise<T>,
): Promise<T> {
  const [first = itself(strategy), ...others] = strategy.versions ?? [];
  try {
    return await work(first);
  } catch (fault) {
    if (purpose === 'escalate' || !(fault instanceof CodeFault)) throw fault;
    for (const other of others) {
      const came = await work(other).then(done, unlessBug);
      if (came !== undefined) return came.done;
    }
    // What went wrong first is what has to be mended.
    throw fault;
  }
}

function itself(strategy: Strategy): Version {
  return async () => strategy;
}

function done<T>(value: T): { readonly done: T } {
  return { done: value };
}

function unlessBug(error: unknown): undefined {
  if (!(error instanceof Failure)) throw error;
  return undefined;
}
