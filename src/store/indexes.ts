// Ways to find a request: each is a map or a heap, so that ten open requests or a hundred thousand cost the same.
import type { Thread } from '../domain/entries.ts';
import type { DeskId, Instant, RequestId } from '../domain/names.ts';
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
}

export function createIndexes(): Indexes {
  const due = createAgenda();
  const uncommitted = new Map<DeskId, Agenda>();
  const keys = new Map<string, RequestId>();
  const threads = new Map<string, RequestId>();
  const grants = new Map<string, Set<RequestId>>();

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
    add({ id, key, thread }) {
      addKey(key, id);
      if (thread === undefined) return;
      // Should two ever claim a thread, it is about the newer one.
      const known = threads.get(threadKey(thread));
      if (known === undefined || known < id) threads.set(threadKey(thread), id);
    },
    addOpen({ id, keys: said, deadline, grant }) {
      for (const key of said) addKey(key, id);
      due.set(id, deadline);
      if (grant === undefined) return;
      const holders = grants.get(grantKey(grant.grant)) ?? new Set();
      grants.set(grantKey(grant.grant), holders.add(id));
    },
    remove({ id, key, thread }) {
      removeKey(key, id);
      if (thread && threads.get(threadKey(thread)) === id) threads.delete(threadKey(thread));
    },
    removeOpen({ id, keys: said, grant }) {
      for (const key of said) removeKey(key, id);
      if (grant === undefined) return;
      const holders = grants.get(grantKey(grant.grant));
      holders?.delete(id);
      if (holders?.size === 0) grants.delete(grantKey(grant.grant));
    },
    noteUncommitted: ({ id, desk }, since) => uncommittedOf(desk).set(id, since),
    byKey: (key) => keys.get(key),
    byThread: (thread) => threads.get(threadKey(thread)),
    live: (resource, account) => [...(grants.get(grantKey({ resource, account })) ?? [])],
  };
}

function threadKey({ surface, repository, issue }: Thread): string {
  return `${surface} ${repository}#${issue}`;
}

function grantKey({ resource, account }: { readonly resource: string; readonly account: string }): string {
  return JSON.stringify([resource, account]);
}
