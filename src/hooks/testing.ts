// countersign/sdk/testing: runs code of a desk in the real sandbox, with outside calls that the test answers.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { deskId, instant, parseInstant } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Json } from '../sdk/json.ts';
import type { Capabilities } from './capabilities.ts';
import type { CodeProblem, RunProblem } from './code-problem.ts';
import { createCodeRooms } from './code-rooms.ts';
import type { CodeFiles } from './compile-messages.ts';

export { exampleEvents } from './example-events.ts';
export { OutsideRefusal } from './capabilities.ts';
export { Failure } from '../engine/ports/failure.ts';

/** An outside call that the code made: `{ name: 'http', args: { url, … } }`. A secret shows as `(secret NAME)`. */
export interface CallMade {
  readonly name: string;
  readonly args: Json;
}

/**
 * What answers outside calls, by their names. It gets what the code gave, and answers JSON: for `http`,
 * `{ status: 200, json: … }`. To fail it throws `OutsideRefusal` or `Failure`. A call that is not here makes the run fail.
 */
export type Outside = {
  readonly [name: string]: (args: Json) => Json | undefined | Promise<Json | undefined>;
};

export interface CodeUnderTest {
  /** Runs an export of a file, such as `run('deploy.ts', 'on_request', event)`, and resolves to its answer. Throws `CodeFailed`. */
  run(file: string, name: string, input?: unknown): Promise<Json | undefined>;
  /** What is wrong with the code, as the check of a pull request would say it. */
  check(): Promise<readonly CodeProblem[]>;
  /** The outside calls made so far, in order. */
  readonly calls: readonly CallMade[];
  /** What it logged so far. */
  readonly said: readonly string[];
  /** Ends its threads; a test that forgets it does not hang. */
  stop(): Promise<void>;
}

/** Why a run came to no answer. `problem.kind` is one of those in docs/code.md. */
export class CodeFailed extends Error {
  override readonly name = 'CodeFailed';
  readonly problem: RunProblem;
  constructor(problem: RunProblem) {
    const where = problem.file ? ` (${problem.file}:${problem.line ?? 1})` : '';
    super(`${problem.kind}: ${problem.message}${where}`);
    this.problem = problem;
  }
}

/** `folder` holds the flows and their code; or `files` are given as texts, by names such as `deploy.ts`. */
export function codeUnderTest(parts: {
  readonly folder?: string;
  readonly files?: { readonly [name: string]: string };
  readonly outside?: Outside;
  /** What the code reads as now, where the input has no `at`. */
  readonly now?: string;
}): CodeUnderTest {
  const { outside = {}, now = '2026-11-20T09:15:02.114Z' } = parts;
  const files = inFlows(parts.files ?? filesIn(parts.folder ?? 'flows'));
  const calls: CallMade[] = [];
  const said: string[] = [];
  const desk = deskId('test', 0);
  const commit = createHash('sha256').update(JSON.stringify(files)).digest('hex');
  const rooms = createCodeRooms({ capabilities: given(outside, calls), clock: realClock, log: silence });

  return {
    calls,
    said,
    async run(file, name, input = {}) {
      const json: Json = JSON.parse(JSON.stringify(input));
      const at = parseInstant(momentOf(json) ?? now);
      if (at === undefined) throw new TypeError('This moment is none.');
      const grants = { calls: Object.keys(outside), hosts: [] };
      const call = { desk, commit, files, file: `flows/${file}`, export: name, input: json, at, grants };
      const ran = await rooms.run(call);
      said.push(...ran.said);
      const [unknown] = ran.denied;
      if (unknown !== undefined)
        throw new Error(`The code calls ${unknown}. Say in \`outside\` what answers it.`);
      if (!ran.ok) throw new CodeFailed(ran.problem);
      return ran.answer;
    },
    check: () => rooms.check({ desk, files }),
    stop: () => rooms.stop(),
  };
}

/** What the test gave, noting who called. Marks of secrets change with every call, and would be of no use to compare with. */
function given(outside: Outside, calls: CallMade[]): Capabilities {
  return Object.fromEntries(
    Object.entries(outside).map(([name, answer]) => [
      name,
      async ({ args }) => {
        const shown = withReadableMarks(args);
        calls.push({ name, args: shown });
        return answer(shown);
      },
    ]),
  );
}

function withReadableMarks(args: Json): Json {
  const text = JSON.stringify(args);
  return JSON.parse(
    text.replace(/\{\{countersign:[^:{}]*:(?:text|basic):([^:{}]*)(?::[^:{}]*)?\}\}/g, '(secret $1)'),
  );
}

function filesIn(folder: string): CodeFiles {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  const code = paths.filter((path) => path.endsWith('.ts') && !/\.(?:test|d)\.ts$/.test(path));
  return Object.fromEntries(
    code.map((path) => [relative(folder, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  );
}

function inFlows(files: CodeFiles): CodeFiles {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`flows/${name}`, text]));
}

function momentOf(input: Json): string | undefined {
  if (typeof input !== 'object' || input === null || !('at' in input)) return undefined;
  return typeof input.at === 'string' ? input.at : undefined;
}

const realClock: Clock = {
  now: () => instant(Date.now()),
  async sleep(ms, signal) {
    await after(ms, undefined, { ref: false, ...(signal && { signal }) }).catch(() => undefined);
  },
};

const silence = { info: () => undefined, warn: () => undefined, error: () => undefined };
