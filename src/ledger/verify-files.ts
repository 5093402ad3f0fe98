// Reads every entry of a ledger as a rebuild would, and says of what is wrong there which commit brought it.
import { isUtf8 } from 'node:buffer';
import { parseDeskLine } from '../domain/desk-entry-line.ts';
import { deskId, type DeskId } from '../domain/names.ts';
import { readLink, type LedgerProblem } from './chain-link.ts';
import { untimelyIn, type Untimely } from './entry-times.ts';
import { readFileHistory, type Damage, type FileHistory } from './file-history.ts';
import type { Finding } from './finding.ts';
import { parsePath } from './layout.ts';
import type { CopiedFile, LedgerCopy } from './ledger-copy.ts';
import { readRequestFile } from './rebuild.ts';
import { readStream } from './read-stream.ts';
import type { History } from './verify-history.ts';
import type { NotJudged, Verifying } from './verify.ts';

export interface VerifiedFiles {
  readonly findings: readonly Finding[];
  readonly notJudged: readonly NotJudged[];
  readonly untimely: readonly Untimely[];
  readonly desk?: string;
  readonly requests: number;
  readonly entries: number;
  readonly deskEntries: number;
}

interface Month {
  readonly path: string;
  readonly content: string;
  readonly history: FileHistory;
}

export async function verifyFiles(
  copy: LedgerCopy,
  history: History,
  { progress }: Pick<Verifying, 'progress'>,
): Promise<VerifiedFiles> {
  const findings: Finding[] = [];
  const notJudged: NotJudged[] = [];
  const untimely: Untimely[] = [];
  const months: Month[] = [];
  const desks = new Map<DeskId, string[]>();
  const gone = new Map(history.versions);
  let requests = 0;
  let entries = 0;
  for await (const file of copy.files()) {
    gone.delete(file.path);
    if (requests % 1000 === 0) progress?.(`${requests} requests`);
    const past = await readFileHistory(file.content, history.versions.get(file.path) ?? [], copy);
    const content = file.content.toString('utf8');
    const place = parsePath(file.path);
    if (place !== undefined) untimely.push(...untimelyIn(history, file.path, content, past));
    if (place?.type === 'desk' && isPlain(file) && isUtf8(file.content)) {
      months.push({ path: file.path, content, history: past });
      continue;
    }
    const read = readPlainFile(file, content);
    findings.push(...findingsIn(history, file.path, content, past, read.problem));
    if (read.newer) notJudged.push({ path: file.path, fromLine: read.newer.line });
    if (place?.type === 'request') requests += 1;
    entries += read.lines;
    if (read.desk !== undefined) pathsOf(desks, read.desk).push(file.path);
  }
  const [desk] = [...desks].sort(([, a], [, b]) => b.length - a.length)[0] ?? [deskOf(months)];
  for (const [other, paths] of desks)
    if (other !== desk) findings.push(...paths.map((path) => strangerIn(history, path)));
  findings.push(...monthFindings(history, months, desk));
  notJudged.push(...months.flatMap(newerIn));
  for (const [path, versions] of gone) {
    const past = await readFileHistory(Buffer.alloc(0), versions, copy);
    findings.push(...findingsIn(history, path, '', past, undefined));
  }
  return {
    findings,
    notJudged,
    untimely,
    ...(desk !== undefined && { desk }),
    requests,
    entries,
    deskEntries: months.reduce((sum, { content }) => sum + linesOf(content), 0),
  };
}

function pathsOf(desks: Map<DeskId, string[]>, desk: DeskId): string[] {
  const paths = desks.get(desk) ?? [];
  desks.set(desk, paths);
  return paths;
}

interface ReadFile {
  readonly problem?: LedgerProblem | UnreadableFile;
  readonly newer?: LedgerProblem;
  readonly desk?: DeskId;
  readonly lines: number;
}

type UnreadableFile = Omit<LedgerProblem, 'code'> & { readonly code: 'not-utf8' };

