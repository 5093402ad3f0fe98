// Approvals as GitHub delivers them, signed and each a comment of its own.
import { createHmac, randomUUID } from 'node:crypto';
import { aWebhook } from '../builders/webhook.ts';
import type { Signed } from './signed-load.ts';

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

/** Each is a comment of its own. GitHub's published example, with its people and places put in. */
export function approvals(first: number, count: number, place: ApprovalPlace): readonly Signed[] {
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
