// One commit as the stream that `git fast-import` reads: blobs, trees and commit in a single process.
import type { LedgerFile } from '../engine/ports/ledger.ts';

export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface ImportedCommit {
  /** Where the commit is parked until the branch moves to it. */
  readonly ref: string;
  /** Absent: a commit without a parent. */
  readonly parent?: string;
  readonly author: Author;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
  readonly files: readonly LedgerFile[];
}

/** Git answers with the commit's id on standard output. */
export function fastImport({ ref, parent, author, at, message, files }: ImportedCommit): string {
  const who = `${bare(author.name)} <${bare(author.email)}> ${Math.floor(at / 1000)} +0000`;
  return [
    'feature done\n',
    `commit ${ref}\nmark :1\nauthor ${who}\ncommitter ${who}\n`,
    counted(message),
    parent === undefined ? '' : `from ${parent}\n`,
    ...files.map(({ path, content }) => `M 100644 inline ${quoted(path)}\n${counted(content)}`),
    'get-mark :1\ndone\n',
  ].join('');
}

function counted(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** Between quotes nothing but these three is special to Git, and nothing of a path can end the line. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

function bare(name: string): string {
  return name.replace(/[\n\0<>]/g, ' ').trim();
}