function readPlainFile(file: CopiedFile, content: string): ReadFile {
  const { path } = file;
  const lines = linesOf(content);
  if (!isPlain(file))
    return {
      lines,
      problem: { path, line: 1, code: 'stray-file', sentence: 'It is no plain file, and not ours.' },
    };
  if (!isUtf8(file.content))
    return {
      lines,
      problem: { path, line: 1, code: 'not-utf8', sentence: 'It holds bytes that are no text.' },
    };
  const read = readRequestFile(path, content);
  if (read.ok) return { lines, desk: read.request.desk, ...(read.readOnly && { newer: read.readOnly }) };
  const { problem, soundPart } = read;
  const isNewer = problem.code === 'unknown-version' || problem.code === 'unknown-type';
  return {
    lines,
    ...(isNewer ? { newer: problem } : { problem }),
    ...(soundPart && { desk: soundPart.request.desk }),
    ...(soundPart?.readOnly && { newer: soundPart.readOnly }),
  };
}

function isPlain({ mode }: CopiedFile): boolean {
  return mode === '100644' || mode === '100755';
}

/** What history and content say of the same trouble is one finding. */
function findingsIn(
  history: History,
  path: string,
  content: string,
  past: FileHistory,
  problem: ReadFile['problem'],
): readonly Finding[] {
  const since = problem && past.broughtBy(problem.line);
  const last = past.damage.at(-1);
  const isTheSame = problem !== undefined && last !== undefined && (since ?? last.commit) === last.commit;
  const damaged = past.damage.map((damage) =>
    ofDamage(history, path, damage, isTheSame && damage === last ? problem.sentence : undefined),
  );
  if (problem === undefined || isTheSame) return damaged;
  const { line, code, sentence } = problem;
  return [
    ...damaged,
    {
      code,
      sentence,
      path,
      line,
      ...namesOf(path, content.split('\n')[line - 1]),
      ...(since !== undefined && { commit: history.markOf(since) }),
    },
  ];
}

function ofDamage(history: History, path: string, damage: Damage, also: string | undefined): Finding {
  const { code, line, sentence, before, commit } = damage;
  return {
    code,
    sentence: also === undefined ? sentence : `${sentence} ${also}`,
    path,
    line,
    ...namesOf(path, before),
    commit: history.markOf(commit),
  };
}

function strangerIn(history: History, path: string): Finding {
  const [first] = history.versions.get(path) ?? [];
  return {
    code: 'wrong-desk',
    sentence: 'It is a request of another desk.',
    path,
    line: 1,
    ...namesOf(path, undefined),
    ...(first && { commit: history.markOf(first.commit) }),
  };
}

/** The chain of the desk's stream runs on from month to month; the first trouble in it is the one that is told. */
function monthFindings(
  history: History,
  months: readonly Month[],
  desk: DeskId | undefined,
): readonly Finding[] {
  const read = months.length === 0 ? undefined : readStream(desk ?? deskId('unknown', 0), months);
  const problem = read && !read.ok ? read.problem : undefined;
  return months.flatMap(({ path, content, history: past }) =>
    findingsIn(history, path, content, past, problem?.path === path ? problem : undefined),
  );
}

function deskOf([first]: readonly Month[]): DeskId | undefined {
  const parsed = first && parseDeskLine(first.content.split('\n')[0] ?? '');
  return parsed && 'entry' in parsed ? parsed.entry.desk : undefined;
}

function newerIn({ path, content }: Month): readonly NotJudged[] {
  const parsed = content.split('\n').map(parseDeskLine);
  const index = parsed.findIndex((each) => 'place' in each);
  return index < 0 ? [] : [{ path, fromLine: index + 1 }];
}

function namesOf(path: string, line: string | undefined): Pick<Finding, 'entry' | 'request'> {
  const place = parsePath(path);
  const entry = line === undefined ? undefined : entryIdIn(line, place?.type ?? 'request');
  return {
    ...(entry !== undefined && { entry }),
    ...(place?.type === 'request' && { request: place.request }),
  };
}

/** Only of a line that still says what it is, and an id that can stand anywhere. */
function entryIdIn(line: string, about: 'request' | 'desk'): string | undefined {
  if ('problem' in readLink(line, about)) return undefined;
  const { id }: { id?: unknown } = JSON.parse(line);
  return typeof id === 'string' && /^[0-9A-Za-z-]{1,64}$/.test(id) ? id : undefined;
}

function linesOf(content: string): number {
  return content.split('\n').filter((line) => line !== '').length;
}
