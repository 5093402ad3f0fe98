// The last resort of the error channel: one issue of the desk, found again by its marker, edited in place, never doubled.
import type { GitHubApp } from '../../clients/github/github-app.ts';
import { GitHubFailure } from '../../clients/github/failure.ts';
import { minutes } from '../../domain/duration.ts';
import { personId, plus, type DeskId, type Group } from '../../domain/names.ts';
import type { ErrorBoard } from '../../engine/error-board.ts';
import type { ErrorPlace } from '../../engine/error-channel.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { repositoryOf, type Repository } from './github-place.ts';
import { errorsMarker, errorToldMarker } from './marker.ts';
import type { Logins } from './mention.ts';
import { errorsTitle, renderErrors, renderErrorTold } from './render-errors.ts';
import type { DeskPeople } from './surface.ts';
import { commentOnce, endsWith } from './write-once.ts';

export interface ErrorIssueParts {
  readonly github: GitHubApp;
  readonly people: DeskPeople;
  /** Our app's account: `countersign[bot]`. */
  readonly botLogin: string;
}

const label = 'countersign-errors';
const maxPages = 20;
const clockSkew = minutes(5);

export function createErrorIssue({ github, people, botLogin }: ErrorIssueParts): ErrorPlace {
  /** By its label, by its author, or among all that there are: people may take the label away. */
  async function find(repository: Repository): Promise<number | undefined> {
    for (const filter of [{ labels: label }, { creator: botLogin }, {}]) {
      const found = await findAmong(repository, filter);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async function findAmong(
    { owner, repo, at }: Repository,
    filter: { readonly labels?: string; readonly creator?: string },
  ): Promise<number | undefined> {
    for (let page = 1; page <= maxPages; page += 1) {
      const { data } = await at('card')
        .rest.issues.listForRepo({ owner, repo, state: 'all', per_page: 100, page, ...filter })
        .catch((error: unknown) => {
          // An author that GitHub does not take for one is no reason to stop looking.
          if (filter.creator !== undefined && isStatus(error, 422)) return { data: [] };
          throw error;
        });
      const found = data.find(({ user, body }) => user?.login === botLogin && endsWith(body, errorsMarker));
      if (found) return found.number;
      if (data.length < 100) return undefined;
    }
    return undefined;
  }

  /** False where it is gone: deleted, or moved to another repository. */
  async function edit(
    { owner, repo, at }: Repository,
    issue_number: number,
    board: ErrorBoard,
  ): Promise<boolean> {
    const text = { title: errorsTitle, body: renderErrors(board) };
    try {
      const { data } = await at('card').rest.issues.update({
        owner,
        repo,
        issue_number,
        ...text,
        ...(board.isNews && { state: 'open' as const }),
      });
      return data.url.toLowerCase().endsWith(`/repos/${owner}/${repo}/issues/${issue_number}`.toLowerCase());
    } catch (error) {
      if (isStatus(error, 301, 404, 410)) return false;
      throw error;
    }
  }

  async function loginsOf(desk: DeskId, admins: readonly Group[]): Promise<Logins> {
    const persons = admins
      .flatMap((group) => /^person:(.+)$/.exec(group)?.[1] ?? [])
      .map((id) => personId(id));
    const found = await Promise.all(persons.map(async (id) => [id, await people.loginOf(desk, id)] as const));
    return new Map(found.flatMap(([id, login]) => (login === undefined ? [] : [[id, login] as const])));
  }

  /** What is wrong may be the very files that name the admins: then nobody is named, and it is said all the same. */
  async function adminsOf(
    desk: DeskId,
  ): Promise<{ readonly admins: readonly Group[]; readonly logins: Logins }> {
    try {
      const admins = await people.admins(desk);
      return { admins, logins: await loginsOf(desk, admins) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { admins: [], logins: new Map() };
    }
  }

  return {
    async show(desk, board, ref) {
      const repository = await repositoryOf(github, desk);
      if (ref !== undefined && (await edit(repository, Number(ref), board))) return ref;
      const found = await find(repository);
      if (found !== undefined && String(found) !== ref && (await edit(repository, found, board)))
        return String(found);
      const { owner, repo, at } = repository;
      const { data } = await at('card').rest.issues.create({
        owner,
        repo,
        title: errorsTitle,
        body: renderErrors(board),
        labels: [label],
      });
      return String(data.number);
    },
    async tell(desk, ref, untold, board) {
      const { owner, repo, at } = await repositoryOf(github, desk);
      await commentOnce(
        { owner, repo, issue_number: Number(ref), at },
        {
          marker: errorToldMarker(untold.kind, untold.at),
          body: renderErrorTold(untold, board, await adminsOf(desk)),
          since: plus(untold.at, -clockSkew),
          lane: 'card',
          botLogin,
        },
      );
    },
  };
}

function isStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof GitHubFailure && error.status !== undefined && statuses.includes(error.status);
}
