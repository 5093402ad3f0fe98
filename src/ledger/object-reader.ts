// Reads Git's objects by their ids, and believes none that is not what its id says: one process for all of them, however many.
import { createHash } from 'node:crypto';
import { Failure } from '../engine/ports/failure.ts';
import type { StartGit } from './git-process.ts';

export interface GitObject {
  readonly type: string;
  readonly content: Buffer;
}

export interface ObjectReader {
  /** Throws `Failure` where the repository has no such object, or another one under its name. */
  read(oid: string): Promise<GitObject>;
  close(): void;
}

interface Asked {
  readonly oid: string;
  readonly answer: (object: GitObject) => void;
  readonly fail: (error: Failure) => void;
}

export function createObjectReader(start: StartGit): ObjectReader {
  const git = start(['cat-file', '--batch']);
  const waiting: Asked[] = [];
  let next = 0;
  let unread: Buffer[] = [];
  let size = 0;
  let needed = 1;
  let hasEnded = false;

  function fail(message: string, cause?: unknown): void {
    for (const asked of waiting.splice(next))
      asked.fail(new Failure(message, { transient: false, ...(cause !== undefined && { cause }) }));
  }
  git.stdout.on('data', (chunk: Buffer) => {
    unread.push(chunk);
    size += chunk.length;
    if (size < needed) return;
    let rest: Buffer = Buffer.concat(unread);
    for (;;) {
      const taken = takeAnswer(rest, waiting[next]);
      needed = taken.needed;
      if (taken.rest === undefined) break;
      rest = taken.rest;
      next += 1;
    }
    unread = [rest];
    size = rest.length;
    waiting.splice(0, next);
    next = 0;
  });
  // It cannot even be started, or ended before it answered.
  git.on('error', (cause) => fail('Git could not be started.', cause));
  git.on('close', () => {
    hasEnded = true;
    fail('Git ended before it had read everything.');
  });
  git.stdin.on('error', () => undefined);
  git.stderr.resume();
  return {
    read: (oid) =>
      new Promise((answer, refuse) => {
        waiting.push({ oid, answer, fail: refuse });
        if (hasEnded) fail('Git has ended.');
        git.stdin.write(`${oid}\n`);
      }),
    close: () => git.stdin.end(),
  };
}

/** `<oid> <type> <bytes>`, the bytes, a line break; or `<oid> missing`. Without `rest`: so many bytes are needed. */
function takeAnswer(
  bytes: Buffer,
  asked: Asked | undefined,
): { readonly needed: number; readonly rest?: Buffer } {
  const end = bytes.indexOf('\n');
  if (end < 0 || asked === undefined) return { needed: bytes.length + 1 };
  const header = bytes.toString('latin1', 0, end);
  const [, type, digits] = /^\S+ (\S+) (\d+)$/.exec(header) ?? [];
  if (type === undefined) {
    asked.fail(new Failure(`The repository lacks object ${asked.oid}.`, { transient: false }));
    return { needed: 1, rest: bytes.subarray(end + 1) };
  }
  const last = end + 1 + Number(digits);
  if (bytes.length <= last) return { needed: last + 1 };
  const content = bytes.subarray(end + 1, last);
  // Git looks at it when it fetches, and not when it reads: a clone may be handed over with other objects in it.
  if (nameOf(type, content, asked.oid.length) !== asked.oid)
    asked.fail(
      new Failure(
        `Object ${asked.oid} is not what its name says: this clone is damaged, or somebody put it there. Clone it anew from the server.`,
        { transient: false },
      ),
    );
  // A copy: a slice would keep all the bytes around it alive.
  else asked.answer({ type, content: Buffer.from(content) });
  return { needed: 1, rest: bytes.subarray(last + 1) };
}

/** As Git names an object; the longer names are those of SHA-256. */
function nameOf(type: string, content: Buffer, length: number): string {
  return createHash(length === 64 ? 'sha256' : 'sha1')
    .update(`${type} ${content.length}\0`)
    .update(content)
    .digest('hex');
}
