// What goes wrong in a test of the real process, drawn from a seed: webhooks and answers that are lost, and the moments at which the app dies.
import type { LoggedRequest } from '../../sandbox/traffic.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { Random } from '../simulation/random.ts';
import type { House } from './house.ts';
import { pause, until } from './until.ts';

/** GitHub misbehaves, each in its own way, now and then. */
export function misbehave({ faults }: Sandbox): void {
  faults.onWebhook({ kind: 'drop', probability: 0.12 });
  faults.onWebhook({ kind: 'duplicate', probability: 0.15 });
  faults.onWebhook({ kind: 'reorder', probability: 0.1 });
  faults.onWebhook({ kind: 'delay', ms: 400, probability: 0.1 });
  const commit = { path: '/graphql', body: 'createCommitOnBranch' };
  faults.onRequest({ kind: 'answer-lost', ...commit, probability: 0.1, times: 4 });
  faults.onRequest({ kind: 'error', status: 502, ...commit, probability: 0.05, times: 2 });
  faults.onRequest({ kind: 'error', status: 502, performed: true, ...commit, probability: 0.05, times: 2 });
  const comment = { method: 'POST', path: /\/issues\/\d+\/comments$/ };
  faults.onRequest({ kind: 'answer-lost', ...comment, probability: 0.15, times: 4 });
  faults.onRequest({ kind: 'too-many-requests', retryAfterSeconds: 1, ...comment, after: 5, times: 1 });
  faults.onRequest({ kind: 'answer-lost', method: 'POST', path: /\/issues$/, times: 1 });
  const access = { path: /\/(memberships|collaborators)\//, app: 'countersign-grants' };
  faults.onRequest({ kind: 'answer-lost', method: 'PUT', ...access, probability: 0.3, times: 2 });
  faults.onRequest({ kind: 'answer-lost', method: 'DELETE', ...access, probability: 0.3, times: 2 });
  faults.onRequest({ kind: 'secondary-limit', retryAfterSeconds: 1, ...access, after: 6, times: 1 });
  faults.onRequest({ kind: 'error', status: 503, performed: true, path: '/service/vault', times: 2 });
  faults.onRequest({ kind: 'reset', method: 'GET', probability: 0.02 });
}

interface Moment {
  readonly when: 'ms after it began' | 'ms after it listened' | 'requests of it' | 'changes by it';
  readonly count: number;
}

/** However little it has to do, it dies. */
const longestLifeMs = 2000;
/** Where the machine is busy, it lives longer: who needs all their life to start brings nothing about. */
const longestLifeInStarts = 3;

/** One life of the app, from its start to its violent end, which is told in a line. */
export async function liveAndDie(house: House, random: Random): Promise<string> {
  const moment = drawMoment(random);
  const { requests } = house.sandbox;
  const started = Date.now();
  const life = house.start();
  if (moment.when === 'ms after it began') await pause(moment.count);
  else {
    await life.listens();
    const first = requests.length;
    const began = Date.now();
    const longest = Math.max(longestLifeMs, longestLifeInStarts * (began - started));
    await until('the moment to kill it', () => {
      const lived = Date.now() - began;
      const since = requests.slice(first).filter(({ app }) => app !== null);
      const count =
        moment.when === 'ms after it listened'
          ? lived
          : since.filter((request) => moment.when === 'requests of it' || changes(request)).length;
      return count >= moment.count || lived > longest;
    });
  }
  const last = requests.at(-1);
  await life.end('SIGKILL');
  return `killed after ${moment.count} ${moment.when}, last seen ${last?.method} ${last?.path} ${last?.operation ?? ''}`;
}

const bounds = {
  'ms after it listened': [200, 1500],
  'requests of it': [30, 180],
  'changes by it': [2, 18],
} as const;

/** What it changes on GitHub: neither a question in GraphQL nor a token. */
function changes({ method, path, operation }: LoggedRequest): boolean {
  return method !== 'GET' && operation !== 'repository' && !/^\/app\//.test(path);
}

function drawMoment(random: Random): Moment {
  if (random.oneIn(8)) return { when: 'ms after it began', count: random.between(50, 900) };
  const when = random.pick(['ms after it listened', 'requests of it', 'changes by it', 'changes by it']);
  const [low, high] = bounds[when];
  return { when, count: random.between(low, high) };
}

/** `KILL_SEED=7` or `KILL_SEED=7,8,9` plays other days. */
export function seedsOfTheDay(fallback: readonly number[]): readonly number[] {
  const given = (process.env['KILL_SEED'] ?? '').split(',').map(Number);
  return process.env['KILL_SEED'] && given.every(Number.isSafeInteger) ? given : fallback;
}
