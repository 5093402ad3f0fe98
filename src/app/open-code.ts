// Opens the rooms in which code of a desk runs, with what the operator's settings let it reach.
import type { Outside } from '../clients/outside.ts';
import type { Desks } from '../desk/desks.ts';
import type { DeskId } from '../domain/names.ts';
import type { Directory, DeskCode } from '../engine/ports.ts';
import type { Grants } from '../hooks/capabilities.ts';
import { createCodeRooms, type CodeRooms } from '../hooks/code-rooms.ts';
import { createHookRunner } from '../hooks/hook-runner.ts';
import { createHttpCall } from '../hooks/http-call.ts';
import type { AccessControlParts } from '../strategies/access-control.ts';
import type { Surroundings } from './compose.ts';
import { createKeptCode, type KeptCodeParts } from './kept-code.ts';
import { createStrategyCode } from './strategy-code.ts';

export interface CodeHalf {
  readonly rooms: CodeRooms;
  readonly code: DeskCode;
  readonly ofStrategies: NonNullable<AccessControlParts['code']>;
}

export interface CodeParts {
  readonly desks: Pick<Desks, 'desk' | 'at'>;
  readonly directory: Pick<Directory, 'belongs'>;
  readonly outside: Outside;
  /** What has to be known without GitHub. */
  readonly store: KeptCodeParts['store'];
}

export function openCode(
  { clock, log }: Pick<Surroundings, 'clock' | 'log'>,
  { desks, directory, outside, store }: CodeParts,
): CodeHalf {
  const rooms = createCodeRooms({
    clock,
    log,
    capabilities: {
      http: (call) => {
        const { fetch } = outside.of(call.desk, { signal: call.signal });
        return createHttpCall({ clock, fetch })(call);
      },
    },
  });

  /** A secret is read as a request leaves; that request has its own end. */
  async function grants(desk: DeskId, hosts: readonly string[]): Promise<Grants> {
    const { secret } = outside.of(desk, { signal: new AbortController().signal });
    return { calls: ['http'], hosts, secret };
  }

  const code = createHookRunner({
    rooms,
    grants,
    desk: desks.desk,
    deskAt: desks.at,
    belongs: directory.belongs,
  });
  const kept = createKeptCode({ desks, store, clock });
  return {
    rooms,
    code,
    ofStrategies: createStrategyCode({ rooms, desks, kept, outside, directory, clock }),
  };
}
