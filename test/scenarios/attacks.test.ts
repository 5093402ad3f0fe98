// The real app in a process of its own, attacked from outside: by strangers without the secret, and by people who type.
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningSandbox } from '../../sandbox/main.ts';
import type { Delivery } from '../../sandbox/server.ts';
import { runBuilt } from '../built-sandbox.ts';

let running: RunningSandbox;

beforeAll(async () => {
  running = await runBuilt('fatal');
}, 60_000);

afterAll(async () => {
  await running.stop();
});

/** What people type to break out of where it is shown: markup, mentions, hidden marks, trailers, placeholders, turned text. */
const nasty = [
  '</details><script>alert(1)</script> @acme/platform @bob-l fixes acme/access#1',
  '<!-- countersign:card:01JD --> [click](https://evil.example) ![x](https://evil.example/x.png)',
  '| a | b | \u202Egnp.exe\u2069 \u0000\u0007 ${{ secrets.VAULT_TOKEN }} {{request}} %0d%0a ../../../etc/passwd',
  'Countersign-Batch: 01FORGED',
  'Co-authored-by: Mallory <m@evil.example>',
].join('\n');

let asked = 0;
function ask(reason: string): number {
  asked += 1;
  return running.sandbox.as('ann-o').submitForm('production-access.yml', {
    Flow: 'production-access',
    Target: 'production',
    Duration: '30m',
    'Why do you need access?': reason,
    Urgency: 'Normal',
  }).number;
}

function ours(issue: number): readonly string[] {
  const { github } = running.sandbox;
  return github.state.comments
    .all()
    .filter(({ number, user_id }) => number === issue && github.accountById(user_id).type === 'Bot')
    .map(({ body }) => body);
}

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error('It did not come to pass.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What people did, as the ledger has it: a subject may say what stands below it as well. */
const deeds = (): readonly string[] =>
  running.sandbox
    .ledgerLog()
    .flatMap(({ message }) => [
      ...new Set(message.match(/\w+ (?:requested|approved|denied|revoked|cancelled) \S+/g)),
    ]);

async function post(body: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const url = `${running.appUrl}/api/github/webhooks`;
  return (
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
  ).status;
}

function signed(body: string): Readonly<Record<string, string>> {
  const secret = running.sandbox.environment()['WEBHOOK_SECRET'] ?? '';
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}

function said(text: string): Delivery {
  const found = running.sandbox
    .deliveries()
    .find(({ event, payload }) => event === 'issue_comment' && JSON.stringify(payload).includes(text));
  if (found === undefined) throw new Error(`Nobody said ${text}.`);
  return found;
}

describe('a stranger without the secret', () => {
  it('decides nothing with what they make up', async () => {
    const issue = ask('Backfill');
    await until(() => ours(issue).length > 0);
    running.sandbox.as('bob-l').comment(issue, 'nothing yet');
    await running.sandbox.settled();
    const forged = JSON.stringify(said('nothing yet').payload).replaceAll('nothing yet', '/approve');
    const named = { 'x-github-delivery': 'made-up', 'x-github-event': 'issue_comment' };
    expect(await post(forged, named)).toBe(400);
    expect(await post(forged, { ...named, 'x-hub-signature-256': 'sha256=00' })).toBe(401);
    expect(await post(forged, { ...named, ...signed(`${forged} `) })).toBe(401);
    expect(await post('[[['.repeat(100_000), { ...named, 'x-hub-signature-256': 'sha256=00' })).toBe(401);
    await running.sandbox.settled();
    expect(ours(issue).join()).not.toContain('approved on');
    running.sandbox.as('ann-o').comment(issue, '/cancel');
    await until(() => ours(issue).join().includes('Withdrawn'));
  }, 30_000);

  it('does not end the process by hanging up in the middle of a delivery', async () => {
    const before = running.app().pid;
    const { port } = new URL(running.appUrl);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const socket = connect(Number(port), '127.0.0.1');
      await new Promise<void>((resolve) => socket.once('connect', resolve));
      const headers = 'x-github-delivery: a\r\nx-github-event: push\r\nx-hub-signature-256: sha256=0\r\n';
      socket.write(`POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\n${headers}content-length: 99\r\n\r\n{`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.destroy();
    }
    expect(await post('{}', {})).toBe(400);
    expect(running.app().pid).toBe(before);
  });
});

describe('who captured what was delivered', () => {
  it('brings nothing about by delivering it again, under whatever name', async () => {
    const issue = ask('Backfill again');
    await until(() => ours(issue).length > 0);
    running.sandbox.as('bob-l').comment(issue, '/deny not today');
    await until(() => ours(issue).join().includes('Denied'));
    const again = ask('Backfill once more');
    await until(() => ours(again).length > 0);
    await running.sandbox.settled();
    await until(() => deeds().filter((deed) => deed.includes(' requested ')).length === asked);
    const before = deeds();
    const all = running.sandbox.deliveries().filter(({ event }) => event.startsWith('issue'));
    for (const { payload, event } of all)
      for (const name of [event, 'issues', 'issue_comment', 'push', 'ping']) {
        const body = JSON.stringify(payload);
        const headers = { 'x-github-delivery': `${Math.random()}`, 'x-github-event': name };
        expect([name, event, await post(body, { ...headers, ...signed(body) })]).toEqual([name, event, 202]);
      }
    await running.sandbox.settled();
    expect(deeds()).toEqual(before);
    running.sandbox.as('ann-o').comment(again, '/cancel');
    await until(() => ours(again).join().includes('Withdrawn'));
  }, 60_000);
});

describe('who types', () => {
  it('breaks out of neither card, commit nor log, and reads no secret', async () => {
    const issue = ask(nasty);
    await until(() => ours(issue).length > 0);
    running.sandbox.as('bob-l').comment(issue, `/deny ${nasty}`);
    await until(() => ours(issue).join().includes('Denied'));
    await running.sandbox.settled();
    const shown = ours(issue).join('\n');
    expect(shown).not.toMatch(
      /(?<!\\)<script|@acme\/platform|@bob-l|(?<!\\)<!-- countersign:card:01JD -->|(?<!\\)\]\(https|[\u202e\u0007]/,
    );
    const messages = running.sandbox.ledgerLog().map(({ message }) => message);
    for (const message of messages) {
      expect(message.match(/^Countersign-Batch: /gm)?.length ?? 1).toBe(1);
      expect(message).not.toMatch(/FORGED|Co-authored-by|evil\.example/);
    }
    const token = running.sandbox.environment()['COUNTERSIGN_SECRET_VAULT_TOKEN'] ?? 'none';
    expect(`${shown} ${messages.join()}`).not.toContain(token);
  }, 30_000);
});
