// Where entries live in the ledger's branch, and how lines become a file and back.
import type { Line } from '../domain/entry-line.ts';
import { requestId, type Instant, type RequestId } from '../domain/names.ts';

/** What a path of the ledger holds. */
export type Place =
  | { readonly type: 'request'; readonly request: RequestId; /** `2026-11-20` */ readonly day: string }
  | { readonly type: 'desk'; /** `2026-11` */ readonly month: string };

/** A request's lines stay in the file of the day of its first entry, however long it lives. */
export function requestPath(request: RequestId, firstAt: Instant): string {
  const { year, month, day } = dateOf(firstAt);
  if (!new RegExp(`^${idPattern}$`).test(request)) throw new Error('A request id that is no file name.');
  return `requests/${year}/${month}/${day}/${request}.jsonl`;
}

/** The desk's own stream, a file a month. */
export function deskPath(at: Instant): string {
  const { year, month } = dateOf(at);
  return `desk/${year}/${month}.jsonl`;
}

/** Undefined where we would never write. */
export function parsePath(path: string): Place | undefined {
  const request = requestPattern.exec(path)?.groups;
  if (request) {
    const { year, month, day, id } = request;
    return { type: 'request', request: requestId(id ?? ''), day: `${year}-${month}-${day}` };
  }
  const desk = deskPattern.exec(path)?.groups;
  return desk && { type: 'desk', month: `${desk['year']}-${desk['month']}` };
}

/**
 * Whether a commit that touches this path has to do with entries: everything in the two folders, not only what we
 * would write ourselves, and the folders' own names, which a file or a link of that name would take away.
 */
export function isEntryFile(path: string): boolean {
  return entryFolders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

export const entryFolders = ['requests', 'desk'] as const;

export function fileContent(lines: readonly Line[]): string {
  if (lines.some((line) => line === '' || line.includes('\n')))
    throw new Error('An entry is a line: neither empty nor several.');
  return lines.map((line) => `${line}\n`).join('');
}

export type FileLines =
  | { readonly ok: true; readonly lines: readonly Line[] }
  | { readonly ok: false; readonly code: 'torn' | 'converted'; readonly line: number; readonly what: string };

/** The lines of a file, exactly; refuses one that was cut, padded or converted. */
export function fileLines(content: string): FileLines {
  const lines = content.split('\n');
  const rest = lines.pop() ?? '';
  if (rest !== '')
    return refuse('torn', lines.length + 1, 'ends without a line break: the rest of it is missing');
  if (lines.length === 0) return refuse('torn', 1, 'is missing: the file is empty');
  const empty = lines.indexOf('');
  if (empty >= 0) return refuse('torn', empty + 1, 'is empty');
  const converted = lines.findIndex((line) => line.endsWith('\r'));
  if (converted >= 0)
    return refuse('converted', converted + 1, 'ends in a carriage return: the line endings were converted');
  return { ok: true, lines };
}

function refuse(code: 'torn' | 'converted', line: number, what: string): FileLines {
  return { ok: false, code, line, what };
}

const idPattern = '[0-9A-Za-z][0-9A-Za-z-]{0,63}';
const requestPattern = new RegExp(
  `^requests/(?<year>\\d{4})/(?<month>\\d\\d)/(?<day>\\d\\d)/(?<id>${idPattern})\\.jsonl$`,
);
const deskPattern = /^desk\/(?<year>\d{4})\/(?<month>\d\d)\.jsonl$/;

function dateOf(at: Instant): { readonly year: string; readonly month: string; readonly day: string } {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)T/.exec(at) ?? [];
  if (year === undefined || month === undefined || day === undefined)
    throw new Error('A moment that has no day.');
  return { year, month, day };
}
