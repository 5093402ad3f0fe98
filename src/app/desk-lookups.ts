// What strategies and cards want to know of a desk's files: its people, its admins, its integrations as they are and as they were.
import type { Desk } from '../desk/desk.ts';
import type { Desks } from '../desk/desks.ts';
import { findAccount, withRecentLogins } from '../clients/github/account.ts';
import { repositoryId } from '../clients/github/desk-source.ts';
import type { GitHubApp } from '../clients/github/github-app.ts';
import type { Settings } from '../domain/flow.ts';
import type { DeskId, Group, PersonId, RequestId } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Store } from '../engine/ports/store.ts';
import { remembered } from './remembered.ts';
import type { Person } from '../strategies/strategy.ts';

export interface DeskLookups {
  person(desk: DeskId, person: PersonId): Promise<Person | undefined>;
  loginOf(desk: DeskId, person: PersonId): Promise<string | undefined>;
  githubLogin(desk: DeskId, id: number): Promise<string | undefined>;
  admins(desk: DeskId): Promise<readonly Group[]>;
  integrations(desk: DeskId, name: string, request?: RequestId): Promise<readonly Settings[]>;
}

export interface DeskLookupParts {
  readonly desks: Pick<Desks, 'desk' | 'at'>;
  readonly github: Pick<GitHubApp, 'forRepositoryId'>;
  readonly store: Pick<Store, 'load' | 'bookmark' | 'setBookmark'>;
  readonly clock: Clock;
}

export function createDeskLookups({ desks, github, store, clock }: DeskLookupParts): DeskLookups {
  async function person(desk: DeskId, id: PersonId): Promise<Person | undefined> {
    const found = (await desks.desk(desk)).people?.persons.get(id);
    if (found === undefined) return undefined;
    const { email, github: linked, accounts } = found;
    return {
      id,
      ...(email !== undefined && { email }),
      ...(linked && { github: { id: linked.id } }),
      ...(accounts && { accounts }),
    };
  }

  async function githubLogin(desk: DeskId, id: number): Promise<string | undefined> {
    const { installation } = await github.forRepositoryId(repositoryId(desk));
    return (await findAccount(installation.at('read'), id))?.login;
  }

  /** To mention people. Each desk sees with its own installation's eyes. */
  const recent = new Map<DeskId, (id: number) => Promise<string | undefined>>();
  function recentLogins(desk: DeskId): (id: number) => Promise<string | undefined> {
    const known = recent.get(desk) ?? withRecentLogins((id) => githubLogin(desk, id), clock);
    recent.set(desk, known);
    return known;
  }

  /** The desk as the request was pinned to: what takes access back must not depend on what the files say by now. */
  async function pinnedDesk(desk: DeskId, request: RequestId): Promise<Desk | undefined> {
    const commit = (await store.load(request))?.request.flow.commit;
    return commit === undefined ? undefined : desks.at(desk, commit);
  }

  async function readIntegrations(desk: DeskId, name: string, request?: RequestId): Promise<string> {
    const read = await Promise.allSettled([
      desks.desk(desk),
      request === undefined ? undefined : pinnedDesk(desk, request),
    ]);
    const found = read.flatMap((result) => {
      const integration =
        result.status === 'fulfilled' ? result.value?.settings?.integrations.get(name) : undefined;
      return integration ? [integration.settings] : [];
    });
    const [failed] = read.filter((result) => result.status === 'rejected');
    if (found.length === 0 && failed !== undefined) throw failed.reason;
    return JSON.stringify(found);
  }

  return {
    person,
    githubLogin,
    async loginOf(desk, id) {
      const linked = (await person(desk, id))?.github;
      return linked && recentLogins(desk)(linked.id);
    },
    admins: async (desk) => (await desks.desk(desk)).settings?.admins ?? [],
    async integrations(desk, name, request) {
      const read = (): Promise<string> => readIntegrations(desk, name, request);
      return parseIntegrations(await remembered({ store, clock }, `integrations ${desk} ${name}`, read));
    },
  };
}

/** Ours, as it was written; secrets are only named in it. */
function parseIntegrations(text: string): readonly Settings[] {
  const read: unknown = JSON.parse(text);
  return Array.isArray(read)
    ? read.filter((each): each is Settings => typeof each === 'object' && each !== null)
    : [];
}
