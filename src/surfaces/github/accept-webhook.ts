// Takes in GitHub's webhooks, already verified: what decides is handed to the engine and durable before GitHub is told so.
import type { GitHubThread } from '../../domain/entries.ts';
import type { DeskId } from '../../domain/names.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Reception } from '../../engine/ports/reception.ts';
import type { Hearing, Utterance } from './hearing.ts';
import { readDelivery, type Author, type Delivery } from './read-delivery.ts';
import type { GitHubSurface } from './surface.ts';

export interface WebhookParts {
  readonly reception: Reception;
  readonly hearing: Hearing;
  readonly surface: Pick<GitHubSurface, 'rereadThread' | 'restoreNotice' | 'restoreThread' | 'withdraw'>;
  readonly errors: ErrorIssue;
  /** The repositories that the operator lists. */
  readonly desks: ReadonlySet<DeskId>;
  /** Our app's account: `countersign[bot]`. */
  readonly botLogin: string;
  readonly background: (work: () => Promise<void>) => void;
  readonly log: Log;
}

/** Where the desk's errors are shown, and that somebody else changed it. */
export interface ErrorIssue {
  refOf(desk: DeskId): string | undefined;
  reshow(desk: DeskId): void;
}

/** Resolves once GitHub may be told; a throw means that it has to be sent again. */
export type AcceptWebhook = (event: string, payload: unknown) => Promise<void>;

export function createAcceptWebhook(parts: WebhookParts): AcceptWebhook {
  const { reception, hearing, surface, errors, desks, botLogin, background, log } = parts;
  const isOurs = ({ login, type }: Author): boolean => type === 'Bot' && login === botLogin;

  async function accept(event: string, payload: unknown): Promise<void> {
    const delivery = readDelivery(event, payload);
    if (delivery === 'not-ours') return;
    if (delivery === 'unreadable') return log.warn('A webhook does not look as documented', { event });
    if (!desks.has(delivery.desk))
      return log.info('A webhook of a repository that is no desk was ignored', {
        event,
        repository: delivery.repository,
      });
    switch (delivery.type) {
      case 'issue-opened':
      case 'comment-created':
        return hear(delivery);
      case 'issue-edited':
      case 'comment-edited':
      case 'comment-deleted':
        return restore(delivery);
      default:
        return delivery satisfies never;
    }
  }

  async function hear(delivery: Delivery): Promise<void> {
    if (!speaksForItself(delivery)) return;
    const said = utteranceOf(delivery);
    if (said.on === 'issue') return void (await hearing.hear(said, undefined));
    const about = await reception.requestOf(said.thread);
    const heard = await hearing.hear(said, about);
    if (heard !== 'unknown-thread') return;
    // The issue may have been opened just before, and its own event be late or lost. No more than the issue is read:
    // whoever writes many such comments would else have us read all of them for each.
    const reread = await surface.rereadThread(said.thread, 'issue');
    if (reread !== undefined) await hearing.hear(said, reread);
  }

  /** Only what we wrote ourselves is put back, and only if somebody else changed it. */
  async function restore(delivery: Delivery): Promise<void> {
    const { written, sender } = delivery;
    if (!isOurs(written.author) || isOurs(sender)) return;
    const thread = threadOf(delivery);
    if (delivery.type === 'issue-edited' && errors.refOf(delivery.desk) === String(delivery.issue))
      return errors.reshow(delivery.desk);
    const id = await reception.requestOf(thread);
    if (id === undefined) return;
    log.warn('Somebody changed what we wrote, and it is put back', { request: id, what: delivery.type });
    const request = await reception.view(id);
    const notice = request?.messages.find(({ ref }) => ref === String(written.id))?.notice;
    if (request !== undefined && delivery.type === 'issue-edited')
      background(() => surface.restoreThread(request, thread));
    else if (request !== undefined && notice !== undefined && notice !== 'card') {
      if (delivery.type === 'comment-edited')
        background(() => surface.restoreNotice(request, thread, notice, written.id));
    } else {
      // An answer, or what was said elsewhere: nobody keeps what it said.
      if (notice === undefined && delivery.type === 'comment-edited')
        background(() => surface.withdraw(thread, written.id));
      await reception.reshow(id);
    }
  }

  return accept;
}

/** Written by the person who sent it, just now, by hand: no bot, no program in somebody's name, no transferred issue. */
function speaksForItself(delivery: Delivery): boolean {
  const { written, sender, isPullRequest } = delivery;
  if (isPullRequest || (delivery.type === 'issue-opened' && delivery.isTransferred)) return false;
  return written.author.type === 'User' && sender.id === written.author.id && !written.viaApp;
}

function utteranceOf(delivery: Delivery): Utterance {
  const { desk, written } = delivery;
  return {
    on: delivery.type === 'issue-opened' ? 'issue' : 'comment',
    desk,
    thread: threadOf(delivery),
    nodeId: written.nodeId,
    databaseId: written.id,
    author: written.author,
    body: written.body,
    createdAt: written.createdAt,
  };
}

/** By the repository's number, which outlives its name. */
function threadOf({ repository, issue }: Delivery): GitHubThread {
  return { surface: 'github', repository: String(repository), issue };
}
