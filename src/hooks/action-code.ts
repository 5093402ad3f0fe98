// Runs what an action names of a desk's own code, and says what came of it: done, to be tried again, or never to be.
import type { Desk } from '../desk/desk.ts';
import type { DeskId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { ActionCode, Ran } from '../engine/ports/actions.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Json } from '../sdk/json.ts';
import type { Grants } from './capabilities.ts';
import type { RunProblem } from './code-problem.ts';
import type { CodeRooms } from './code-rooms.ts';
import { plainWords } from './plain-words.ts';

export interface ActionCodeParts {
  readonly rooms: Pick<CodeRooms, 'run'>;
  readonly clock: Pick<Clock, 'now'>;
  /** As it was at that commit of its default branch. Throws `Failure`. */
  readonly deskAt: (desk: DeskId, commit: string) => Promise<Pick<Desk, 'code'>>;
  /** What code of this desk may use that calls these hosts. */
  readonly grants: (desk: DeskId, hosts: readonly string[]) => Promise<Grants>;
}

export function createActionCode({ rooms, clock, deskAt, grants: grantsOf }: ActionCodeParts): ActionCode {
  return {
    async run({ desk, commit, file, function: name, hosts, event, notAfter, signal }) {
      const [{ code: files = {} }, granted] = await Promise.all([
        deskAt(desk, commit),
        grantsOf(desk, hosts),
      ]);
      const at = clock.now();
      const ran = await rooms.run({
        ...{ desk, commit, files, file, export: name, at, signal },
        input: { ...event, at },
        grants: { ...granted, notAfter },
      });
      if (!ran.ok) throw failureOf(ran.problem);
      return ranOf(ran.answer);
    },
  };
}

/** What it threw may pass; what it is, or what it answered, does not. */
const may: { readonly [K in RunProblem['kind']]: { transient: boolean; isUntouched: boolean } } = {
  'does-not-compile': { transient: false, isUntouched: true },
  'not-found': { transient: false, isUntouched: true },
  threw: { transient: true, isUntouched: false },
  timeout: { transient: true, isUntouched: false },
  memory: { transient: false, isUntouched: false },
  output: { transient: false, isUntouched: false },
  crashed: { transient: true, isUntouched: false },
  'given-up': { transient: true, isUntouched: false },
  busy: { transient: true, isUntouched: true },
};

function failureOf({ kind, message, file, line }: RunProblem): Failure {
  const place = file === undefined ? '' : ` (${file}:${line ?? 1})`;
  return new Failure(`The code came to no end: ${message}${place}`, may[kind]);
}

function ranOf(answer: Json | undefined): Ran {
  if (answer === undefined || answer === null) return {};
  if (isObject(answer)) {
    const { answer: kind, reason, values } = answer;
    if (kind === 'give-up' && typeof reason === 'string')
      throw final(`The code says: ${plainWords(reason, 300)}`);
    if (kind === 'output' && isObject(values)) return { recorded: textsOf(values) };
  }
  throw final('The code answered what an action may not.');
}

function textsOf(values: { readonly [name: string]: Json | undefined }): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === 'object' || value === undefined)
        throw final('What the code keeps is not texts, numbers, true and false alone.');
      return [name, String(value)];
    }),
  );
}

function final(message: string): Failure {
  return new Failure(message, { transient: false });
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
