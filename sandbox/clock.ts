// The time of the sandbox: the machine's, moved forward as somebody pushes it. The app reads the same from the file.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface SandboxClock {
  /** Where the offset is kept, over restarts: `{"offset": MILLISECONDS, "at": …}`. */
  readonly file: string;
  now(): Date;
  /** How far ahead of the machine's time it is, in milliseconds; behind only while a past is being made. */
  readonly offset: number;
  push(ms: number): void;
  /** Does nothing where that is not ahead: time never goes back. */
  moveTo(at: Date): void;
}

export interface SandboxClockOptions {
  readonly file: string;
  /** The machine's time. */
  readonly real?: () => Date;
  /** Where it begins, instead of where it was left. */
  readonly from?: Date;
}

/** A push and a restart within the same moment must not turn the time back. */
const marginMs = 5000;

export function createSandboxClock({ file, real, from }: SandboxClockOptions): SandboxClock {
  const machine = (): number => (real ? real().getTime() : Date.now());
  const kept = read(file);
  let offset = from ? Math.max(from.getTime(), kept.at + marginMs) - machine() : kept.offset;
  const keep = (): void => write(file, { offset, at: machine() + offset });
  keep();
  const clock: SandboxClock = {
    file,
    now: () => new Date(machine() + offset),
    get offset() {
      return offset;
    },
    push(ms) {
      if (!Number.isFinite(ms) || ms <= 0) return;
      offset += Math.ceil(ms);
      keep();
    },
    moveTo: (at) => clock.push(at.getTime() - clock.now().getTime()),
  };
  return clock;
}

interface Kept {
  readonly offset: number;
  /** The time when it was last pushed. */
  readonly at: number;
}

function read(file: string): Kept {
  try {
    const { offset, at }: { offset?: unknown; at?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
    return { offset: numberOr0(offset), at: numberOr0(at) };
  } catch {
    return { offset: 0, at: 0 };
  }
}

function numberOr0(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** As a whole or not at all: the app may read it at any moment. */
function write(file: string, kept: Kept): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.next`, JSON.stringify(kept));
  renameSync(`${file}.next`, file);
}
