// A commit as Git keeps it, taken apart byte for byte: who, when, what they said, and what a signature signs.
import { batchOf } from './message.ts';

export interface RawCommit {
  readonly parents: readonly string[];
  /** `countersign[bot] <1234+countersign[bot]@users.noreply.github.com>` */
  readonly author: string;
  /** Of the committer, in milliseconds since 1970; 0 where it says none. */
  readonly at: number;
  /** From the trailers of its message; absent where it says none, or two. */
  readonly batch?: string;
  readonly signature?: { readonly armor: string; readonly payload: Buffer };
}

export function parseRawCommit(content: Buffer): RawCommit {
  // A character for each byte: nothing is lost on the way to the payload.
  const text = content.toString('latin1');
  const end = text.indexOf('\n\n');
  const headers = (end < 0 ? text : text.slice(0, end)).replaceAll('\n ', '\0').split('\n');
  const all = (name: string): readonly string[] =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const [, author = ''] = who.exec(all('author')[0] ?? '') ?? [];
  const [, , seconds = '0'] = who.exec(all('committer')[0] ?? '') ?? [];
  const batch = batchOf(utf8(end < 0 ? '' : text.slice(end + 2)));
  const [armor] = all('gpgsig');
  return {
    parents: all('parent'),
    author: utf8(author),
    at: Math.min(Number(seconds) * 1000, latest),
    ...(batch !== undefined && { batch }),
    ...(armor !== undefined && {
      signature: {
        armor: armor.replaceAll('\0', '\n'),
        payload: Buffer.from(withoutSignature(text, end), 'latin1'),
      },
    }),
  };
}

/** What somebody made up may lie beyond all calendars. */
const latest = Date.parse('9999-12-31T23:59:59Z');

const who = /^(.*>) (\d+) [+-]\d{4}$/;

/** A header goes on as long as lines begin with a space. What the message says of signatures is the message's. */
function withoutSignature(text: string, end: number): string {
  const head = end < 0 ? text : text.slice(0, end);
  return head.replace(/\ngpgsig [^\n]*(?:\n [^\n]*)*/, '') + text.slice(head.length);
}

function utf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}
