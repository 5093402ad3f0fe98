// Tells one history by its seed, and says what broke in it, if anything.
import { describe } from '../../src/engine/engine.ts';
import { BrokenInvariantError } from './broken.ts';
import type { Climate } from './deeds.ts';
import { Simulation } from './history.ts';
import type { ServiceName } from './service-names.ts';

export interface HistoryOutcome {
  readonly seed: number;
  /** The broken invariant, or whatever else went wrong; absent where all held. */
  readonly broken?: string;
  readonly story: readonly string[];
  readonly seen: ReadonlyMap<string, number>;
}

export async function runHistory(
  seed: number,
  climate?: Climate,
  service?: ServiceName,
): Promise<HistoryOutcome> {
  const simulation = new Simulation(seed, climate, service);
  const { story, seen, around } = simulation;
  try {
    try {
      await simulation.run();
    } finally {
      await around.served?.close();
    }
    return { seed, story, seen };
  } catch (error) {
    return {
      seed,
      story,
      seen,
      broken:
        error instanceof BrokenInvariantError
          ? error.message
          : `${describe(error)}\n${error instanceof Error ? error.stack : ''}`,
    };
  }
}
