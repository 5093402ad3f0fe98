// Writes an issue or a comment once: whatever carries our marker already is found again, should an answer have been lost.
import type { Lane } from '../../clients/github/github-app.ts';
import type { Instant } from '../../domain/names.ts';
import type { Place, Repository } from './github-place.ts';

export interface OurWords {
  readonly marker: string;
  readonly body: string;
  /** Nothing of it was written before. */
  readonly since: Instant;
  readonly lane: Lane;
  /** Our app's account: what others copy from us is not ours. */
  readonly botLogin: string;
}

/** More pages of a hundred than any thread of ours should have since then. */
const maxPages = 20;

/** The id of the comment. */
export async function commentOnce(place: Place, words: OurWords): Promise<number> {
  return (await findComment(place, words)) ?? createComment(place, words);
}

export async function findComment(
  place: Place,
  { marker, since, lane, botLogin }: Omit<OurWords, 'body'>,
): Promise<number | undefined> {
  const { owner, repo, issue_number, at } = place;
  const { issues } = at(lane).rest;
  for (let page = 1; page <= maxPages; page += 1) {
    const { data } = await issues.listComments({ owner, repo, issue_number, since, per_page: 100, page });
    const found = data.find(({ user, body }) => user?.login === botLogin && endsWith(body, marker));
    if (found) return found.id;
    if (data.length < 100) return undefined;
  }
  return undefined;
}

async function createComment(
  { owner, repo, issue_number, at }: Place,
  { body, lane }: OurWords,
): Promise<number> {
  const { data } = await at(lane).rest.issues.createComment({ owner, repo, issue_number, body });
  return data.id;
}

/** The number of the issue. */
export async function openIssueOnce(
  repository: Repository,
  words: OurWords & { readonly title: string },
): Promise<number> {
  const { owner, repo, at } = repository;
  const { title, body, lane } = words;
  const known = await findIssue(repository, words);
  if (known !== undefined) return known;
  const { data } = await at(lane).rest.issues.create({ owner, repo, title, body });
  return data.number;
}

async function findIssue(
  { owner, repo, at }: Repository,
  { marker, since, lane, botLogin }: OurWords,
): Promise<number | undefined> {
  const { issues } = at(lane).rest;
  for (let page = 1; page <= maxPages; page += 1) {
    const { data } = await issues.listForRepo({
      owner,
      repo,
      state: 'all',
      sort: 'created',
      direction: 'desc',
      since,
      per_page: 100,
      page,
    });
    const found = data.find(({ user, body }) => user?.login === botLogin && endsWith(body, marker));
    if (found) return found.number;
    if (data.length < 100) return undefined;
  }
  return undefined;
}

/** At the end only, where nothing that people typed can stand. */
export function endsWith(body: string | null | undefined, marker: string): boolean {
  return body?.trimEnd().endsWith(marker) ?? false;
}
