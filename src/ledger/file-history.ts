// Whether a file of the ledger only ever grew, and which commit brought which of its lines.
import { createHash } from 'node:crypto';
import type { CopiedChange, LedgerCopy } from './ledger-copy.ts';

/** A state of the file, and the number of the commit that brought it. */
export interface Version extends Pick<CopiedChange, 'blob'> {
  readonly commit: number;
}

export interface Damage {
  readonly code: 'rewritten' | 'removed';
  readonly commit: number;
  /** The first line that is no longer what it was. */
  readonly line: number;
  readonly sentence: string;
  /** The line as it was; absent where it was not there. */
  readonly before?: string;
}

export interface FileHistory {
  readonly damage: readonly Damage[];
  /** Since which commit the first so many lines have been as they are now. */
  broughtBy(lines: number): number | undefined;
}

type Blobs = Pick<LedgerCopy, 'blob' | 'hash'>;

/** `newest` is the file at the head, empty where it is gone; `versions` are all that it ever was, oldest first. */
export async function readFileHistory(
  newest: Buffer,
  versions: readonly Version[],
  blobs: Blobs,
): Promise<FileHistory> {
  const ends = lineEnds(newest);
  const grown = grewTo(newest, ends, versions, blobs.hash);
  if (grown !== undefined) return { damage: [], broughtBy: byLengths(versions, grown, ends) };
  const { damage, shared } = await compareAll(newest, versions, blobs);
  return { damage, broughtBy: byLengths(versions, shared, ends) };
}

function byLengths(
  versions: readonly Version[],
  lengths: readonly number[],
  ends: readonly number[],
): FileHistory['broughtBy'] {
  return (lines) => {
    const needed = ends[lines - 1] ?? ends.at(-1) ?? 0;
    const lacking = lengths.findLastIndex((length) => length < needed);
    return versions[lacking + 1]?.commit;
  };
}

/** Where each line ends; the last of them at the end of the file, whether it ends with a line break or not. */
function lineEnds(content: Buffer): readonly number[] {
  const ends: number[] = [];
  for (let end = content.indexOf('\n'); end >= 0; end = content.indexOf('\n', end + 1)) ends.push(end + 1);
  if (ends.at(-1) !== content.length) ends.push(content.length);
  return ends;
}

/**
 * How long each version was, where all of them are beginnings of the newest; undefined where one is not. The name of a
 * version is the hash of its content: none of them has to be read.
 */
function grewTo(
  newest: Buffer,
  ends: readonly number[],
  versions: readonly Version[],
  hash: LedgerCopy['hash'],
): readonly number[] | undefined {
  const lengths: number[] = [];
  let at = 0;
  for (const { blob } of versions) {
    if (blob === undefined) return undefined;
    while (at < ends.length && blobName(newest.subarray(0, ends[at]), hash) !== blob) at += 1;
    const length = ends[at];
    if (length === undefined) return undefined;
    lengths.push(length);
  }
  return at === ends.length - 1 ? lengths : undefined;
}

/** As Git names a blob. */
function blobName(content: Buffer, hash: LedgerCopy['hash']): string {
  return createHash(hash).update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** Each version against the one before; what goes on from a damaged one, or puts it right, is no damage of its own. */
async function compareAll(
  newest: Buffer,
  versions: readonly Version[],
  { blob: read }: Blobs,
): Promise<{ readonly damage: readonly Damage[]; readonly shared: readonly number[] }> {
  const damage: Damage[] = [];
  const shared: number[] = [];
  let sound: Buffer = Buffer.alloc(0);
  let previous: Buffer = sound;
  for (const { blob, commit } of versions) {
    const content = blob === undefined ? Buffer.alloc(0) : await read(blob);
    shared.push(sharedLength(content, newest));
    if (isBeginning(sound, content)) sound = content;
    else if (blob === undefined) damage.push(removal(previous, commit));
    else if (previous.length === 0 || !isBeginning(previous, content))
      damage.push(rewriting(sound, content, commit));
    previous = content;
  }
  return { damage, shared };
}

function removal(previous: Buffer, commit: number): Damage {
  const lines = lineEnds(previous).length;
  const sentence = `The file was removed, with ${lines === 1 ? 'its entry' : `its ${lines} entries`}.`;
  return { code: 'removed', commit, line: 1, sentence, ...lineBefore(previous, 1) };
}

function rewriting(before: Buffer, after: Buffer, commit: number): Damage {
  const same = commonLength(before, after);
  const line = before.subarray(0, same).toString('latin1').split('\n').length;
  const lines = lineEnds(before).length;
  const isCut = same === after.length && lines > 0 && [undefined, newline].includes(after.at(-1));
  const sentence = isCut
    ? line === lines
      ? `Line ${line} was removed.`
      : `Lines ${line} to ${lines} were removed.`
    : `Line ${line} is no longer what it was.`;
  return { code: 'rewritten', commit, line, sentence, ...lineBefore(before, line) };
}

const newline = 10;

function lineBefore(content: Buffer, line: number): { readonly before?: string } {
  const before = content.toString('utf8').split('\n')[line - 1];
  return before === undefined || before === '' ? {} : { before };
}

/** A last line without its end is shared only with what ends there too. */
function sharedLength(content: Buffer, newest: Buffer): number {
  const length = commonLength(content, newest);
  const isCutHere = length === newest.length && content.length > length && newest.at(-1) !== newline;
  return isCutHere ? length - 1 : length;
}

function isBeginning(beginning: Buffer, content: Buffer): boolean {
  return (
    content.length >= beginning.length &&
    content.compare(beginning, 0, beginning.length, 0, beginning.length) === 0
  );
}

function commonLength(a: Buffer, b: Buffer): number {
  const most = Math.min(a.length, b.length);
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (a.compare(b, 0, middle, 0, middle) === 0) low = middle;
    else high = middle - 1;
  }
  return low;
}
