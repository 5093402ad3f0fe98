// Reads everything back from the ledger's files, believing nothing: place, chain, order and legality are checked.
import { parseLine, type Line } from '../domain/entry-line.ts';
import { evolve, passOver } from '../domain/evolve.ts';
import type { DeskId } from '../domain/names.ts';
import type { Request } from '../domain/request.ts';
import type { Ledger, LedgerFile } from '../engine/ports/ledger.ts';
import {
  checkLink,
  linkWords,
  readLink,
  type ChainLink,
  type LedgerProblem,
  type LedgerProblemCode,
} from './chain-link.ts';
import { fileLines, parsePath } from './layout.ts';
import { readStream, type ReadStream } from './read-stream.ts';

export interface RebuiltRequest {
  readonly request: Request;
  readonly lines: readonly Line[];
  readonly committedSeq: number;
  /** A newer Countersign wrote part of it: nothing may be decided here, but its deescalation goes on. */
  readonly readOnly?: LedgerProblem;
}

export type RequestFile =
  | ({ readonly ok: true } & RebuiltRequest)
  | {
      readonly ok: false;
      readonly problem: LedgerProblem;
      /** As far as the file is sound, if it is at all: a grant in it may still be out there. */
      readonly soundPart?: RebuiltRequest;
    };

/** Every request of a desk's ledger, then its own stream if there is one; what is broken is a problem, and the others go on. */
export async function* rebuild(
  ledger: Pick<Ledger, 'read'>,
  head: string,
  desk: DeskId,
): AsyncIterable<RequestFile | ReadStream> {
  const months: LedgerFile[] = [];
  for await (const { path, content } of ledger.read(head)) {
    if (parsePath(path)?.type === 'desk') {
      months.push({ path, content });
      continue;
    }
    const file = readRequestFile(path, content);
    if (!file.ok || file.request.desk === desk) yield file;
    else {
      const problem = {
        path,
        line: 1,
        code: 'wrong-desk',
        sentence: 'It is a request of another desk.',
      } as const;
      yield { ok: false, problem };
    }
  }
  if (months.length > 0) yield readStream(desk, months);
}

/** `path` as in the ledger's branch; `content` the whole file. */
export function readRequestFile(path: string, content: string): RequestFile {
  const place = parsePath(path);
  const refuse = (line: number, code: LedgerProblemCode, sentence: string): LedgerProblem => ({
    path,
    line,
    code,
    sentence,
  });
  if (place?.type !== 'request')
    return { ok: false, problem: refuse(1, 'stray-file', 'It is no file of a request, and not ours.') };
  const file = fileLines(content);
  const reading: Reading = { place, refuse, lines: [] };
  for (const line of file.ok ? file.lines : soundLines(content)) {
    const problem = readLine(reading, line);
    if (problem) return broken(problem, reading);
    reading.lines.push(line);
  }
  if (!file.ok) return broken(refuse(file.line, file.code, `Line ${file.line} ${file.what}.`), reading);
  const rebuilt = rebuiltFrom(reading);
  return rebuilt ? { ok: true, ...rebuilt } : broken(refuse(1, 'torn', 'It holds no entry.'), reading);
}

/** What was read so far. */
interface Reading {
  readonly place: { readonly request: string; readonly day: string };
  readonly refuse: (line: number, code: LedgerProblemCode, sentence: string) => LedgerProblem;
  readonly lines: Line[];
  request?: Request;
  readOnly?: LedgerProblem;
}

function readLine(reading: Reading, line: Line): LedgerProblem | undefined {
  const number = reading.lines.length + 1;
  const link = readLink(line, 'request');
  if ('problem' in link)
    return reading.refuse(number, link.problem, `Line ${number} is ${linkWords[link.problem]}.`);
  const misplaced = misplace(link, reading);
  if (misplaced) return reading.refuse(number, misplaced.code, `Line ${number} ${misplaced.what}.`);
  const parsed = parseLine(line);
  if ('problem' in parsed)
    return 'place' in parsed
      ? passOverLine(reading, link, line, parsed.problem)
      : reading.refuse(number, parsed.problem, `Line ${number} is ${linkWords[parsed.problem]}.`);
  try {
    reading.request = evolve(reading.request, parsed.entry, line);
  } catch {
    if (reading.readOnly) return passOverLine(reading, link, line, reading.readOnly.code);
    const status = reading.request?.phase.status ?? 'nothing';
    return reading.refuse(number, 'illegal-entry', `Line ${number} says what cannot follow ${status}.`);
  }
  return undefined;
}

/** An entry that we cannot understand keeps its place in the chain. */
function passOverLine(
  reading: Reading,
  { seq, at }: ChainLink,
  line: Line,
  code: LedgerProblemCode,
): LedgerProblem | undefined {
  const problem = reading.refuse(seq, code, `Line ${seq} was written by a newer Countersign.`);
  if (reading.request === undefined) return problem;
  reading.request = passOver(reading.request, { seq, lastAt: at }, line);
  reading.readOnly ??= problem;
  return undefined;
}

function misplace(
  link: ChainLink,
  { place, lines, request }: Reading,
): { readonly code: LedgerProblemCode; readonly what: string } | undefined {
  if (link.of !== place.request)
    return { code: 'wrong-request', what: 'is of another request than the file' };
  const misplaced = checkLink(link, request);
  if (misplaced) return misplaced;
  if (lines.length === 0 && !link.at.startsWith(`${place.day}T`))
    return { code: 'wrong-day', what: 'was not written on the day of its folder' };
  return undefined;
}

function broken(problem: LedgerProblem, reading: Reading): RequestFile {
  const soundPart = rebuiltFrom(reading);
  return { ok: false, problem, ...(soundPart && { soundPart }) };
}

function rebuiltFrom({ request, lines, readOnly }: Reading): RebuiltRequest | undefined {
  return request && { request, lines, committedSeq: lines.length, ...(readOnly && { readOnly }) };
}

/** Of a file that was cut or converted: the whole lines before the trouble. */
function soundLines(content: string): readonly Line[] {
  const lines = content.split('\n').slice(0, -1);
  const end = lines.findIndex((line) => line === '' || line.endsWith('\r'));
  return end < 0 ? lines : lines.slice(0, end);
}
