// Finds what webhooks did not bring: deliveries that failed are sent again, and what is open is read again.
import type { GitHubApp } from '../../clients/github/github-app.ts';
import { isNotFound } from '../../clients/github/failure.ts';
import { hours, minutes } from '../../domain/duration.ts';
import { later, parseInstant, plus, type DeskId, type Instant } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import { repositoryNumber, repositoryOf } from './github-place.ts';
import { part, readInstant } from './read-delivery.ts';
import type { RereadThread } from './reread-thread.ts';

/** Part of the engine's store. */
export interface Bookmarks {
  bookmark(name: string): Promise<string | undefined>;
  setBookmark(name: string, value: string): Promise<void>;
}

export interface RecoveryParts {
  readonly github: GitHubApp;
  readonly rereadThread: RereadThread;
  readonly desks: readonly DeskId[];
  readonly bookmarks: Bookmarks;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Recovery {
  /** Asks GitHub to send again what it could not deliver. Returns how many. */
  sweepDeliveries(): Promise<number>;
  /** Reads again every issue that changed since the last time. Returns how many. */
  rereadOpen(): Promise<number>;
}

/** GitHub sends again for three days. */
const oldestDelivery = hours(71);
/** A delivery may be listed late; an issue may change while it is read. */
const margin = minutes(10);
/** How far back the first reading goes, where nothing is remembered. */
const firstReading = hours(24);
const maxAttempts = 4;
const readTogether = 8;
const deliveriesMark = 'github-deliveries';

export function createRecovery(parts: RecoveryParts): Recovery {
  const { github, rereadThread, desks, bookmarks, clock, log } = parts;

  async function sweepDeliveries(): Promise<number> {
    const now = clock.now();
    const marked = readMark(await bookmarks.bookmark(deliveriesMark));
    const oldest = later(plus(marked.at ?? now, -margin), plus(now, -oldestDelivery));
    const since = marked.at === undefined ? plus(now, -oldestDelivery) : oldest;
    const failed = failedOf(await deliveriesSince(since));
    const asked: Record<string, number> = {};
    let sent = 0;
    for (const { guid, id } of failed) {
      const before = marked.asked[guid] ?? 0;
      asked[guid] = before;
      if (before >= maxAttempts) continue;
      try {
        await github.app().rest.apps.redeliverWebhookDelivery({ delivery_id: id });
        sent += 1;
        asked[guid] = before + 1;
        log.info('A delivery that had failed was asked for again', { delivery: guid, attempts: before + 1 });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    // What still fails has to stay in sight.
    const pending = failed.filter(({ guid }) => (asked[guid] ?? 0) < maxAttempts).map(({ at }) => at);
    const at = pending.reduce((first, each) => (each < first ? each : first), now);
    await bookmarks.setBookmark(deliveriesMark, JSON.stringify({ at, asked }));
    return sent;
  }

  /** Newest first. */
  async function deliveriesSince(since: Instant): Promise<readonly Attempt[]> {
    const attempts: Attempt[] = [];
    let cursor: string | undefined;
    do {
      const { data, headers } = await github
        .app()
        .rest.apps.listWebhookDeliveries({ per_page: 100, ...(cursor !== undefined && { cursor }) });
      const page = data.flatMap((delivery) => readAttempt(delivery) ?? []);
      attempts.push(...page.filter(({ at }) => at >= since));
      cursor = page.some(({ at }) => at < since) ? undefined : nextCursor(headers.link);
    } while (cursor !== undefined);
    return attempts;
  }

  async function rereadOpen(): Promise<number> {
    let read = 0;
    for (const desk of desks) read += await rereadDesk(desk);
    return read;
  }

  async function rereadDesk(desk: DeskId): Promise<number> {
    const mark = `github-reread ${desk}`;
    const startedAt = clock.now();
    const marked = parseInstant((await bookmarks.bookmark(mark)) ?? '');
    const since = marked === undefined ? plus(startedAt, -firstReading) : plus(marked, -margin);
    const { owner, repo, at } = await repositoryOf(github, desk);
    const issues = await at('read').paginate('GET /repos/{owner}/{repo}/issues', {
      owner,
      repo,
      state: 'all',
      sort: 'updated',
      direction: 'asc',
      since,
      per_page: 100,
    });
    const thread = { surface: 'github', repository: String(repositoryNumber(desk)) } as const;
    const ours = issues.filter((issue) => issue.pull_request === undefined);
    for (let first = 0; first < ours.length; first += readTogether)
      await Promise.all(
        ours
          .slice(first, first + readTogether)
          .map(({ number }) => rereadThread({ ...thread, issue: number })),
      );
    await bookmarks.setBookmark(mark, startedAt);
    return ours.length;
  }

  return { sweepDeliveries, rereadOpen };
}

interface Attempt {
  readonly id: number;
  readonly guid: string;
  readonly at: Instant;
  readonly isOk: boolean;
}

function readAttempt(value: unknown): Attempt | undefined {
  const [id, guid, code] = [part(value, 'id'), part(value, 'guid'), part(value, 'status_code')];
  const at = readInstant(part(value, 'delivered_at'));
  if (typeof id !== 'number' || typeof guid !== 'string' || typeof code !== 'number' || at === undefined)
    return undefined;
  return { id, guid, at, isOk: code >= 200 && code < 300 };
}

/** One for each delivery of which no attempt succeeded, oldest first. */
function failedOf(attempts: readonly Attempt[]): readonly Attempt[] {
  const delivered = new Set(attempts.filter(({ isOk }) => isOk).map(({ guid }) => guid));
  const failed = new Map<string, Attempt>();
  for (const attempt of attempts) if (!delivered.has(attempt.guid)) failed.set(attempt.guid, attempt);
  return [...failed.values()].reverse();
}

interface Mark {
  readonly at?: Instant;
  readonly asked: { readonly [guid: string]: number };
}

/** A bookmark that cannot be read is none: then more is looked at than needed. */
function readMark(text: string | undefined): Mark {
  try {
    const read: unknown = JSON.parse(text ?? '{}');
    const at = readInstant(part(read, 'at'));
    const asked = Object.entries(Object(part(read, 'asked'))).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    );
    return { ...(at && { at }), asked: Object.fromEntries(asked) };
  } catch {
    return { asked: {} };
  }
}

function nextCursor(link: string | undefined): string | undefined {
  const [, next] = /<([^>]+)>;\s*rel="next"/.exec(link ?? '') ?? [];
  return next === undefined ? undefined : (new URL(next).searchParams.get('cursor') ?? undefined);
}
