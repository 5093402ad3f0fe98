// The weather between the app and the world: slow calls, failures, answers lost after the deed, and the crash of the process.
import type { Milliseconds } from '../../src/domain/names.ts';
import { Failure } from '../../src/engine/ports/failure.ts';
import type { Clock } from '../../src/engine/ports/clock.ts';
import { BrokenInvariantError } from './broken.ts';
import type { Random } from './random.ts';

/** One life of the app's process: after its crash, nothing it began ever comes back to it. */
export interface Life {
  readonly number: number;
  isAlive: boolean;
}

export interface Weather {
  /** Everything works and is quick: how a history ends, so that what must happen in the end can be seen to. */
  calm: boolean;
  /** The names of what cannot be reached at all now. */
  readonly down: Set<string>;
  /** Carries out one call to the world outside. */
  call<T>(life: Life, name: string, perform: () => T | Promise<T>): Promise<T>;
  /** Carries out what is no call: it is told of where it breaks an invariant. */
  witness<T>(perform: () => T | Promise<T>): Promise<T>;
  /** A place inside the process where it may die. */
  edge(life: Life, name: string): Promise<void>;
}

export interface WeatherReport {
  happened(kind: 'call' | 'crash' | 'fault', name: string): void;
  /** The world saw something that may never be: not an error that the app could swallow. */
  broken(error: BrokenInvariantError): void;
}

const never = new Promise<never>(() => undefined);

/** Of one kind in one minute. A town has little to say: an app that needs more goes round in circles. */
const mostCalls = 200;

export interface Roughness {
  /** Of so many places where the process may die, it dies in one. */
  readonly diesOnceIn: number;
  /** Of a hundred calls, so many fail, and as many lose their answer. */
  readonly failing: number;
  /** Of so many webhooks, one comes late. */
  readonly lateOnceIn: number;
  /** How long a call may take that is slow. */
  readonly slowMs: Milliseconds;
}

export function createWeather(
  random: Random,
  clock: Clock,
  { diesOnceIn, failing, slowMs }: Roughness,
  report: WeatherReport,
): Weather {
  const down = new Set<string>();

  function dies(life: Life, name: string): boolean {
    if (weather.calm || !random.oneIn(diesOnceIn)) return false;
    life.isAlive = false;
    report.happened('crash', name);
    return true;
  }

  const circling = createCircling(clock);

  async function witness<T>(perform: () => T | Promise<T>): Promise<T> {
    try {
      return await perform();
    } catch (error) {
      if (error instanceof BrokenInvariantError) report.broken(error);
      throw error;
    }
  }

  const weather: Weather = {
    calm: false,
    down,
    witness,
    async edge(life, name) {
      if (!life.isAlive || dies(life, name)) await never;
    },
    async call(life, name, perform) {
      await weather.edge(life, `before ${name}`);
      report.happened('call', name);
      if (circling(name) > mostCalls) {
        report.broken(new BrokenInvariantError(`Invariant 9: ${name} is called without end.`));
        await never;
      }
      const mood = weather.calm ? 1 : random.next();
      if (mood < 0.15) await clock.sleep(random.between(1, slowMs));
      if (!life.isAlive) await never;
      if (down.has(name.split(' ')[0] ?? name) || (mood > 0.1 && mood < 0.1 + failing / 100)) {
        report.happened('fault', `${name} fails`);
        throw new Failure(`${name} does not answer.`, { transient: true });
      }
      const answer = await witness(perform);
      await weather.edge(life, `after ${name}`);
      if (mood > 0.2 && mood < 0.2 + failing / 100) {
        report.happened('fault', `${name} loses its answer`);
        throw new Failure(`The answer of ${name} was lost.`, { transient: true });
      }
      return answer;
    },
  };
  return weather;
}

/** How often it was called in this minute. */
function createCircling(clock: Pick<Clock, 'now'>): (name: string) => number {
  let minute = '';
  const calls = new Map<string, number>();
  return (name) => {
    const now = clock.now().slice(0, 16);
    if (now !== minute) calls.clear();
    minute = now;
    const count = (calls.get(name) ?? 0) + 1;
    calls.set(name, count);
    return count;
  };
}
