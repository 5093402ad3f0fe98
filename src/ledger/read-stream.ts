// Reads a desk's own stream back from its months, believing nothing: the chain is checked from the first to the last.
import type { DeskEntry } from '../domain/desk-entries.ts';
import { hashLine, type ChainEnd, type Line } from '../domain/entry-line.ts';
import { monthOf, parseDeskLine } from '../domain/desk-entry-line.ts';
import { identitiesAfter, noIdentities, type Identities } from '../domain/identities.ts';
import { linksAfter, noLinks, type Links } from '../domain/links.ts';
import type { DeskId } from '../domain/names.ts';
import type { DeskStream } from '../engine/ports/store.ts';
import type { LedgerFile } from '../engine/ports/ledger.ts';
import { checkLink, linkWords, readLink, type LedgerProblem, type LedgerProblemCode } from './chain-link.ts';
import { fileLines, parsePath } from './layout.ts';

export type ReadStream =
  | {
      readonly ok: true;
      readonly stream: DeskStream;
      readonly links: Links;
      readonly identities: Identities;
    }
  | { readonly ok: false; readonly problem: LedgerProblem };

/**
 * `files` are all months, in any order; at least one. Of what a newer Countersign wrote, the place is enough. The links and
 * identities are those after all months, of which the stream holds the newest alone.
 */
export function readStream(desk: DeskId, files: readonly LedgerFile[]): ReadStream {
  let end: ChainEnd | undefined;
  let newest: readonly Line[] = [];
  let links = noLinks;
  let identities = noIdentities;
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const month = readMonth(desk, file, end);
    if ('problem' in month) return { ok: false, problem: month.problem };
    end = month.end;
    newest = month.lines;
    const entries = month.lines.flatMap(entryOf);
    links = entries.reduce(linksAfter, links);
    identities = entries.reduce(identitiesAfter, identities);
  }
  if (end === undefined) throw new Error('A stream is read from at least one file.');
  return { ok: true, stream: { desk, lines: newest, end, committedSeq: end.seq }, links, identities };
}

/** Nothing, where a newer Countersign wrote it. */
function entryOf(line: Line): readonly DeskEntry[] {
  const parsed = parseDeskLine(line);
  return 'entry' in parsed ? [parsed.entry] : [];
}

function readMonth(
  desk: DeskId,
  { path, content }: LedgerFile,
  before: ChainEnd | undefined,
):
  | { readonly lines: readonly Line[]; readonly end: ChainEnd | undefined }
  | { readonly problem: LedgerProblem } {
  const refuse = (line: number, code: LedgerProblemCode, what: string): { problem: LedgerProblem } => ({
    problem: { path, line, code, sentence: `Line ${line} ${what}.` },
  });
  const file = fileLines(content);
  if (!file.ok) return refuse(file.line, file.code, file.what);
  const place = parsePath(path);
  let end = before;
  for (const [index, line] of file.lines.entries()) {
    const link = readLink(line, 'desk');
    if ('problem' in link) return refuse(index + 1, link.problem, `is ${linkWords[link.problem]}`);
    if (link.of !== desk) return refuse(index + 1, 'wrong-desk', 'is of another desk');
    const misplaced = checkLink(link, end);
    if (misplaced) return refuse(index + 1, misplaced.code, misplaced.what);
    if (place?.type !== 'desk' || monthOf(link.at) !== place.month)
      return refuse(index + 1, 'wrong-month', 'was not written in the month of its file');
    end = { seq: link.seq, lastAt: link.at, lastHash: hashLine(line) };
  }
  return { lines: file.lines, end };
}
