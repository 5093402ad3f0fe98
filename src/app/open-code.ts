// Opens the rooms in which code of a desk runs, with what the operator's settings let it reach.
import { createGuardedFetch } from '../clients/http/guarded-fetch.ts';
import type { Desks } from '../desk/desks.ts';
import type { DeskId } from '../domain/names.ts';
import type { Directory, DeskCode } from '../engine/ports.ts';
import type { Grants } from '../hooks/capabilities.ts';
import { createCodeRooms, type CodeRooms } from '../hooks/code-rooms.ts';
import { createHookRunner } from '../hooks/hook-runner.ts';
import { createHttpCall } from '../hooks/http-call.ts';
import type { Surroundings } from './compose.ts';
import { redirectedFetch } from './endpoints.ts';
import { grantedSecret, secretsOf } from './granted-secret.ts';
import type { Settings } from './settings.ts';

export interface CodeHalf {
  readonly rooms: CodeRooms;
  readonly code: DeskCode;
}

export function openCode(
  settings: Settings,
  { clock, log, fetch, fetchForDesks }: Surroundings,
  {
    desks,
    directory,
  }: { readonly desks: Pick<Desks, 'desk' | 'at'>; readonly directory: Pick<Directory, 'belongs'> },
): CodeHalf {
  const { endpoints, privateHosts } = settings;
  const otherwise = fetchForDesks ?? createGuardedFetch({ allowed: privateHosts });
  const rooms = createCodeRooms({
    clock,
    log,
    capabilities: {
      http: createHttpCall({ clock, fetch: redirectedFetch({ endpoints, there: fetch, otherwise }) }),
    },
  });

  /** The secrets are read before the code runs: it asks for them as a request leaves. */
  async function grants(desk: DeskId, hosts: readonly string[]): Promise<Grants> {
    const known = new Map<string, string>();
    for (const name of secretsOf(settings, desk))
      for (const host of hosts) {
        const value = grantedSecret(settings, { desk, name, host });
        if (value !== undefined) known.set(`${name} ${host}`, value);
      }
    return { calls: ['http'], hosts, secret: (name, host) => known.get(`${name} ${host}`) };
  }

  const code = createHookRunner({
    rooms,
    grants,
    desk: desks.desk,
    deskAt: desks.at,
    belongs: directory.belongs,
  });
  return { rooms, code };
}
