// What the embedded store answers: from memory, except the lines of requests that have ended.
import { plus, type DeskId, type PersonId, type RequestId } from '../domain/names.ts';
import type { Store, Stored } from '../engine/ports/store.ts';
import { readArchived } from './archive.ts';
import { liveGrant } from '../domain/request.ts';
import { isOwing, isQuiet } from './compaction.ts';
import type { Disk } from './disk.ts';
import { unpackLines } from './packed-lines.ts';
import { readLines, type EndedSummary } from './summary.ts';
import { rawOf, type Tables } from './tables.ts';

export type Queries = Pick<
  Store,
  | 'waiting'
  | 'load'
  | 'open'
  | 'owing'
  | 'due'
  | 'byThread'
  | 'byKey'
  | 'live'
  | 'history'
  | 'reviews'
  | 'recent'
  | 'unfinished'
  | 'requesters'
  | 'uncommitted'
  | 'deskStream'
  | 'cursor'
  | 'bookmark'
>;

export function queriesOf(tables: Tables, disk: Disk): Queries {
  const { indexes } = tables;

  async function load(id: RequestId): Promise<Stored | undefined> {
    const kept = tables.live.get(id);
    if (kept) {
      const { committed: committedSeq, shown: shownSeq } = kept;
      return { ...tables.read(kept), committedSeq, shownSeq };
    }
    const ended = tables.ended.get(id);
    if (ended === undefined) return undefined;
    const { lines, committed, shown } = rawOf((await readArchived(disk, ended)).kept);
    return { request: readLines(lines).request, lines, committedSeq: committed, shownSeq: shown };
  }

  /** Asked for seldom: no index is kept for it. Ids begin with the time at which they were made. */
  function newest(desk: DeskId, limit: number): readonly RequestId[] {
    let found: RequestId[] = [];
    let oldest = '';
    const consider = ({ summary }: { readonly summary: EndedSummary }): void => {
      if (summary.desk !== desk || summary.id < oldest) return;
      found.push(summary.id);
      if (found.length < 2 * limit + 100) return;
      found = newestFirst(found).slice(0, limit);
      oldest = found.at(-1) ?? '';
    };
    for (const ended of tables.ended.values()) consider(ended);
    for (const kept of tables.live.values()) consider(kept);
    return newestFirst(found).slice(0, limit);
  }

  return {
    load,
    waiting: async (about) => tables.envelopes.list(about),
    open: async (desk) =>
      [...tables.live.values()]
        .filter((kept) => (desk === undefined || kept.summary.desk === desk) && !isQuiet(kept))
        .map(({ summary }) => summary.id)
        .sort(),
    owing: async () =>
      [...tables.live.values()]
        .filter(isOwing)
        .map(({ summary }) => summary.id)
        .sort(),
    due: async (now, limit) => indexes.due.first(limit, now),
    byThread: async (thread) => indexes.byThread(thread),
    async byKey(key) {
      const id = indexes.byKey(key);
      return id !== undefined && tables.summaryOf(id)?.key === key ? id : undefined;
    },
    live: async (resource, account) =>
      indexes
        .live(resource, account)
        .flatMap((id) => {
          const kept = tables.live.get(id);
          const startedAt = kept?.summary.grant?.startedAt;
          const grant = kept && liveGrant(tables.read(kept).request);
          return startedAt && grant ? [{ id, startedAt, grant }] : [];
        })
        .sort((a, b) => (a.startedAt < b.startedAt || (a.startedAt === b.startedAt && a.id < b.id) ? -1 : 1))
        .map(({ id, grant }) => ({ request: id, grant })),
    history: async ({ desk, flow, person, within, until, except }) => {
      const since = plus(until, -within);
      const count = { requests: 0, granted: 0, denied: 0 };
      for (const id of indexes.madeBy(desk, flow, person)) {
        const summary = tables.summaryOf(id);
        if (summary === undefined || id === except) continue;
        if (summary.requestedAt < since || summary.requestedAt > until) continue;
        count.requests += 1;
        if (summary.granted) count.granted += 1;
        if (summary.status === 'denied') count.denied += 1;
      }
      return count;
    },
    reviews: async (desk) =>
      [...indexes.unreviewed(desk)].sort().flatMap((id) => {
        const summary = tables.live.get(id)?.summary;
        if (summary?.review === undefined) return [];
        const { flow, requester: person, review } = summary;
        return [{ request: id, flow, person, ...review }];
      }),
    recent: async (desk, limit) => newest(desk, limit),
    unfinished: async ({ desk, requester, status }, limit) =>
      newestFirst(
        [...tables.live.values()].flatMap(({ summary }) =>
          summary.desk === desk &&
          !summary.over &&
          (requester === undefined || summary.requester === requester) &&
          (status === undefined || summary.status === status)
            ? [summary.id]
            : [],
        ),
      ).slice(0, limit),
    requesters: async (desk) => {
      const found = new Set<PersonId>();
      for (const { summary } of tables.live.values())
        if (summary.desk === desk && !summary.over) found.add(summary.requester);
      return [...found].sort();
    },
    uncommitted: async (desk, limit) =>
      indexes
        .uncommittedOf(desk)
        .first(limit)
        .flatMap((id) => {
          const kept = tables.live.get(id);
          return kept
            ? [{ request: id, desk, lines: unpackLines(kept.lines), committed: kept.committed }]
            : [];
        }),
    deskStream: async (desk) => tables.streams.get(desk),
    cursor: async (desk) => tables.cursors.get(desk),
    bookmark: async (name) => tables.bookmarks.get(name),
  };
}

function newestFirst(ids: readonly RequestId[]): RequestId[] {
  return ids.toSorted((a, b) => (a < b ? 1 : -1));
}
