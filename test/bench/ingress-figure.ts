// How many approvals a second are taken, each made durable before it is acked, against a Probot that only verifies.
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../../sandbox/free-port.ts';
import { pause } from '../process/until.ts';
import { startApp } from './app-process.ts';
import { startChild } from './child.ts';
import type { Bench, Figure } from './figure.ts';
import { approvals } from './github-approvals.ts';
import { lookForAcked } from './look-for-acked.ts';
import { connections, send, sendUntilKilled, type Signed } from './signed-load.ts';

const rounds = 5;
const perRound = 3000;
const warmUp = 500;
const openRequests = 24;
const path = '/api/github/webhooks';

/**
 * The same signed `/approve` comments, 32 connections, floor and ours in turn; each server is alone in its process, and
 * idle while the other is measured. The floor is Probot's own middleware with a handler that does nothing, its log at
 * `error`. Ours is `src/main.ts` as it is started, logging at `info`, its store on a disk with its fsyncs, beside a
 * sandbox in a process of its own: 24 open requests, which wait for two approvals and have one, and five people who say
 * that they approve. What is acked is decided while more comes in: the person, the flow and the team are looked up at
 * the sandbox, and what follows is committed and shown there. What is left of that after a round is waited for before
 * the next. At the end the app is killed with SIGKILL in the middle of a last round, and its store is opened anew: a
 * missing command fails the figure.
 */
export const ingressFigure: Figure = {
  name: 'ingress-vs-bare-probot',
  bar: 0.5,
  better: 'higher',
  meaning: `Signed approvals a second over ${connections} connections, durable before they are acked, by those that a bare Probot verifies.`,
  async measure(bench: Bench) {
    const folder = join(bench.folder, 'ingress');
    const port = await freePort();
    const github = startChild('ingress-github-process.ts', [
      join(folder, 'github'),
      String(port),
      String(openRequests),
    ]);
    const { environment, ...place } = readGitHub(await github.next());
    const data = join(folder, 'data');
    const app = await startApp({ ...environment, PORT: String(port), COUNTERSIGN_DATA: data });
    bench.say(`${openRequests} people ask (a second each)`);
    github.send({ ask: true });
    const { issues } = readIssues(await github.next());
    const secret = environment['WEBHOOK_SECRET'] ?? '';
    const floor = startChild('bare-probot-process.ts', [], {
      env: { ...process.env, WEBHOOK_SECRET: secret, PRIVATE_KEY: aPrivateKey() },
    });
    const floorPort = readPort(await floor.next());
    const ours = { port, path, wanted: 202 };
    const acked: string[] = [];
    const ratios: number[] = [];
    try {
      let said = 0;
      const load = (count: number): readonly Signed[] => {
        said += count;
        return approvals(said - count, count, { ...place, issues, secret });
      };
      for (let round = 0; round <= rounds; round += 1) {
        const some = load(round === 0 ? warmUp : perRound);
        const below = await send({ port: floorPort, path, wanted: 200 }, some);
        const above = await send(ours, some);
        acked.push(...above.acked);
        const backlog = await app.untilIdle();
        if (round === 0) continue;
        ratios.push(above.perSecond / below.perSecond);
        bench.say(
          `round ${round}: floor ${below.perSecond.toFixed(0)}/s, app ${above.perSecond.toFixed(0)}/s, then busy for ${(backlog / 1000).toFixed(1)} s`,
        );
      }
      const last = load(perRound);
      const lastRun = sendUntilKilled(ours, last, acked);
      await pause(500);
      await app.kill();
      await lastRun;
    } finally {
      await app.kill();
      await floor.kill();
      await github.kill();
    }
    await lookForAcked({ data, folder, surface: 'github' }, acked, bench);
    return ratios;
  },
};

function aPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function readGitHub(message: unknown): {
  readonly environment: { readonly [name: string]: string };
  readonly repository: number;
  readonly installation: number;
} {
  return JSON.parse(JSON.stringify(message));
}

function readIssues(message: unknown): { readonly issues: readonly number[] } {
  return JSON.parse(JSON.stringify(message));
}

function readPort(message: unknown): number {
  const { port }: { readonly port: number } = JSON.parse(JSON.stringify(message));
  return port;
}
