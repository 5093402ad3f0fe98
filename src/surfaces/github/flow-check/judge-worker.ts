// Reads the flows of a pull request in a thread of its own: whatever its files hold, the thread that keeps deadlines goes on.
import { parentPort, workerData } from 'node:worker_threads';
import { createChangeReviewer, type ProposedChange } from '../../../desk/change/review-change.ts';
import type { StrategySchemas } from '../../../desk/desk.ts';
import { judgeFlows } from './judge-flows.ts';

export interface JudgeWork {
  readonly strategies: StrategySchemas;
  readonly proposed: ProposedChange;
}

const { strategies, proposed }: JudgeWork = workerData;
parentPort?.postMessage(judgeFlows(createChangeReviewer({ strategies })(proposed)));
