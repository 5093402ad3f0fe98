// An account on GitHub by its numeric id, which outlives its login: logins are renamed, and taken by strangers.
import type { Octokit } from '@octokit/rest';
import { between, type Instant, type Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { isNotFound } from './failure.ts';

export interface GitHubAccount {
  readonly id: number;
  /** As it is now. */
  readonly login: string;
  /** `User`, `Bot`, `Organization`. */
  readonly type: string;
}

/** Undefined where GitHub shows no such account any more. Asked each time: what decides or grants must not go by an old login. */
export async function findAccount(octokit: Octokit, id: number): Promise<GitHubAccount | undefined> {
  try {
    const { data } = await octokit.rest.users.getById({ account_id: id });
    return data.id === id ? { id, login: data.login, type: data.type } : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Who has a login today, to be written down with the id; undefined where nobody does. */
export async function findAccountByLogin(
  octokit: Octokit,
  login: string,
): Promise<(GitHubAccount & { readonly fullName?: string }) | undefined> {
  try {
    const { data } = await octokit.rest.users.getByUsername({ username: login });
    const { id, type, name } = data;
    return { id, type, login: data.login, ...(name && { fullName: name }) };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

type FindLogin = (id: number) => Promise<string | undefined>;

/** Long enough for one card and its notice. */
const believedFor: Milliseconds = 20_000;
const mostRemembered = 1000;

/** For what is shown to people, never for what decides or grants. `find` is asked once for those who ask together. */
export function withRecentLogins(find: FindLogin, clock: Pick<Clock, 'now'>): FindLogin {
  const recent = new Map<number, { readonly at: Instant; readonly login: Promise<string | undefined> }>();
  return (id) => {
    const now = clock.now();
    const known = recent.get(id);
    if (known && Math.abs(between(known.at, now)) < believedFor) return known.login;
    const login = find(id);
    recent.delete(id);
    recent.set(id, { at: now, login });
    const [oldest] = recent.keys();
    if (recent.size > mostRemembered && oldest !== undefined) recent.delete(oldest);
    login.catch(() => recent.delete(id));
    return login;
  };
}
