// Reads the flows of a pull request in a thread of its own: whatever its files hold, the thread that keeps deadlines goes on.
import { parentPort, workerData } from 'node:worker_threads';
import { createDeskReader, type DeskFiles } from '../../../desk/desk-reader.ts';
import type { StrategySchemas } from '../../../desk/desk.ts';
import { judgeFlows } from './judge-flows.ts';

export interface JudgeWork {
  readonly strategies: StrategySchemas;
  readonly files: DeskFiles;
  readonly commit: string;
}

const work: JudgeWork = workerData;
const reader = createDeskReader({ strategies: work.strategies });
parentPort?.postMessage(judgeFlows({ after: reader.readDesk(work.files, work.commit) }));
