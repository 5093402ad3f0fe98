// Reads a whole issue again, for what people said on it that never arrived: only what was never edited, and was said here, counts.
import { isNotFound } from '../../clients/github/failure.ts';
import type { GitHubApp } from '../../clients/github/github-app.ts';
import type { GitHubThread } from '../../domain/entries.ts';
import { deskId, type RequestId } from '../../domain/names.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Reception } from '../../engine/ports/reception.ts';
import { placeOf, type Place } from './github-place.ts';
import type { Hearing, Utterance } from './hearing.ts';
import { parseComment } from './parse-comment.ts';
import { part, readInstant, readWritten, type Written } from './read-delivery.ts';

export interface RereadParts {
  readonly github: GitHubApp;
  readonly reception: Reception;
  readonly hearing: Hearing;
  readonly log: Log;
}

/** All that was said, or only what the issue itself asks for. The request of this thread, as far as there is one. */
export type RereadThread = (thread: GitHubThread, what?: 'all' | 'issue') => Promise<RequestId | undefined>;

export function createRereadThread({ github, reception, hearing, log }: RereadParts): RereadThread {
  return async (thread, what = 'all') => {
    try {
      return await reread(thread, what);
    } catch (error) {
      // Deleted or transferred: it changes no request.
      if (isNotFound(error)) return reception.requestOf(thread);
      throw error;
    }
  };

  async function reread(thread: GitHubThread, what: 'all' | 'issue'): Promise<RequestId | undefined> {
    const place = await placeOf(github, thread);
    const known = await reception.requestOf(thread);
    const heard = new Set(known && (await reception.view(known))?.heard);
    const texts = (await readTexts(place, what)).filter(
      (text) => !heard.has(text.nodeId) && (text.on === 'issue' ? known === undefined : mayMatter(text.body)),
    );
    let about = known;
    for (const { on, written } of await withAuthors(place, texts)) {
      const said = { on, desk: deskId('github', thread.repository), thread, ...written };
      const result = await hearing.hear({ ...said, databaseId: written.id }, about);
      if (typeof result === 'object' && on === 'issue') about = result.request;
    }
    return about;
  }

  /** Who wrote it, and whether a program did in that person's name: only REST tells. */
  async function withAuthors(place: Place, texts: readonly Text[]): Promise<readonly Attributed[]> {
    if (texts.length === 0) return [];
    const what = texts.every(({ on }) => on === 'issue') ? 'issue' : 'all';
    const byId = new Map(
      (await readWrittens(place, what)).map(({ on, written }) => [key(on, written.id), written]),
    );
    return texts.flatMap(({ on, id, body, isEdited }) => {
      const written = byId.get(key(on, id));
      if (written === undefined || written.viaApp || written.author.type !== 'User') return [];
      if (!isEdited && written.body === body) return [{ on, written }];
      log.warn('A text that was edited before it was read was not counted', {
        issue: place.issue_number,
        on,
      });
      return [];
    });
  }
}

interface Text {
  readonly on: Utterance['on'];
  readonly nodeId: string;
  readonly id: number;
  readonly body: string;
  readonly isEdited: boolean;
}

interface Attributed {
  readonly on: Utterance['on'];
  readonly written: Written;
}

function key(on: Utterance['on'], id: number): string {
  return `${on} ${id}`;
}

/** What merely asks is not answered late: whoever asked has looked since. */
function mayMatter(body: string): boolean {
  return !['none', 'status', 'why', 'link', 'help', 'misspelt'].includes(parseComment(body).type);
}

/** `databaseId` is a 32-bit number, which comments have outgrown. */
const query = `query ($owner: String!, $repo: String!, $issue_number: Int!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    issue(number: $issue_number) {
      id fullDatabaseId body createdAt lastEditedAt
      timelineItems(itemTypes: [TRANSFERRED_EVENT], last: 1) {
        nodes { ... on TransferredEvent { createdAt } }
      }
      comments(first: $first, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id fullDatabaseId body createdAt lastEditedAt }
      }
    }
  }
}`;

/** In the order in which they were written, the issue first. */
async function readTexts(
  { owner, repo, issue_number, at }: Place,
  what: 'all' | 'issue',
): Promise<readonly Text[]> {
  const texts: Text[] = [];
  const first = what === 'all' ? 100 : 1;
  let after: unknown = null;
  do {
    const answer: unknown = await at('read').graphql(query, { owner, repo, issue_number, first, after });
    const issue = part(part(answer, 'repository'), 'issue');
    const wasSaidHere = sinceMoved(part(part(issue, 'timelineItems'), 'nodes'));
    const comments = part(issue, 'comments');
    const nodes: unknown = part(comments, 'nodes');
    const found = [
      ...(after === null && wasSaidHere(issue) ? [readText(issue, 'issue')] : []),
      ...(Array.isArray(nodes) && what === 'all'
        ? nodes.filter(wasSaidHere).map((node: unknown) => readText(node, 'comment'))
        : []),
    ];
    texts.push(...found.flatMap((text) => text ?? []));
    const pageInfo = part(comments, 'pageInfo');
    const isMore = what === 'all' && part(pageInfo, 'hasNextPage') === true;
    after = isMore ? part(pageInfo, 'endCursor') : null;
  } while (typeof after === 'string');
  return texts;
}

/** Whoever wrote something in another repository asked or decided nothing here, whoever moved it. */
function sinceMoved(moves: unknown): (text: unknown) => boolean {
  if (!Array.isArray(moves)) return () => false;
  const movedAt = moves.map((move: unknown) => readInstant(part(move, 'createdAt'))).at(-1);
  if (moves.length === 0) return () => true;
  return (text) => {
    const at = readInstant(part(text, 'createdAt'));
    return movedAt !== undefined && at !== undefined && at > movedAt;
  };
}

/** Whatever does not say that it was never edited counts as edited. */
function readText(node: unknown, on: Utterance['on']): Text | undefined {
  const [id, body] = [Number(part(node, 'fullDatabaseId')), part(node, 'body')];
  if (!Number.isSafeInteger(id) || typeof body !== 'string') return undefined;
  return { on, nodeId: String(part(node, 'id')), id, body, isEdited: part(node, 'lastEditedAt') !== null };
}

async function readWrittens(
  { owner, repo, issue_number, at }: Place,
  what: 'all' | 'issue',
): Promise<readonly Attributed[]> {
  const octokit = at('read');
  const { data: issue } = await octokit.rest.issues.get({ owner, repo, issue_number });
  const asked = { owner, repo, issue_number, per_page: 100 };
  const comments =
    what === 'issue'
      ? []
      : await octokit.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', asked);
  const written = readWritten(issue);
  return [
    ...(written ? [{ on: 'issue', written } as const] : []),
    ...comments.flatMap((comment) => {
      const read = readWritten(comment);
      return read ? [{ on: 'comment', written: read } as const] : [];
    }),
  ];
}
