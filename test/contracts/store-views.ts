// What a store can be asked, of a store and of the simple model: the same questions, to be compared.
import { minutes } from '../../src/domain/duration.ts';
import type { History } from '../../src/domain/flow.ts';
import { personId, plus, type RequestId } from '../../src/domain/names.ts';
import { nextDeadline } from '../../src/domain/deadlines.ts';
import { liveGrant } from '../../src/domain/request.ts';
import { keyOf, type DeskStream, type Store } from '../../src/engine/ports/store.ts';
import { streamOf } from '../builders/desk-stream.ts';
import { aDesk, aGrant, anId, aThread, noon, type Told } from '../builders/request.ts';
import { beginningOf, far, monthOfLast, requestsInModel, streamLines, type Model } from './store-model.ts';

/** Lives in the model begin at noon and in the four minutes after. */
const spans = [
  { within: minutes(60), until: plus(noon, minutes(60)) },
  { within: minutes(2), until: plus(noon, minutes(3)) },
] as const;
const asking = { desk: aDesk, flow: 'aws-power-user', person: personId('ann') } as const;

function historyOf(known: readonly Told[], { within, until }: (typeof spans)[number]): History {
  const them = known.filter(
    ({ request: { requestedAt } }) => requestedAt <= until && requestedAt >= plus(until, -within),
  );
  return {
    requests: them.length,
    granted: them.filter(({ request }) => request.granted !== undefined).length,
    denied: them.filter(({ request }) => request.phase.status === 'denied').length,
  };
}

/** Everything that a store can be asked, as text. */
export async function viewOfStore(store: Store): Promise<unknown> {
  const ids = Array.from({ length: requestsInModel }, (_, number) => anId(number));
  const loaded = await Promise.all(ids.map((id) => store.load(id)));
  return {
    waiting: (await store.waiting()).map(({ key, request, refusal }) => [
      key,
      request,
      refusal !== undefined,
    ]),
    requests: loaded.map((stored) => stored && [stored.lines.length, stored.committedSeq, stored.request]),
    due: await store.due(far, 99),
    uncommitted: (await store.uncommitted(aDesk, 99)).map(({ request, committed }) => [request, committed]),
    live: (await store.live(aGrant().resource, aGrant().account)).map(({ request }) => request),
    threads: await Promise.all(ids.map((_, number) => store.byThread(aThread(number)))),
    started: await Promise.all(ids.map((id) => store.byKey(startKey(id)))),
    history: await Promise.all(spans.map((span) => store.history({ ...asking, ...span }))),
    stream: await store.deskStream(aDesk),
    head: (await store.cursor(aDesk))?.head ?? '',
    mark: (await store.bookmark('mark')) ?? '',
  };
}

/** The same of the model. */
export function viewOfModel(model: Model): unknown {
  const numbers = Array.from({ length: requestsInModel }, (_, number) => number);
  const known = [...model.requests].map(([number, { seq, committed }]) => ({
    number,
    committed,
    ...beginningOf(number, seq),
  }));
  const lacking = known.flatMap(({ request, committed, lines }) => {
    const oldest = lines[committed]?.entry.at;
    return oldest ? [{ at: oldest, id: request.id, committed }] : [];
  });
  const dueAt = known.flatMap(({ request }) => {
    const at = nextDeadline(request);
    return at ? [{ at, id: request.id }] : [];
  });
  const live = known.flatMap(({ request, lines }) => {
    const started = lines.find(({ entry }) => entry.type === 'escalation-started');
    return liveGrant(request) && started ? [{ at: started.entry.at, id: request.id }] : [];
  });
  return {
    waiting: model.waiting.map(({ number, about, refused }) => [
      keyOf({ surface: 'github', ref: `said-${number}` }),
      anId(about),
      refused,
    ]),
    requests: numbers.map((number) => {
      const one = known.find((each) => each.number === number);
      return one && [one.lines.length, one.committed, one.request];
    }),
    due: dueAt.sort(byTime).map(({ id }) => id),
    uncommitted: lacking.sort(byTime).map(({ id, committed }) => [id, committed]),
    live: live.sort(byTime).map(({ id }) => id),
    threads: numbers.map((number) => (model.requests.has(number) ? anId(number) : undefined)),
    started: numbers.map((number) => (model.requests.has(number) ? anId(number) : undefined)),
    history: spans.map((span) => historyOf(known, span)),
    stream: streamOfModel(model),
    head: model.head,
    mark: model.mark,
  };
}

/** From the month of the first line that is not committed, or of the last. */
function streamOfModel({ stream: { seq, committed } }: Model): DeskStream | undefined {
  const all = streamLines.slice(0, seq);
  if (all.length === 0) return undefined;
  const month = committed < seq ? monthOfLast(all.slice(0, committed + 1)) : monthOfLast(all);
  return streamOf(
    all.filter(({ entry }) => entry.at.slice(0, 7) >= month),
    committed,
  );
}

function byTime(
  a: { readonly at: string; readonly id: string },
  b: { readonly at: string; readonly id: string },
): number {
  return a.at < b.at || (a.at === b.at && a.id < b.id) ? -1 : 1;
}

function startKey(id: RequestId): string {
  return keyOf({ surface: 'github', ref: `asked-${id}` });
}
