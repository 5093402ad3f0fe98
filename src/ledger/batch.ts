// Makes one commit of entries that wait for the ledger: as much as a commit may hold, each file whole.
import { parseLine } from '../domain/entry-line.ts';
import type { RequestId } from '../domain/names.ts';
import type { DeskStream, Uncommitted } from '../engine/ports/store.ts';
import type { LedgerBatch, LedgerFile } from '../engine/ports/ledger.ts';
import { deskPath, fileContent, requestPath } from './layout.ts';
import { writeMessage } from './message.ts';
import { lackingMonths, type StreamMonth } from './stream-months.ts';

/** GitHub asks for less; a commit that touches more is answered slowly, or not at all. */
export const mostFiles = 50;
/** Of content; as Base64 in the body of a request a third more. */
export const mostBytes = 2_000_000;

/**
 * In the order given. The first request is taken however large it is: it would wait for ever otherwise. The desk's own
 * stream comes next, so that a burst of requests does not keep it waiting, and waits where there is no room for it.
 */
export function writeBatch(
  batch: string,
  uncommitted: readonly Uncommitted[],
  stream?: DeskStream,
): LedgerBatch {
  const waiting = uncommitted.filter(({ lines, committed }) => lines.length > committed);
  const [first, ...others] = waiting.slice(0, mostFiles).map((request): Part => ({ request }));
  const months = (stream ? lackingMonths(stream) : []).map((month): Part => ({ month }));
  const taken = fitting([...(first ? [first] : []), ...months, ...others]);
  if (taken.length === 0) throw new Error('No entry waits for the ledger.');
  const requests = taken.flatMap(({ part }) => ('request' in part ? [part.request] : []));
  const written = taken.flatMap(({ part }) => ('month' in part ? [part.month] : []));
  const streamUpTo = written.at(-1)?.lastSeq;
  return {
    commit: { batch, ...writeMessage(batch, requests, written), files: taken.map(({ file }) => file) },
    upTo: new Map<RequestId, number>(requests.map(({ request, lines }) => [request, lines.length])),
    ...(streamUpTo !== undefined && { streamUpTo }),
  };
}

/** What becomes one file. */
type Part = { readonly request: Uncommitted } | { readonly month: StreamMonth };

interface Taken {
  readonly part: Part;
  readonly file: LedgerFile;
}

function fitting(parts: readonly Part[]): readonly Taken[] {
  const taken: Taken[] = [];
  let bytes = 0;
  let hasRoomForStream = true;
  for (const part of parts) {
    const isOfStream = 'month' in part;
    if (isOfStream && !hasRoomForStream) continue;
    const file = fileOf(part);
    const size = Buffer.byteLength(file.content);
    const fits = taken.length === 0 || (taken.length < mostFiles && bytes + size <= mostBytes);
    if (!fits && !isOfStream) break;
    if (isOfStream) hasRoomForStream = fits;
    if (!fits) continue;
    taken.push({ part, file });
    bytes += size;
  }
  return taken;
}

function fileOf(part: Part): LedgerFile {
  if ('month' in part) return { path: deskPath(part.month.firstAt), content: fileContent(part.month.lines) };
  const { request, lines } = part.request;
  const first = parseLine(lines[0] ?? '');
  if (!('entry' in first)) throw new Error(`The first line of ${request} is ${first.problem}.`);
  return { path: requestPath(request, first.entry.at), content: fileContent(lines) };
}
