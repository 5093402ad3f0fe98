// Signed deliveries in numbers: made beforehand, sent over keep-alive connections, each answer looked at and timed.
import { Agent, request } from 'node:http';

export interface Signed {
  /** By which it is found again in what was kept. */
  readonly ref: string;
  readonly headers: { readonly [name: string]: string | number };
  readonly body: string;
}

/** Where they are sent, and what they are answered with. */
export interface Receiver {
  readonly port: number;
  readonly path: string;
  readonly wanted: number;
}

export const connections = 32;

export interface LoadReport {
  readonly perSecond: number;
  /** Of a hundred, the slowest but one took so long, in milliseconds. */
  readonly p99Ms: number;
  /** What was answered as wanted. */
  readonly acked: readonly string[];
}

/** Throws where an answer is another than wanted. */
export async function send(to: Receiver, all: readonly Signed[]): Promise<LoadReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const acked: string[] = [];
  const took: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let one = all[next++]; one !== undefined; one = all[next++]) {
        const sentAt = performance.now();
        const status = await post(to, agent, one);
        took.push(performance.now() - sentAt);
        if (status !== to.wanted) throw new Error(`A delivery was answered with ${status}.`);
        acked.push(one.ref);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  took.sort((a, b) => a - b);
  return { perSecond: all.length / seconds, p99Ms: took[Math.floor(took.length * 0.99)] ?? 0, acked };
}

/** In portions, so that what was acked before the kill is known. */
export async function sendUntilKilled(to: Receiver, all: readonly Signed[], acked: string[]): Promise<void> {
  for (let first = 0; first < all.length; first += connections) {
    const some = all.slice(first, first + connections);
    const answers = await Promise.allSettled(some.map((one) => send(to, [one])));
    for (const answer of answers) if (answer.status === 'fulfilled') acked.push(...answer.value.acked);
    if (answers.every(({ status }) => status === 'rejected')) return;
  }
}

function post({ port, path }: Receiver, agent: Agent, { headers, body }: Signed): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, agent, host: '127.0.0.1', method: 'POST', path, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
