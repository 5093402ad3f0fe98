// Reads the flows of a pull request in a thread of its own: whatever its files hold, the thread that keeps deadlines goes on.
import { parentPort, workerData } from 'node:worker_threads';
import { createChangeReviewer, type ProposedChange } from '../../../desk/change/review-change.ts';
import type { PlugIns } from '../../../desk/desk.ts';
import { judgeFlows } from './judge-flows.ts';

export interface JudgeWork {
  readonly plugIns: PlugIns;
  readonly proposed: ProposedChange;
}

const { plugIns, proposed }: JudgeWork = workerData;
parentPort?.postMessage(judgeFlows(createChangeReviewer(plugIns)(proposed)));
