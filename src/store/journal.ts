// The append-only journal: changes that arrive together share one fsync, and nothing is seen before it is durable.
import { Failure } from '../engine/ports/failure.ts';
import { checkedLine } from './checked-line.ts';
import type { Disk } from './disk.ts';
import type { JournalChange } from './journal-change.ts';

/** One line. */
export interface JournalLine {
  /** Counts every change there ever was, without gaps. */
  readonly n: number;
  /** The last change that was durable when this was written: a missing one up to it was lost, one after it never promised. */
  readonly durable: number;
  /** The last change before the first of this file. */
  readonly begin: number;
  readonly change: JournalChange;
}

export interface Journal {
  /** Resolves once the change is durable; `apply` runs just before, in order of the changes. */
  append(change: JournalChange, apply: (n: number) => void): Promise<void>;
  /** Later changes go to a new file. Resolves once all earlier ones are applied. */
  rotate(): Promise<Rotated>;
  /** Bytes in the present file. */
  readonly size: number;
  /** The last change that is durable. */
  readonly last: number;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
}

export interface Rotated {
  readonly generation: number;
  /** The last change before this generation. */
  readonly after: number;
}

interface Queued {
  readonly change: JournalChange;
  readonly apply: (n: number) => void;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export function journalName(generation: number): string {
  return `journal-${generation}.jsonl`;
}

export function generationOf(name: string): number | undefined {
  const [, digits] = /^journal-([0-9]+)\.jsonl$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

export function createJournal(
  disk: Disk,
  start: { readonly generation: number; readonly last: number },
): Journal {
  let { generation, last } = start;
  let begin = last;
  let size = 0;
  let queue: Queued[] = [];
  let running: Promise<void> | undefined;
  let broken: Failure | undefined;
  let rotations: ((rotated: Rotated) => void)[] = [];

  function append(change: JournalChange, apply: (n: number) => void): Promise<void> {
    if (broken) return Promise.reject(broken);
    return new Promise((resolve, reject) => {
      queue.push({ change, apply, resolve, reject });
      running ??= run();
    });
  }

  async function run(): Promise<void> {
    // What is said in the same breath joins the first group.
    await Promise.resolve();
    while ((queue.length > 0 || rotations.length > 0) && !broken) {
      rotateNow();
      const group = queue;
      queue = [];
      if (group.length > 0) await flush(group);
    }
    running = undefined;
  }

  /** Between two groups, when every change of the present file is applied. */
  function rotateNow(): void {
    if (rotations.length === 0) return;
    if (size > 0) {
      generation += 1;
      begin = last;
      size = 0;
    }
    for (const resolve of rotations) resolve({ generation, after: last });
    rotations = [];
  }

  async function flush(group: readonly Queued[]): Promise<void> {
    try {
      await write(group);
      for (const { apply, resolve } of group) {
        last += 1;
        apply(last);
        resolve();
      }
    } catch (cause) {
      // After a failed fsync nobody knows what the disk holds: only a new start, which reads it, can tell.
      broken = new Failure('The store cannot write to its disk and takes nothing more until a restart.', {
        transient: false,
        cause,
      });
      for (const { reject } of [...group, ...queue]) reject(broken);
      queue = [];
    }
  }

  async function write(group: readonly Queued[]): Promise<void> {
    const name = journalName(generation);
    const isNew = size === 0;
    const text = group
      .map(({ change }, index) =>
        checkedLine({ n: last + 1 + index, durable: last, begin, change } satisfies JournalLine),
      )
      .join('');
    const bytes = Buffer.from(text);
    size += bytes.length;
    await disk.append(name, bytes);
    await disk.sync(name);
    if (isNew) await disk.syncFolder();
  }

  async function idle(): Promise<void> {
    while (running) await running;
  }

  function rotate(): Promise<Rotated> {
    if (broken) return Promise.reject(broken);
    return new Promise((resolve) => {
      rotations.push(resolve);
      running ??= run();
    });
  }

  return {
    append,
    rotate,
    idle,
    get size() {
      return size;
    },
    get last() {
      return last;
    },
  };
}
