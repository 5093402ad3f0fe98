// Makes one commit of entries that wait for the ledger: as many requests as a commit may hold, each file whole.
import { parseLine } from '../domain/entry-line.ts';
import type { RequestId } from '../domain/names.ts';
import type { LedgerBatch, LedgerFile, Uncommitted } from '../engine/ports.ts';
import { fileContent, requestPath } from './layout.ts';
import { writeMessage } from './message.ts';

/** GitHub asks for less; a commit that touches more is answered slowly, or not at all. */
export const mostFiles = 50;
/** Of content; as Base64 in the body of a request a third more. */
export const mostBytes = 2_000_000;

/** In the order given. The first request is taken however large it is: it would wait for ever otherwise. */
export function writeBatch(batch: string, uncommitted: readonly Uncommitted[]): LedgerBatch {
  const waiting = uncommitted.filter(({ lines, committed }) => lines.length > committed);
  if (waiting.length === 0) throw new Error('No entry waits for the ledger.');
  const files: LedgerFile[] = [];
  let bytes = 0;
  for (const each of waiting.slice(0, mostFiles)) {
    const file = { path: pathOf(each), content: fileContent(each.lines) };
    bytes += Buffer.byteLength(file.content);
    if (files.length > 0 && bytes > mostBytes) break;
    files.push(file);
  }
  const taken = waiting.slice(0, files.length);
  return {
    commit: { batch, ...writeMessage(batch, taken), files },
    upTo: new Map<RequestId, number>(taken.map(({ request, lines }) => [request, lines.length])),
  };
}

function pathOf({ request, lines }: Uncommitted): string {
  const first = parseLine(lines[0] ?? '');
  if (!('entry' in first)) throw new Error(`The first line of ${request} is ${first.problem}.`);
  return requestPath(request, first.entry.at);
}
