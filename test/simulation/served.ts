// A town whose target is a real strategy over the double of its service, with the weather between it and each of its calls.
import type { Flow } from '../../src/domain/flow.ts';
import { personId, type Instant } from '../../src/domain/names.ts';
import type { AccessControl, SettleCall } from '../../src/engine/ports/access.ts';
import type { Passage } from '../contracts/strategies/passage.ts';
import type { StrategySubject, Trouble } from '../contracts/strategy.ts';
import { quiet, type VirtualClock } from '../virtual-clock.ts';
import { broken } from './broken.ts';
import { foresee } from './foreseen.ts';
import { checkBeforeGrant } from './judge.ts';
import type { MemoryBranch } from './memory-ledger.ts';
import type { Random } from './random.ts';
import type { ServiceName } from './service-names.ts';
import { theDesk, type Town } from './town.ts';
import type { Life, Weather } from './weather.ts';

export interface Served {
  /** What each life of the app has of it: nothing that one knew helps the next. */
  of(life: Life): AccessControl;
  /** Has the town know what is held now. */
  look(): Promise<void>;
  /** What somebody may give by hand, from least to most: nothing where it could not be told from ours. */
  readonly givable: readonly string[];
  give(holding: string): Promise<void>;
  close(): Promise<void>;
}

export interface ServedParts {
  readonly town: Town;
  readonly branch: MemoryBranch;
  readonly random: Random;
  readonly weather: Weather;
  readonly clock: VirtualClock;
  readonly note: (sentence: string) => void;
}

/** The only one in the town who has an account there. */
const person = personId('ann');

/** Of a hundred calls, so many would find the service in trouble. */
const troubled = 20;
/** What becomes of one that changes something: refused for now or for good, done and not answered, or taken on and not done. */
const troubles: readonly [Trouble | 'work', ...(Trouble | 'work')[]] = [
  { status: 429 },
  { status: 503 },
  { status: 403 },
  'answer-lost',
  'answer-lost',
  'work',
];
/** From what hardly anybody notices to more than we wait for in one go. */
const lags = [300, 3000, 30_000] as const;

export async function openServed(service: ServiceName, parts: ServedParts): Promise<Served> {
  const { town, branch, random, weather, clock, note } = parts;
  // Loaded where it is used, so that nobody else pays for what it brings with it.
  const { services } = await import('./services.ts');
  const leave = foresee(parts);
  const workMs = (): number => random.between(500, 60_000);
  const lagMs = random.pick(lags);
  const subject = await services[service]({ clock, lagMs, workMs });
  const { account, wanted } = await whatIsThere(subject);
  /** What each life is about to bring about, if anything. */
  const settling = new Map<Life, ReadonlySet<SettleCall>>();
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other as they come, and each while nothing else goes on: what is first may not depend on the machine. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(() => clock.during(async () => (await quiet(), work())));
    last = mine.catch(() => undefined);
    return mine;
  }

  async function look(): Promise<void> {
    const holds = await subject.holds();
    if (holds === (town.holdings.get(account) ?? 'none')) return;
    note(`target: ${account} holds ${holds}`);
    if (holds === 'none') town.holdings.delete(account);
    else town.holdings.set(account, holds);
  }

  function haveTrouble(): void {
    if (weather.calm || random.next() * 100 >= troubled) return;
    const trouble = random.pick(troubles);
    if (trouble === 'work') subject.failWork?.();
    else subject.trouble(trouble);
  }

  /** Whoever only looks changes nothing, and nothing is granted by a call that left too late (1, 2). */
  function demandMayWrite(life: Life, leftAt: Instant): void {
    const calls = [...(settling.get(life) ?? [])];
    if (calls.length === 0) broken(1, 'The target is written to, and nothing is to be given or taken.');
    if (calls.every(({ purpose, notAfter }) => purpose === 'escalate' && leftAt >= (notAfter ?? leftAt)))
      broken(2, 'The target is written to after start-by.');
  }

  function passageOf(life: Life): Passage {
    return async (perform, signal) => {
      const leftAt = clock.now();
      let thrown: unknown;
      const performed = async () => {
        // Who gave up has broken the connection.
        if (!life.isAlive || signal?.aborted) throw brokenConnection();
        const before = subject.writes;
        haveTrouble();
        try {
          return await perform();
        } catch (error) {
          thrown = error;
          throw error;
        } finally {
          subject.trouble(undefined);
          await look();
          if (subject.writes > before) demandMayWrite(life, leftAt);
        }
      };
      try {
        return await unlessAborted(
          weather.call(life, `target ${service}`, () => inTurn(performed)),
          signal,
        );
      } catch (error) {
        if (!life.isAlive) await weather.edge(life, 'after its end');
        throw error === thrown ? error : brokenConnection();
      }
    };
  }

  function of(life: Life): AccessControl {
    const access = subject.accessThrough(passageOf(life));
    return {
      look: access.look,
      handOver: access.handOver,
      async settle(call) {
        if (!life.isAlive) await weather.edge(life, 'after its end');
        if (call.purpose === 'escalate') await weather.witness(() => checkBeforeGrant(branch, call));
        settling.set(life, new Set([...(settling.get(life) ?? []), call]));
        try {
          return await access.settle(call);
        } finally {
          settling.set(life, new Set([...(settling.get(life) ?? [])].filter((each) => each !== call)));
        }
      },
    };
  }

  town.target = { account, person, flowOf: (flow) => servedBy(subject, flow) };
  for (const [name, flow] of town.flows) town.flows.set(name, servedBy(subject, flow));
  return {
    of,
    look,
    // A service that does not say what was there cannot have it back: what was given by hand would go with ours.
    givable: subject.readable ? wanted : [],
    async give(holding) {
      await clock.settle(subject.give(holding));
      await look();
      if (holding === 'none') town.standing.delete(account);
      else town.standing.set(account, holding);
    },
    async close() {
      leave();
      await subject.close();
    },
  };
}

/** What those flows ask for that give the most is the target, and what the others do is the lesser one. */
function servedBy({ ref, target, lesser = target }: StrategySubject, flow: Flow): Flow {
  const { access } = flow;
  if (access === undefined) return flow;
  const targets = access.targets.map((each) => ({
    ...each,
    settings: each.settings['level'] === 'admin' ? target : lesser,
  }));
  return { ...flow, access: { ...access, strategy: ref, targets } };
}

/** Asked before time begins: what a client loads and keeps, such as a token, is there by then. */
async function whatIsThere({ access, ref, target, lesser }: StrategySubject) {
  const seen = await Promise.all(
    [lesser ?? target, target].map((settings) => access.look(theDesk, ref, settings, person)),
  );
  const wanted = new Set<string>();
  let account = '';
  for (const each of seen) {
    if ('missing' in each) throw new Error(`The target cannot be looked at: ${JSON.stringify(each)}`);
    account = each.account;
    wanted.add(each.wanted);
  }
  return { account, wanted: [...wanted] };
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(brokenConnection());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}

/** As `fetch` says it; to the clients of AWS, too, it is no answer. */
function brokenConnection(): TypeError {
  return new TypeError('fetch failed');
}
