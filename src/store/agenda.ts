// Requests by the moment they are wanted, earliest first: what is due is found without looking at what is not.
import type { Instant, RequestId } from '../domain/names.ts';

export interface Agenda {
  /** Undefined takes the request off. */
  set(id: RequestId, at: Instant | undefined): void;
  /** In order of time, then of id; up to and with `until`. */
  first(limit: number, until?: Instant): readonly RequestId[];
}

interface Item {
  readonly at: Instant;
  readonly id: RequestId;
}

/** A binary heap that forgets late: an item that was moved or taken off stays in it until it comes up. */
export function createAgenda(): Agenda {
  const current = new Map<RequestId, Instant>();
  let heap: Item[] = [];

  function set(id: RequestId, at: Instant | undefined): void {
    if (current.get(id) === at) return;
    if (at === undefined) current.delete(id);
    else {
      current.set(id, at);
      push(heap, { at, id });
    }
    if (heap.length > 2 * current.size + 64) tidy();
  }

  function tidy(): void {
    heap = [...current].map(([id, at]) => ({ at, id })).sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  function first(limit: number, until?: Instant): readonly RequestId[] {
    const taken = new Map<RequestId, Item>();
    while (taken.size < limit) {
      const [next] = heap;
      if (next === undefined || (until !== undefined && next.at > until)) break;
      pop(heap);
      if (current.get(next.id) === next.at) taken.set(next.id, next);
    }
    for (const item of taken.values()) push(heap, item);
    return [...taken.keys()];
  }

  return { set, first };
}

function isBefore(a: Item, b: Item): boolean {
  return a.at < b.at || (a.at === b.at && a.id < b.id);
}

function push(heap: Item[], item: Item): void {
  let place = heap.length;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(item, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = item;
}

/** Takes the first item out. */
function pop(heap: Item[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    if (a === undefined) break;
    const [child, item] = b !== undefined && isBefore(b, a) ? [left + 1, b] : [left, a];
    if (!isBefore(item, last)) break;
    heap[place] = item;
    place = child;
  }
  heap[place] = last;
}
