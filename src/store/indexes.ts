// Ways to find a request: each is a map or a heap, so that ten open requests or a hundred thousand cost the same.
import type { GitHubThread, SlackThread, Thread } from '../domain/entries.ts';
import type { DeskId, Instant, PersonId, RequestId } from '../domain/names.ts';
import { createAgenda, type Agenda } from './agenda.ts';
import type { EndedSummary, Summary } from './summary.ts';

export interface Indexes {
  readonly due: Agenda;
  /** By the time of the oldest line that the ledger lacks. */
  uncommittedOf(desk: DeskId): Agenda;
  /** What is found of an ended request too. */
  add(summary: EndedSummary): void;
  addOpen(summary: Summary): void;
  remove(summary: EndedSummary): void;
  removeOpen(summary: Summary): void;
  noteUncommitted(summary: EndedSummary, since: Instant | undefined): void;
  addKey(key: string, id: RequestId): void;
  removeKey(key: string, id: RequestId): void;
  byKey(key: string): RequestId | undefined;
  byThread(thread: Thread): RequestId | undefined;
  live(resource: string, account: string): readonly RequestId[];
  /** Requests of a desk whose review is still to be given. */
  unreviewed(desk: DeskId): Iterable<RequestId>;
  /** A person's requests of a flow, open or ended. */
  madeBy(desk: DeskId, flow: string, person: PersonId): Iterable<RequestId>;
}

export function createIndexes(): Indexes {
  const due = createAgenda();
  const uncommitted = new Map<DeskId, Agenda>();
  const keys = new Map<string, RequestId>();
  /** By place, then by the number there: a text for each would weigh as much as all else that finds a request. */
  const threads = new Map<string, Map<number, RequestId>>();
  const cards = new Map<string, RequestId>();
  /** By resource, then by account. Mostly one holds a resource with an account: then there is no set around it. */
  const grants = new Map<string, Map<string, RequestId | Set<RequestId>>>();
  const made = new Map<string, Set<RequestId>>();
  const unreviewed = new Map<DeskId, Set<RequestId>>();

  function uncommittedOf(desk: DeskId): Agenda {
    const known = uncommitted.get(desk);
    if (known) return known;
    const agenda = createAgenda();
    uncommitted.set(desk, agenda);
    return agenda;
  }

  function addKey(key: string, id: RequestId): void {
    if (!keys.has(key)) keys.set(key, id);
  }

  function removeKey(key: string, id: RequestId): void {
    if (keys.get(key) === id) keys.delete(key);
  }

  return {
    due,
    uncommittedOf,
    addKey,
    removeKey,
    add(summary) {
      const { id, key, thread } = summary;
      addKey(key, id);
      const makers = made.get(makerKey(summary)) ?? new Set();
      made.set(makerKey(summary), makers.add(id));
      if (thread === undefined) return;
      // Should two ever claim a thread, it is about the newer one.
      const there = threads.get(placeOf(thread)) ?? new Map<number, RequestId>();
      threads.set(placeOf(thread), there);
      const known = there.get(thread.issue);
      if (known === undefined || known < id) there.set(thread.issue, id);
    },
    addOpen({ id, desk, keys: said, deadline, grant, review, cards: shown = [] }) {
      for (const key of said) addKey(key, id);
      for (const card of shown) cards.set(cardKey(card), id);
      due.set(id, deadline);
      if (review) unreviewed.set(desk, (unreviewed.get(desk) ?? new Set()).add(id));
      if (grant === undefined) return;
      const { resource, account } = grant;
      const there = grants.get(resource) ?? new Map<string, RequestId | Set<RequestId>>();
      grants.set(resource, there);
      const holders = there.get(account);
      if (holders === undefined) there.set(account, id);
      else if (typeof holders !== 'string') holders.add(id);
      else if (holders !== id) there.set(account, new Set([holders, id]));
    },
    remove(summary) {
      const { id, key, thread } = summary;
      removeKey(key, id);
      made.get(makerKey(summary))?.delete(id);
      if (thread === undefined) return;
      const there = threads.get(placeOf(thread));
      if (there?.get(thread.issue) === id) there.delete(thread.issue);
    },
    removeOpen({ id, desk, keys: said, grant, cards: shown = [] }) {
      unreviewed.get(desk)?.delete(id);
      for (const key of said) removeKey(key, id);
      for (const card of shown) if (cards.get(cardKey(card)) === id) cards.delete(cardKey(card));
      if (grant === undefined) return;
      const there = grants.get(grant.resource);
      const holders = there?.get(grant.account);
      if (there === undefined || holders === undefined) return;
      if (typeof holders !== 'string') holders.delete(id);
      const isLeft = typeof holders === 'string' ? holders !== id : holders.size > 0;
      if (!isLeft) there.delete(grant.account);
      if (there.size === 0) grants.delete(grant.resource);
    },
    noteUncommitted: ({ id, desk }, since) => uncommittedOf(desk).set(id, since),
    byKey: (key) => keys.get(key),
    byThread(thread) {
      if (thread.surface === 'slack') return cards.get(cardKey(thread));
      return thread.surface === 'github' ? threads.get(placeOf(thread))?.get(thread.issue) : undefined;
    },
    live(resource, account) {
      const holders = grants.get(resource)?.get(account) ?? [];
      return typeof holders === 'string' ? [holders] : [...holders];
    },
    unreviewed: (desk) => unreviewed.get(desk) ?? [],
    madeBy: (desk, flow, requester) => made.get(makerKey({ desk, flow, requester })) ?? [],
  };
}

function makerKey({ desk, flow, requester }: Pick<EndedSummary, 'desk' | 'flow' | 'requester'>): string {
  return `${desk} ${flow} ${requester}`;
}

function placeOf({ surface, repository }: GitHubThread): string {
  return `${surface} ${repository}`;
}

function cardKey({ workspace, channel, message }: SlackThread): string {
  return `${workspace}/${channel}/${message}`;
}
