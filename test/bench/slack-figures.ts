// How many clicks on Slack are taken a second, each made durable before it is acked, and how long the slowest wait, against a Bolt that only verifies.
import { join } from 'node:path';
import { freePort } from '../../sandbox/free-port.ts';
import { pause } from '../process/until.ts';
import { startApp } from './app-process.ts';
import { startChild } from './child.ts';
import type { Bench, Figure } from './figure.ts';
import { lookForAcked } from './look-for-acked.ts';
import { connections, send, sendUntilKilled, type Signed } from './signed-load.ts';
import { clicks, type ClickPlace } from './slack-clicks.ts';

const rounds = 7;
const perRound = 3000;
/** A server that runs for days is measured, not the compiler of its first second. */
const warmUp = perRound;
const openRequests = 24;
const path = '/api/slack/events';

interface Round {
  readonly throughput: number;
  readonly p99: number;
}

/** Both figures are of the same rounds. */
const measured = new Map<string, Promise<readonly Round[]>>();

function roundsOf(bench: Bench): Promise<readonly Round[]> {
  const known = measured.get(bench.folder) ?? measure(bench);
  measured.set(bench.folder, known);
  return known;
}

export const slackIngress: Figure = {
  name: 'slack-ingress-vs-bare',
  bar: 0.5,
  better: 'higher',
  meaning: `Clicks on Slack a second over ${connections} connections, verified and durable before they are acked, by those that a bare receiver of Bolt verifies.`,
  measure: async (bench) => (await roundsOf(bench)).map(({ throughput }) => throughput),
};

export const slackSlowest: Figure = {
  name: 'slack-p99-vs-bare',
  bar: 3,
  better: 'lower',
  meaning: 'The 99th percentile of the time until the same clicks are acked, by that of the bare receiver.',
  measure: async (bench) => (await roundsOf(bench)).map(({ p99 }) => p99),
};

/**
 * The same signed clicks of distinct bodies, floor and ours in turn; each server is alone in its process, and idle while
 * the other is measured. The floor is Bolt's own HTTP receiver, the library by which we receive, with an app that acks.
 * Ours is `src/main.ts` as it is started, its store on a disk with its fsyncs, beside a sandbox in a process of its own:
 * 24 open requests with a card each, and five people who press “Approve” on them again and again. What is acked is
 * decided while more comes in. At the end the app is killed in the middle of a round, and its store is opened anew.
 */
async function measure(bench: Bench): Promise<readonly Round[]> {
  const folder = join(bench.folder, 'slack');
  const port = await freePort();
  const world = startChild('ingress-github-process.ts', [
    join(folder, 'world'),
    String(port),
    String(openRequests),
    'slack',
  ]);
  const { environment } = readWorld(await world.next());
  const data = join(folder, 'data');
  const app = await startApp({ ...environment, PORT: String(port), COUNTERSIGN_DATA: data });
  bench.say(`${openRequests} people ask (a second each), and each request gets its card on Slack`);
  world.send({ ask: true });
  const { cards } = readCards(await world.next());
  const secret = environment['SLACK_SIGNING_SECRET'] ?? '';
  const floor = startChild('bare-bolt-process.ts', [], {
    env: { ...process.env, SLACK_SIGNING_SECRET: secret },
  });
  const bare = { port: readPort(await floor.next()), path, wanted: 200 };
  const ours = { port, path, wanted: 200 };
  const acked: string[] = [];
  const found: Round[] = [];
  try {
    let pressed = 0;
    const load = (count: number): readonly Signed[] => {
      pressed += count;
      return clicks(pressed - count, count, { cards, secret });
    };
    for (let round = 0; round <= rounds; round += 1) {
      const some = load(round === 0 ? warmUp : perRound);
      const below = await send(bare, some);
      const above = await send(ours, some);
      acked.push(...above.acked);
      const backlog = await app.untilIdle();
      if (round === 0) continue;
      found.push({ throughput: above.perSecond / below.perSecond, p99: above.p99Ms / below.p99Ms });
      bench.say(
        `round ${round}: floor ${below.perSecond.toFixed(0)}/s with p99 ${below.p99Ms.toFixed(0)} ms, app ${above.perSecond.toFixed(0)}/s with ${above.p99Ms.toFixed(0)} ms, then busy for ${(backlog / 1000).toFixed(1)} s`,
      );
    }
    const last = sendUntilKilled(ours, load(perRound), acked);
    await pause(500);
    await app.kill();
    await last;
  } finally {
    await app.kill();
    await floor.kill();
    await world.kill();
  }
  await lookForAcked({ data, folder, surface: 'slack' }, acked, bench);
  return found;
}

function readWorld(message: unknown): { readonly environment: { readonly [name: string]: string } } {
  return JSON.parse(JSON.stringify(message));
}

function readCards(message: unknown): Pick<ClickPlace, 'cards'> {
  return JSON.parse(JSON.stringify(message));
}

function readPort(message: unknown): number {
  const { port }: { readonly port: number } = JSON.parse(JSON.stringify(message));
  return port;
}
