// Runs what a desk wrote as its own strategy: its code of the right commit, with the ways out of the call that it is for.
import type { Outside } from '../clients/outside.ts';
import type { Desks } from '../desk/desks.ts';
import type { DeskId, PersonId } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Directory } from '../engine/ports/directory.ts';
import type { Grants } from '../hooks/capabilities.ts';
import type { CodeRooms } from '../hooks/code-rooms.ts';
import { personTold } from '../hooks/person-told.ts';
import type { JsonObject } from '../sdk/json.ts';
import type { AccessControlParts, Bounds } from '../strategies/access-control.ts';
import type { CodeRun } from '../strategies/desk-code.ts';
import type { KeptCode } from './kept-code.ts';

export interface StrategyCodeParts {
  readonly rooms: Pick<CodeRooms, 'run'>;
  readonly desks: Pick<Desks, 'desk'>;
  readonly kept: KeptCode;
  readonly outside: Outside;
  readonly directory: Pick<Directory, 'belongs'>;
  readonly clock: Clock;
}

export function createStrategyCode(parts: StrategyCodeParts): NonNullable<AccessControlParts['code']> {
  const { rooms, desks, kept, outside, clock } = parts;

  async function codeOf(desk: DeskId, { commit }: CodeRun, { purpose }: Bounds) {
    if (commit === undefined) {
      const { commit: head, code = {} } = await desks.desk(desk);
      return { commit: head, files: code };
    }
    const files = await kept.at(desk, commit);
    if (purpose === 'escalate') await kept.keep(desk, commit, files);
    return { commit, files };
  }

  async function told(desk: DeskId, { input, person }: CodeRun): Promise<JsonObject> {
    return person === undefined ? input : { ...input, person: await whoIs(desk, person) };
  }

  async function whoIs(desk: DeskId, id: PersonId): Promise<JsonObject> {
    const { people } = await desks.desk(desk);
    return personTold(parts.directory, { desk, id, known: people?.persons.get(id) });
  }

  function grantsOf(desk: DeskId, { hosts, integration }: CodeRun, bounds: Bounds): Grants {
    const { secret } = outside.of(desk, bounds);
    return {
      calls: ['http'],
      hosts,
      ...(integration && {
        integrations: {
          [integration.name]: {
            ...{ type: 'http', settings: integration.settings, write: true },
            ...(bounds.environment !== undefined && { environment: bounds.environment }),
          },
        },
      }),
      ...(bounds.notAfter && { notAfter: bounds.notAfter }),
      secret,
    };
  }

  return async (desk, run, bounds) => {
    const code = await codeOf(desk, run, bounds);
    const ran = await rooms.run({
      ...{ desk, file: run.file, export: run.function, input: await told(desk, run) },
      ...code,
      at: clock.now(),
      grants: grantsOf(desk, run, bounds),
      signal: bounds.signal,
      ...(bounds.purpose === 'deescalate' && { isUrgent: true }),
    });
    if (ran.ok) return { ok: true, answer: ran.answer };
    const { kind, message, file, line, transient } = ran.problem;
    return {
      ok: false,
      problem: {
        ...{ kind, message },
        ...(file === run.file && line !== undefined && { line }),
        ...(transient !== undefined && { transient }),
      },
    };
  };
}
