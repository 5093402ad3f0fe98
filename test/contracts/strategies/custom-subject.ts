// The custom strategy in its real sandbox: the code of the worked example, over a double of a licence server.
import { readFileSync } from 'node:fs';
import { startDouble, type Double } from '../../../sandbox/services/double.ts';
import { openCode, type CodeHalf } from '../../../src/app/open-code.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import type { Settings, StrategyRef } from '../../../src/domain/flow.ts';
import { personId } from '../../../src/domain/names.ts';
import { Failure } from '../../../src/engine/ports/failure.ts';
import type { Clock } from '../../../src/engine/ports/clock.ts';
import type { AccessControlParts } from '../../../src/strategies/access-control.ts';
import type { StrategySubject } from '../strategy.ts';
import { stopStrictly } from './onelogin-subject.ts';
import { ann, serviceParts, type ServiceParts } from './service-parts.ts';
import { waysBy, type Passage, type SubjectSurroundings } from './passage.ts';
import { createQuickClock } from './subject-parts.ts';

const url = 'https://licences.acme.com/v1';
const token = 'a-token-of-the-licence-server';
export const seatsCode = readFileSync('docs/examples/custom-strategy/flows/seats.ts', 'utf8');
export const seatsRef: StrategyRef = {
  type: 'custom',
  integration: 'licences',
  code: { file: 'flows/seats.ts', hosts: [], commit: 'granted' },
};
export const seatsTarget: Settings = { product: 'design-suite', level: 'editor' };

export interface SeatsWorld {
  readonly service: ServiceParts;
  readonly double: Double;
  /** The level by product and address. */
  readonly seats: Map<string, string>;
  readonly store: Map<string, string>;
  readonly code: CodeHalf;
  /** `flows/seats.ts` as it is from now on; the commit at which it is so. */
  commit(code: string): string;
  /** Whether GitHub answers. */
  outage: boolean;
  /** What is set shows so many reads later. */
  lag: number;
  close(): Promise<void>;
}

export async function openSeats(clock: Clock = createQuickClock()): Promise<SeatsWorld> {
  const seats = new Map<string, string>();
  const shownLater: { key: string; level: string | undefined; reads: number }[] = [];
  const double = await startDouble({
    async answer(request, stranger) {
      const [, key = ''] = /^\/seats\/([^/]+\/[^/]+)$/.exec(new URL(request.url).pathname) ?? [];
      if (key === '') stranger(`${request.method} ${request.url}`);
      if (request.headers.get('authorization') !== `Bearer ${token}`)
        return new Response(null, { status: 401 });
      if (request.method === 'GET') return answerOf(shownOf(key));
      const body: unknown = request.method === 'PUT' ? await request.json() : {};
      const level =
        typeof body === 'object' && body !== null && 'level' in body ? String(body.level) : undefined;
      if (world.lag > 0) shownLater.push({ key, level: seats.get(key), reads: world.lag });
      if (level === undefined) return new Response(null, { status: seats.delete(key) ? 204 : 404 });
      seats.set(key, level);
      return answerOf(level);
    },
  });

  function shownOf(key: string): string | undefined {
    // Once it is not late any more, it shows all that was set.
    if (world.lag === 0) shownLater.length = 0;
    const old = shownLater.find((each) => each.key === key && each.reads > 0);
    if (old) old.reads -= 1;
    return old ? old.level : seats.get(key);
  }

  function deskAt(commit: string): Desk {
    const code = versions.get(commit);
    if (world.outage || code === undefined) throw new Failure('GitHub: no answer', { transient: true });
    const person = { id: ann.id, name: 'Ann', role: 'member', email: 'ann@acme.com' } as const;
    const people = { persons: new Map([[ann.id, person]]), byAccount: new Map() };
    return { commit, flows: new Map(), diagnostics: [], code: { 'flows/seats.ts': code }, people };
  }

  const store = new Map<string, string>();
  const service = serviceParts({
    double,
    clock,
    from: [url],
    secrets: { LICENCES_TOKEN: { host: 'licences.acme.com', value: token } },
    integration: { type: 'http', base_url: url },
    people: [ann],
  });
  const versions = new Map([['granted', seatsCode]]);
  let head = 'granted';
  const world: SeatsWorld = {
    ...{ double, seats, store, outage: false, lag: 0 },
    commit(code) {
      head = `c${versions.size}`;
      versions.set(head, code);
      return head;
    },
    service: {
      parts: { ...service.parts, code: (...run) => half.ofStrategies(...run) },
      partsThrough: (passage) => ({ ...service.parts, code: codeThrough(passage, () => half) }),
      trouble: service.trouble,
      get writes() {
        return service.writes;
      },
    },
    get code() {
      return half;
    },
    async close() {
      await half.rooms.stop();
      await stopStrictly(double);
    },
  };
  const half = openCode(
    {
      clock: realSleeps(clock),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      fetch: globalThis.fetch,
    },
    {
      github: { app: never, forRepository: never, forRepositoryId: never },
      settings: { baseUrl: 'https://api.github.test', codeRepositories: [] },
      outside: service.parts.outside,
      directory: { belongs: async () => false },
      store: {
        bookmark: async (name) => store.get(name),
        setBookmark: async (name, value) => void store.set(name, value),
      },
      desks: {
        desk: async () => deskAt(head),
        at: async (_, commit) => deskAt(commit),
      },
    },
  );
  return world;
}

/** What the code asks of the world it asks from a thread of its own: here a whole run passes, and is lost as a whole. */
function codeThrough(passage: Passage, half: () => CodeHalf): NonNullable<AccessControlParts['code']> {
  return async (...run) => {
    try {
      return await passage(() => half().ofStrategies(...run), run[2].signal);
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure('The code came to no answer.', { transient: true });
    }
  };
}

function answerOf(level: string | undefined): Response {
  return level === undefined ? new Response(null, { status: 404 }) : Response.json({ level, seat: 'S-17' });
}

/** A sandbox computes in real time. */
function realSleeps(clock: Clock): Clock {
  return {
    now: clock.now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms).unref();
        signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      }),
  };
}

export async function customSubject(around?: SubjectSurroundings): Promise<StrategySubject> {
  const world = await openSeats(around?.clock);
  const { service, seats } = world;
  const mine = 'design-suite/ann%40acme.com';
  return {
    ...waysBy(service.partsThrough),
    ref: seatsRef,
    target: seatsTarget,
    lesser: { product: 'design-suite', level: 'viewer' },
    person: personId('ann'),
    readable: true,
    holds: async () => seats.get(mine) ?? 'none',
    async give(holding) {
      if (holding === 'none') seats.delete(mine);
      else seats.set(mine, holding);
    },
    trouble: service.trouble,
    get writes() {
      return service.writes;
    },
    close: world.close,
  };
}

function never(): never {
  throw new Error('A strategy has nothing to do with that.');
}
