// A webhook's payload, looked at once: what we need of it, or why it is nothing to us.
import { deskId, parseInstant, type DeskId, type Instant } from '../../domain/names.ts';

export interface Author {
  readonly id: number;
  readonly login: string;
  /** `User`, `Bot`, and a few that are neither. */
  readonly type: string;
}

/** A text on GitHub with its author; `viaApp`: written by a program, in whoever's name. */
export interface Written {
  readonly nodeId: string;
  readonly id: number;
  readonly author: Author;
  readonly body: string;
  readonly createdAt: Instant;
  readonly viaApp: boolean;
}

interface Place {
  readonly desk: DeskId;
  readonly repository: number;
  readonly issue: number;
  readonly isPullRequest: boolean;
  readonly sender: Author;
}

export type Delivery =
  | ({
      readonly type: 'issue-opened' | 'issue-edited';
      readonly written: Written;
      readonly isTransferred: boolean;
    } & Place)
  | ({
      readonly type: 'comment-created' | 'comment-edited' | 'comment-deleted';
      readonly written: Written;
    } & Place);

const types = {
  'issues.opened': 'issue-opened',
  'issues.edited': 'issue-edited',
  'issue_comment.created': 'comment-created',
  'issue_comment.edited': 'comment-edited',
  'issue_comment.deleted': 'comment-deleted',
} as const;

/** `not-ours`: an event that carries nothing for us. `unreadable`: one that should, and does not look as documented. */
export function readDelivery(event: string, payload: unknown): Delivery | 'not-ours' | 'unreadable' {
  const name = `${event}.${String(part(payload, 'action'))}`;
  if (!isKnown(name)) return 'not-ours';
  // Our app's own webhook always says which installation; another webhook with the same secret does not.
  if (typeof part(part(payload, 'installation'), 'id') !== 'number') return 'unreadable';
  const type = types[name];
  const place = readPlace(payload);
  const written = readWritten(part(payload, event === 'issues' ? 'issue' : 'comment'));
  if (place === undefined || written === undefined) return 'unreadable';
  if (type !== 'issue-opened' && type !== 'issue-edited') return { type, written, ...place };
  return {
    type,
    written,
    ...place,
    isTransferred: part(part(payload, 'changes'), 'old_issue') !== undefined,
  };
}

function isKnown(name: string): name is keyof typeof types {
  return Object.hasOwn(types, name);
}

function readPlace(payload: unknown): Place | undefined {
  const repository = part(part(payload, 'repository'), 'id');
  const issue = part(part(payload, 'issue'), 'number');
  const sender = readAuthor(part(payload, 'sender'));
  if (typeof repository !== 'number' || typeof issue !== 'number' || sender === undefined) return undefined;
  return {
    desk: deskId('github', repository),
    repository,
    issue,
    isPullRequest: isThere(part(part(payload, 'issue'), 'pull_request')),
    sender,
  };
}

/** Of REST and of webhooks alike. Undefined where the author's account is gone. */
export function readWritten(value: unknown): Written | undefined {
  const nodeId = part(value, 'node_id');
  const id = part(value, 'id');
  const author = readAuthor(part(value, 'user'));
  const createdAt = readInstant(part(value, 'created_at'));
  const body = part(value, 'body') ?? '';
  if (typeof nodeId !== 'string' || typeof id !== 'number' || typeof body !== 'string') return undefined;
  if (author === undefined || createdAt === undefined) return undefined;
  return { nodeId, id, author, body, createdAt, viaApp: isThere(part(value, 'performed_via_github_app')) };
}

function readAuthor(value: unknown): Author | undefined {
  const [id, login, type] = [part(value, 'id'), part(value, 'login'), part(value, 'type')];
  if (typeof id !== 'number' || typeof login !== 'string' || typeof type !== 'string') return undefined;
  return { id, login, type };
}

export function readInstant(value: unknown): Instant | undefined {
  return typeof value === 'string' ? parseInstant(value) : undefined;
}

/** One member of something that may be anything. */
export function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}
