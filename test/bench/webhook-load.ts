// Signed webhooks in numbers: made beforehand, sent over keep-alive connections, each answer looked at.
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { aWebhook } from '../builders/webhook.ts';

export interface Approval {
  readonly ref: string;
  readonly headers: { readonly [name: string]: string | number };
  readonly body: string;
}

export interface ApprovalPlace {
  readonly repository: number;
  readonly installation: number;
  readonly issues: readonly number[];
  readonly secret: string;
}

/** A step's approver, and people who may not approve: each says it on every request, again and again. */
const speakers = [
  { login: 'bob-l', id: 583_232, type: 'User' },
  { login: 'eve-s', id: 583_235, type: 'User' },
  { login: 'lena-f', id: 583_237, type: 'User' },
  { login: 'kofi-m', id: 583_238, type: 'User' },
  { login: 'ines-c', id: 583_239, type: 'User' },
] as const;

export const connections = 32;

/** Each is a comment of its own. GitHub's published example, with its people and places put in. */
export function approvals(first: number, count: number, place: ApprovalPlace): readonly Approval[] {
  const { repository, installation, issues, secret } = place;
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const speaker = speakers[number % speakers.length];
    const ref = `IC_bench_${number}`;
    const now = new Date().toISOString();
    const body = JSON.stringify(
      aWebhook('issue_comment', 'created', {
        installation: { id: installation },
        'repository.id': repository,
        'issue.number': issues[Math.floor(number / speakers.length) % issues.length],
        'comment.id': 3_000_000_000 + number,
        'comment.node_id': ref,
        'comment.user': speaker,
        'comment.body': '/approve',
        'comment.created_at': now,
        'comment.updated_at': now,
        sender: speaker,
      }),
    );
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-github-event': 'issue_comment',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
      'user-agent': 'GitHub-Hookshot/bench',
    };
    return { ref, headers, body };
  });
}

export interface LoadReport {
  readonly perSecond: number;
  /** What was answered as wanted. */
  readonly acked: readonly string[];
}

/** Throws where an answer is another than this. */
export async function send(port: number, all: readonly Approval[], wanted: number): Promise<LoadReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const acked: string[] = [];
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let one = all[next++]; one !== undefined; one = all[next++]) {
        const status = await post(port, agent, one);
        if (status !== wanted) throw new Error(`A webhook was answered with ${status}.`);
        acked.push(one.ref);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return { perSecond: all.length / seconds, acked };
}

function post(port: number, agent: Agent, { headers, body }: Approval): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, agent, host: '127.0.0.1', method: 'POST', path: '/api/github/webhooks', headers },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}
