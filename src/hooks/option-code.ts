// Runs what a field names of a desk's own code for its options: as the code is on the default branch now.
import type { Desk } from '../desk/desk.ts';
import type { DeskId, Group, PersonId } from '../domain/names.ts';
import type { Unknown } from '../domain/facts.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Json, JsonObject } from '../sdk/json.ts';
import type { Grants } from './capabilities.ts';
import type { CodeRooms } from './code-rooms.ts';
import { personTold } from './person-told.ts';

export interface OptionCodeParts {
  readonly rooms: Pick<CodeRooms, 'run'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Throws `Failure`. */
  readonly desk: (desk: DeskId) => Promise<Desk>;
  readonly belongs: (desk: DeskId, person: PersonId, group: Group) => Promise<boolean | Unknown>;
  /** What code of this desk may use that calls these hosts. */
  readonly grants: (desk: DeskId, hosts: readonly string[]) => Promise<Grants>;
}

export interface OptionCode {
  /** `flows/buckets.ts` */
  readonly file: string;
  /** Its name, as the file exports it. */
  readonly function: string;
  readonly hosts: readonly string[];
  readonly input: JsonObject;
  readonly requester: PersonId;
  readonly signal: AbortSignal;
}

/** What it answered: JSON of which nothing else is known. Throws `Failure`, with no word of the code. */
export type RunOptionCode = (desk: DeskId, run: OptionCode) => Promise<Json | undefined>;

export function createOptionCode(parts: OptionCodeParts): RunOptionCode {
  const { rooms, clock } = parts;
  return async (desk, { file, function: name, hosts, input, requester: id, signal }) => {
    const [{ commit, code: files = {}, people }, grants] = await Promise.all([
      parts.desk(desk),
      parts.grants(desk, hosts),
    ]);
    const requester = await personTold(parts, { desk, id, known: people?.persons.get(id) });
    const at = clock.now();
    const ran = await rooms.run({
      ...{ desk, commit, files, file, export: name, at, grants, signal },
      input: { at, requester, input },
    });
    if (ran.ok) return ran.answer;
    const { kind, line } = ran.problem;
    // Whoever asks reads this: what the code says of its services is for those who run the desk.
    throw new Failure(
      `The code came to no answer: ${kind}${line === undefined ? '' : `, in line ${line}`}.`,
      {
        transient: kind !== 'does-not-compile' && kind !== 'not-found',
      },
    );
  };
}
