// What stands beside the embedded GitHub: the app's process, its past being made, and how its ledger is verified.
import type { PlayedPast } from './past/play.ts';

export interface Verified {
  readonly ok: boolean;
  readonly output: string;
}

export interface Beside {
  readonly app: {
    readonly state: 'up' | 'starting' | 'down';
    readonly pid: number | null;
    readonly restarts: number;
  };
  /** SIGKILL; it is started again. */
  kill(): void;
  readonly past: PlayedPast | null;
  /** Runs the app's own verifier on a fresh clone of the ledger; null where nobody told how. */
  readonly verify: (() => Promise<Verified>) | null;
}
