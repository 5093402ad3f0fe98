// Has the flows of a pull request judged apart: in a thread without our environment, with little memory and little time.
import { Worker } from 'node:worker_threads';
import type { ProposedChange } from '../../../desk/change/review-change.ts';
import type { PlugIns } from '../../../desk/desk.ts';
import type { Milliseconds } from '../../../domain/names.ts';
import { Failure } from '../../../engine/ports/failure.ts';
import type { Clock } from '../../../engine/ports/clock.ts';
import type { FlowVerdict } from './judge-flows.ts';
import type { JudgeWork } from './judge-worker.ts';

/** Throws `Failure` where it takes too long or too much. */
export type Judge = (proposed: ProposedChange) => Promise<FlowVerdict>;

export interface JudgeParts extends PlugIns {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly patience?: Milliseconds;
}

const usualPatience: Milliseconds = 60_000;
const memoryMb = 256;

export function createJudge({ clock, patience = usualPatience, ...plugIns }: JudgeParts): Judge {
  return async (proposed) => {
    const workerData: JudgeWork = { plugIns, proposed };
    const worker = new Worker(new URL('./judge-thread.mjs', import.meta.url), {
      workerData,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      // What this process was started with is of no use there.
      execArgv: [],
    });
    const done = new AbortController();
    try {
      return await Promise.race([verdictOf(worker), tooSlow(clock, patience, done.signal)]);
    } finally {
      done.abort();
      await worker.terminate();
    }
  };
}

function verdictOf(worker: Worker): Promise<FlowVerdict> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', (error) => {
      const isTooLarge = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(isTooLarge ? refusal('Reading these files takes too much memory.') : error);
    });
    worker.once('exit', () => reject(new Error('The thread that reads flows ended without a word.')));
  });
}

async function tooSlow(clock: Pick<Clock, 'sleep'>, ms: Milliseconds, done: AbortSignal): Promise<never> {
  await clock.sleep(ms, done);
  throw refusal('Reading these files takes too long.');
}

function refusal(message: string): Failure {
  return new Failure(message, { transient: false });
}
