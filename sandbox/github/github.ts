// The embedded GitHub itself: its rows, its Git repositories, its clock, and who wants to know of changes.
import { join } from 'node:path';
import { GitRepository } from './git/repository.ts';
import type { WebFlow } from './git/signing.ts';
import type { Links } from './links.ts';
import { notFound } from './problem.ts';
import type { AccountRow, AppRow, RepositoryRow } from './rows.ts';
import type { State } from './state.ts';

/** Who does something: a person, or an app (then the account is its bot). */
export interface Actor {
  readonly account: AccountRow;
  readonly app: AppRow | null;
}

export type Body = Readonly<Record<string, unknown>>;

/** Something happened; becomes a webhook for every app that subscribes to it. */
export interface Announcement {
  readonly event: string;
  readonly action: string | null;
  readonly actor: Actor;
  readonly repository?: RepositoryRow;
  readonly organization?: AccountRow;
  readonly payload: Body;
  /** Sent to this app alone (its own installation, its own checks). */
  readonly onlyApp?: number;
}

export class GitHub {
  readonly state: State;
  readonly links: Links = { origin: 'http://127.0.0.1' };
  readonly #folder: string;
  readonly #now: () => Date;
  readonly #repositories = new Map<number, GitRepository>();
  readonly #listeners = new Set<(announcement: Announcement) => void>();
  /** Signs what is committed through the API. */
  webFlow: WebFlow | null = null;

  constructor(options: { state: State; folder: string; now: () => Date }) {
    this.state = options.state;
    this.#folder = options.folder;
    this.#now = options.now;
  }

  now(): Date {
    return this.#now();
  }

  /** Whole seconds, as in all of GitHub's bodies. */
  timestamp(): string {
    return toTimestamp(this.#now());
  }

  git(repository: RepositoryRow): GitRepository {
    const known = this.#repositories.get(repository.id);
    if (known) return known;
    const git = new GitRepository(join(this.#folder, `${repository.id}.git`), repository.default_branch);
    this.#repositories.set(repository.id, git);
    return git;
  }

  announce(announcement: Announcement): void {
    for (const listener of this.#listeners) listener(announcement);
  }

  onAnnouncement(listener: (announcement: Announcement) => void): void {
    this.#listeners.add(listener);
  }

  account(login: string): AccountRow | undefined {
    const wanted = login.toLowerCase();
    return this.state.accounts.find((row) => row.login.toLowerCase() === wanted);
  }

  accountById(id: number): AccountRow {
    return required(this.state.accounts.get(id));
  }

  organization(login: string): AccountRow {
    const account = this.account(login);
    if (account?.type !== 'Organization') throw notFound();
    return account;
  }

  repository(owner: string, name: string): RepositoryRow | undefined {
    const account = this.account(owner);
    if (!account) return undefined;
    const wanted = name.toLowerCase().replace(/\.git$/, '');
    return this.state.repositories.find(
      (row) => row.owner_id === account.id && row.name.toLowerCase() === wanted,
    );
  }

  repositoryById(id: number): RepositoryRow {
    return required(this.state.repositories.get(id));
  }

  fullName(repository: RepositoryRow): string {
    return `${this.accountById(repository.owner_id).login}/${repository.name}`;
  }

  appById(id: number): AppRow {
    return required(this.state.apps.get(id));
  }

  botOf(app: AppRow): Actor {
    return { account: this.accountById(app.bot_id), app };
  }
}

export function toTimestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

export function required<T>(value: T | undefined): T {
  if (value === undefined) throw notFound();
  return value;
}
