// Reads a whole issue again, for what people said on it that never arrived: only what was never edited counts.
import type { GitHubApp } from '../../clients/github/github-app.ts';
import type { Thread } from '../../domain/entries.ts';
import { deskId, type RequestId } from '../../domain/names.ts';
import type { Log, Reception } from '../../engine/ports.ts';
import { placeOf, type Place } from './github-place.ts';
import type { Hearing, Utterance } from './hearing.ts';
import { parseComment } from './parse-comment.ts';
import { part, readInstant, readWritten } from './read-delivery.ts';

export interface RereadParts {
  readonly github: GitHubApp;
  readonly reception: Reception;
  readonly hearing: Hearing;
  readonly log: Log;
}

/** The request of this thread, as far as there is one. */
export type RereadThread = (thread: Thread) => Promise<RequestId | undefined>;

export function createRereadThread({ github, reception, hearing, log }: RereadParts): RereadThread {
  return async (thread) => {
    const place = await placeOf(github, thread);
    const texts = await readTexts(place, thread);
    const known = await reception.requestOf(thread);
    const heard = new Set(known && (await reception.view(known))?.heard);
    let about = known;
    for (const text of texts) {
      const { nodeId, on } = text;
      if (heard.has(nodeId) || (on === 'issue' && about !== undefined) || !mayMatter(text)) continue;
      if (text.isEdited) {
        log.warn('A text that was edited before it arrived was not counted', { issue: thread.issue, on });
        continue;
      }
      if (await isByProgram(place, text)) continue;
      const result = await hearing.hear(text, about);
      if (typeof result === 'object' && on === 'issue') about = result.request;
    }
    return about;
  };
}

interface Text extends Utterance {
  readonly isEdited: boolean;
}

/** What merely asks is not answered late: whoever asked has looked since. */
function mayMatter({ on, body }: Text): boolean {
  return on === 'issue' || !['none', 'status', 'why', 'help', 'misspelt'].includes(parseComment(body).type);
}

const query = `query ($owner: String!, $repo: String!, $issue_number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    issue(number: $issue_number) {
      id databaseId body createdAt lastEditedAt
      author { __typename login ... on User { databaseId } }
      comments(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id databaseId body createdAt lastEditedAt
          author { __typename login ... on User { databaseId } }
        }
      }
    }
  }
}`;

/** In the order in which they were written, the issue first; only those of people. */
async function readTexts({ owner, repo, issue_number, at }: Place, thread: Thread): Promise<readonly Text[]> {
  const texts: Text[] = [];
  let after: unknown = null;
  do {
    const answer: unknown = await at('read').graphql(query, { owner, repo, issue_number, after });
    const issue = part(part(answer, 'repository'), 'issue');
    const comments = part(issue, 'comments');
    const nodes = part(comments, 'nodes');
    const found = [
      ...(after === null ? [readText(issue, 'issue', thread)] : []),
      ...(Array.isArray(nodes) ? nodes.map((node: unknown) => readText(node, 'comment', thread)) : []),
    ];
    texts.push(...found.flatMap((text) => text ?? []));
    const pageInfo = part(comments, 'pageInfo');
    after = part(pageInfo, 'hasNextPage') === true ? part(pageInfo, 'endCursor') : null;
  } while (typeof after === 'string');
  return texts;
}

function readText(node: unknown, on: Utterance['on'], thread: Thread): Text | undefined {
  const author = part(node, 'author');
  const [nodeId, databaseId, body] = [part(node, 'id'), part(node, 'databaseId'), part(node, 'body')];
  const [id, login] = [part(author, 'databaseId'), part(author, 'login')];
  const createdAt = readInstant(part(node, 'createdAt'));
  if (part(author, '__typename') !== 'User' || typeof id !== 'number' || typeof login !== 'string')
    return undefined;
  if (typeof nodeId !== 'string' || typeof databaseId !== 'number' || typeof body !== 'string')
    return undefined;
  if (createdAt === undefined) return undefined;
  return {
    on,
    desk: deskId('github', thread.repository),
    thread,
    nodeId,
    databaseId,
    author: { id, login },
    body,
    createdAt,
    isEdited: part(node, 'lastEditedAt') !== null,
  };
}

/** Only REST tells whether a program wrote it in that person's name. */
async function isByProgram(
  { owner, repo, issue_number, at }: Place,
  { on, databaseId }: Text,
): Promise<boolean> {
  const { issues } = at('read').rest;
  const { data } =
    on === 'issue'
      ? await issues.get({ owner, repo, issue_number })
      : await issues.getComment({ owner, repo, comment_id: databaseId });
  const written = readWritten(data);
  return written === undefined || written.viaApp || written.author.type !== 'User';
}
