// Reads the journals back: tells what a crash cut off, of which nobody was told, from what was promised and is gone.
import { readCheckedLines } from './checked-line.ts';
import type { Disk } from './disk.ts';
import { generationOf, journalName, type JournalLine } from './journal.ts';

export interface JournalReading {
  readonly lines: readonly JournalLine[];
  /** Changes that had been durable and cannot be read. */
  readonly dropped: number;
  /** Lines of the last moments before a crash that were never promised. */
  readonly torn: number;
  /** The last change that is there. */
  readonly last: number;
}

/**
 * `durable`: the last change that a snapshot holds, so it had been written. `after`: the last change before the
 * first journal, where that is known.
 */
export async function readJournals(
  disk: Disk,
  known: { readonly durable: number; readonly after: number | undefined },
): Promise<JournalReading> {
  const files: JournalFile[] = [];
  for (const generation of await generations(disk)) files.push(await readFile(disk, journalName(generation)));
  const lines: JournalLine[] = [];
  let [dropped, torn] = [0, 0];
  let last = known.after ?? files.flatMap(({ lines: [first] }) => first?.begin ?? [])[0] ?? known.durable;
  files.forEach((file, index) => {
    const next = files.slice(index + 1).flatMap(({ lines: [first] }) => first ?? [])[0];
    // The next file tells where this one ended: more of it was never promised, and its numbers were given again.
    const promised = next?.begin ?? Math.max(known.durable, ...file.lines.map(({ durable }) => durable));
    const before = { lines: lines.length, dropped };
    for (const line of file.lines) {
      if (line.n <= last) continue;
      const gapStart = last + 1;
      if (next && line.n > next.begin) break;
      if (line.n > gapStart && line.n - 1 > promised) break;
      dropped += line.n - gapStart;
      last = line.n;
      lines.push(line);
    }
    if (last < promised) {
      dropped += promised - last;
      last = promised;
    }
    torn += Math.max(0, unpromised(file, lines.length - before.lines) - (dropped - before.dropped));
  });
  if (last < known.durable) dropped += known.durable - last;
  return { lines, dropped, torn, last };
}

interface JournalFile {
  readonly lines: readonly JournalLine[];
  readonly bad: number;
}

async function generations(disk: Disk): Promise<readonly number[]> {
  const all = (await disk.list()).map(generationOf).filter((generation) => generation !== undefined);
  return all.sort((a, b) => a - b);
}

async function readFile(disk: Disk, name: string): Promise<JournalFile> {
  // What was read may still be in the page cache alone: from now on it is built upon.
  await disk.sync(name);
  const bytes = await disk.read(name);
  const lines: JournalLine[] = [];
  let bad = 0;
  for (const { json } of readCheckedLines(bytes ?? new Uint8Array()))
    if (json === undefined) bad += 1;
    else lines.push(JSON.parse(json));
  return { lines, bad };
}

function unpromised({ lines, bad }: JournalFile, taken: number): number {
  return lines.length + bad - taken;
}
