// Ways to find a request: each is a map or a heap, so that ten open requests or a hundred thousand cost the same.
import type { Thread } from '../domain/entries.ts';
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
  /** A person's requests of a flow, open or ended. */
  madeBy(desk: DeskId, flow: string, person: PersonId): Iterable<RequestId>;
}

export function createIndexes(): Indexes {
  const due = createAgenda();
  const uncommitted = new Map<DeskId, Agenda>();
  const keys = new Map<string, RequestId>();
  const threads = new Map<string, RequestId>();
  /** Mostly one: then there is no set around it. */
  const grants = new Map<string, RequestId | Set<RequestId>>();
  const made = new Map<string, Set<RequestId>>();

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
      const known = threads.get(threadKey(thread));
      if (known === undefined || known < id) threads.set(threadKey(thread), id);
    },
    addOpen({ id, keys: said, deadline, grant }) {
      for (const key of said) addKey(key, id);
      due.set(id, deadline);
      if (grant === undefined) return;
      const place = grantKey(grant);
      const holders = grants.get(place);
      if (holders === undefined) grants.set(place, id);
      else if (typeof holders !== 'string') holders.add(id);
      else if (holders !== id) grants.set(place, new Set([holders, id]));
    },
    remove(summary) {
      const { id, key, thread } = summary;
      removeKey(key, id);
      made.get(makerKey(summary))?.delete(id);
      if (thread && threads.get(threadKey(thread)) === id) threads.delete(threadKey(thread));
    },
    removeOpen({ id, keys: said, grant }) {
      for (const key of said) removeKey(key, id);
      if (grant === undefined) return;
      const place = grantKey(grant);
      const holders = grants.get(place);
      if (holders === id) grants.delete(place);
      if (holders === undefined || typeof holders === 'string') return;
      holders.delete(id);
      if (holders.size === 0) grants.delete(place);
    },
    noteUncommitted: ({ id, desk }, since) => uncommittedOf(desk).set(id, since),
    byKey: (key) => keys.get(key),
    byThread: (thread) => threads.get(threadKey(thread)),
    live(resource, account) {
      const holders = grants.get(grantKey({ resource, account })) ?? [];
      return typeof holders === 'string' ? [holders] : [...holders];
    },
    madeBy: (desk, flow, requester) => made.get(makerKey({ desk, flow, requester })) ?? [],
  };
}

function makerKey({ desk, flow, requester }: Pick<EndedSummary, 'desk' | 'flow' | 'requester'>): string {
  return `${desk} ${flow} ${requester}`;
}

function threadKey({ surface, repository, issue }: Thread): string {
  return `${surface} ${repository}#${issue}`;
}

function grantKey({ resource, account }: { readonly resource: string; readonly account: string }): string {
  return JSON.stringify([resource, account]);
}
