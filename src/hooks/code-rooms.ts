// The rooms where a desk's own code runs: what it may cost, what it may reach, and what is said where it does not behave.
import { randomUUID } from 'node:crypto';
import type { DeskId, Instant } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Log } from '../engine/ports/log.ts';
import type { Json } from '../sdk/json.ts';
import { noGrants, type Capabilities, type Grants } from './capabilities.ts';
import type { CodeProblem, RunProblem } from './code-problem.ts';
import type { CodeFiles, Compiled } from './compile-messages.ts';
import { createCompiler } from './compiler.ts';
import { usualLimits, type CodeLimits } from './limits.ts';
import { createOutsideCalls } from './outside-calls.ts';
import { createRecent } from './recent.ts';
import type { Room } from './room.ts';
import { createRoomPool, type Job } from './room-pool.ts';
import { createSecretMarks } from './secret-marks.ts';
import { tellResult } from './tell-result.ts';

/** The code of a desk at a commit: for one desk and commit the files are always the same. */
export interface DeskCode {
  readonly desk: DeskId;
  readonly commit: string;
  readonly files: CodeFiles;
}

export interface CodeCall extends DeskCode {
  /** `flows/deploy.ts`. */
  readonly file: string;
  /** `on_request`; a function of an exported object as `strategy.read`. What is exported and no function answers itself. */
  readonly export: string;
  readonly input: Json;
  /** The time of the event: what the code reads as now. */
  readonly at: Instant;
  /** Nothing, where left out. */
  readonly grants?: Grants;
  readonly signal?: AbortSignal;
  /** It takes access back: nothing else that a desk has run, or has checked, may hold it up. */
  readonly isUrgent?: true;
}

export type Ran = Answered & Told;

export type Answered =
  /** `answer` is undefined where the code returned nothing. */
  | { readonly ok: true; readonly answer: Json | undefined }
  | { readonly ok: false; readonly problem: RunProblem };

/** Beside what came of it. */
export interface Told {
  /** What the code logged, in lines that may be shown to those who run the desk. */
  readonly said: readonly string[];
  /** The names of outside calls that it made without being granted them. */
  readonly denied: readonly string[];
}

export interface CodeRooms {
  /** Runs one exported function. Never rejects. */
  run(call: CodeCall): Promise<Ran>;
  /** What each file exports, and what keeps the code from running. Types are not looked at, and nothing is run. */
  read(code: DeskCode): Promise<Pick<Compiled, 'exports' | 'problems'>>;
  /** All that is wrong with the code, its types too; an empty list where nothing is. Nothing of it is run. */
  check(code: Pick<DeskCode, 'desk' | 'files'>): Promise<readonly CodeProblem[]>;
  /** Ends all threads; what runs is told `crashed`. */
  stop(): Promise<void>;
}

export interface CodeRoomsParts {
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<CodeLimits>;
}

/** How many desks at a commit are kept as JavaScript. */
const keptCompiled = 24;

export function createCodeRooms(parts: CodeRoomsParts): CodeRooms {
  const { clock, log } = parts;
  const limits: CodeLimits = { ...usualLimits, ...parts.limits };
  const compiler = createCompiler(limits);
  const pool = createRoomPool(limits, clock);
  const perform = createOutsideCalls({ capabilities: parts.capabilities, limits, log });
  const recent = createRecent<Promise<Compiled>>(keptCompiled);

  /** Code that is sound is read once; code that is not may only have come at a bad time. */
  async function compiled(
    { desk, commit, files }: DeskCode,
    task: 'transpile' | 'transpile at once' = 'transpile',
  ): Promise<Compiled> {
    // What still waits to be read does not get ahead by being asked for once more.
    const key = `${desk} ${commit} ${task}`;
    const reading = recent.get(key) ?? compiler.compile(task, desk, files);
    recent.set(key, reading);
    const { problems } = await reading;
    if (problems.length > 0) recent.delete(key);
    return reading;
  }

  async function runIn(
    room: Room,
    call: CodeCall,
    input: string,
    { sourceMaps }: Compiled,
  ): Promise<{ ran: Ran; isSound: boolean }> {
    const { desk, grants = noGrants } = call;
    const nonce = randomUUID();
    const denied: string[] = [];
    const secrets = createSecretMarks(nonce, grants.secret?.bind(grants));
    const result = await room.run({
      message: { type: 'call', file: call.file, export: call.export, input, at: Date.parse(call.at), nonce },
      perform: (asked, signal) =>
        perform({ desk, grants, secrets, asked, signal, deny: (name) => denied.push(name) }),
      ...(call.signal && { signal: call.signal }),
    });
    const ran = { ...tellResult(result, { limits, secrets, sourceMaps }), denied };
    if (!ran.ok)
      log.warn('The code of a desk came to no answer', { desk, file: call.file, kind: ran.problem.kind });
    return { ran, isSound: result.outcome.isSound };
  }

  return {
    async run(call) {
      const input = JSON.stringify(call.input);
      if (input.length > limits.inputLength)
        return refusal('output', `What it would be told is longer than ${limits.inputLength} characters.`);
      const code = await compiled(call, call.isUrgent ? 'transpile at once' : 'transpile');
      const [problem] = code.problems;
      if (problem) return { ...refusal('does-not-compile', problem.message, problem) };
      return new Promise((resolve) => {
        const job: Job = {
          desk: call.desk,
          commit: call.commit,
          file: call.file,
          isUrgent: call.isUrgent === true,
          work: { modules: code.modules, limits },
          async run(room) {
            call.signal?.removeEventListener('abort', giveUp);
            const { ran, isSound } = await runIn(room, call, input, code);
            resolve(ran);
            return isSound;
          },
        };
        const giveUp = (): void => {
          pool.remove(job);
          resolve(refusal('given-up', 'It was given up before it began.'));
        };
        if (call.signal?.aborted) return giveUp();
        call.signal?.addEventListener('abort', giveUp, { once: true });
        if (!pool.add(job)) resolve(refusal('busy', 'Too many calls of this desk wait already.'));
      });
    },
    async read(code) {
      const { exports, problems } = await compiled(code);
      return { exports, problems };
    },
    check: async ({ desk, files }) => (await compiler.compile('check', desk, files)).problems,
    async stop() {
      await Promise.all([pool.stop(), compiler.stop()]);
    },
  };
}

function refusal(kind: RunProblem['kind'], message: string, at?: CodeProblem): Ran & { readonly ok: false } {
  return {
    ok: false,
    problem: { kind, message, ...(at && { file: at.file, line: at.line }) },
    said: [],
    denied: [],
  };
}
