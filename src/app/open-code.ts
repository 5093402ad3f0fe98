// Opens the rooms in which code of a desk runs, with what the operator's settings let it reach.
import type { Outside } from '../clients/outside.ts';
import type { Desks } from '../desk/desks.ts';
import type { DeskId } from '../domain/names.ts';
import type { ActionCode, Directory, DeskCode } from '../engine/ports.ts';
import { createActionCode } from '../hooks/action-code.ts';
import type { Grants } from '../hooks/capabilities.ts';
import { createCodeRooms, type CodeRooms } from '../hooks/code-rooms.ts';
import { createHookRunner } from '../hooks/hook-runner.ts';
import { createHttpCall } from '../hooks/http-call.ts';
import type { Surroundings } from './compose.ts';

export interface CodeHalf {
  readonly rooms: CodeRooms;
  /** Of its flows: the hooks. */
  readonly code: DeskCode;
  /** What runs after an approval. */
  readonly actions: ActionCode;
}

export interface CodeParts {
  readonly desks: Pick<Desks, 'desk' | 'at'>;
  readonly directory: Pick<Directory, 'belongs'>;
  readonly outside: Outside;
}

export function openCode(
  { clock, log }: Pick<Surroundings, 'clock' | 'log'>,
  { desks, directory, outside }: CodeParts,
): CodeHalf {
  const rooms = createCodeRooms({
    clock,
    log,
    capabilities: {
      http: (call) => {
        const { signal, grants } = call;
        const { notAfter } = grants;
        const { fetch } = outside.of(call.desk, { signal, ...(notAfter !== undefined && { notAfter }) });
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
  const actions = createActionCode({ rooms, clock, grants, deskAt: desks.at });
  return { rooms, code, actions };
}
