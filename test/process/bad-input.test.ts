// The real process, given what is wrong, hostile, late or from elsewhere: each has an answer, and none leaves its words in the log.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forms } from './day.ts';
import { openHouse, untilQuiet, type House } from './house.ts';
import { ledgerView, type LedgerView } from './ledger-view.ts';
import { ourComments } from './stage.ts';
import { until } from './until.ts';

let house: House;
let ledger: LedgerView;

beforeAll(async () => {
  house = await openHouse();
  await house.start().listens();
  await until('the app to be up', () => house.log().includes('Countersign is up'));
  ledger = ledgerView(house.sandbox);
}, 60_000);
afterAll(() => house.close(), 60_000);

const ours = (issue: number): readonly string[] =>
  ourComments(house.sandbox)
    .filter((comment) => comment.issue === issue)
    .map(({ body }) => body);

interface Answered {
  readonly status: number;
  readonly text: string;
}

async function deliver(event: string, body: BodyInit, signature?: string): Promise<Answered> {
  const headers = {
    'content-type': 'application/json',
    'x-github-delivery': 'd-1',
    'x-github-event': event,
    'x-hub-signature-256':
      signature ?? `sha256=${createHmac('sha256', secret()).update(bytes(body)).digest('hex')}`,
  };
  const answer = await fetch(`${house.appUrl}/api/github/webhooks`, { method: 'POST', headers, body });
  return { status: answer.status, text: (await answer.text()).trim() };
}

const secret = (): string => house.sandbox.environment()['WEBHOOK_SECRET'] ?? '';
const bytes = (body: BodyInit): Uint8Array =>
  body instanceof Uint8Array ? body : new TextEncoder().encode(String(body));

/** What GitHub sent when somebody said this, as text. */
async function deliveryOf(said: string): Promise<string> {
  await house.sandbox.settled();
  const payloads = house.sandbox.deliveries().map(({ payload }) => JSON.stringify(payload));
  return payloads.find((payload) => payload.includes(said)) ?? '';
}

describe('a delivery', () => {
  const words = 'words that nobody signed';

  test('that is forged is refused, and its words are not in the log', async () => {
    const body = JSON.stringify({ action: 'created', words });
    expect(await deliver('issue_comment', body, `sha256=${'0'.repeat(64)}`)).toEqual({
      status: 401,
      text: 'The signature does not match.',
    });
    const large = await deliver('issue_comment', `"${words.repeat(50_000)}"`, `sha256=${'0'.repeat(64)}`);
    expect(large.status).toBe(401);
    await until('it to be logged', () => house.log().split('A delivery is not signed').length === 3);
    expect(house.log()).not.toContain(words);
  });

  test.each([
    ['in broken UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 400, 'The body is no UTF-8.'],
    ['of a form', 'payload=%7B%7D', 400, 'Set the content type to application/json.'],
    ['of nothing of ours', '[null]', 202, 'Taken.'],
    ['of more than a megabyte', JSON.stringify({ x: 'x'.repeat(1_100_000) }), 202, 'Taken.'],
    ['of six megabytes', JSON.stringify({ x: 'x'.repeat(6_000_000) }), 413, 'The delivery is too large.'],
  ])('%s is answered, though it is signed', async (_what, body, status, text) => {
    expect(await deliver('issues', body)).toEqual({ status, text: expect.stringContaining(text) });
  });

  test('of another installation, or of a repository that calls itself a desk, asks and decides nothing', async () => {
    const { number } = house.sandbox.as('ann-o').submitForm('production-access.yml', forms.production);
    await until('the card', () => ours(number).length > 0);
    house.sandbox.as('bob-l').comment(number, 'not yet said');
    const said = await deliveryOf('not yet said');
    const approval = said
      .replaceAll('not yet said', '/approve')
      .replaceAll(/"node_id":"IC_/g, '"node_id":"IC_x');
    const elsewhere = approval
      .replaceAll('700100001', '700100099')
      .replaceAll('acme/access', 'acme/own-desk');
    const uninstalled = approval.replace(/"installation":\{[^}]*\}/, '"installation":null');
    expect([elsewhere, uninstalled]).not.toContain(approval);
    for (const body of [elsewhere, uninstalled])
      expect(await deliver('issue_comment', body)).toMatchObject({ status: 202 });
    const pushed = { ref: 'refs/heads/main', repository: { id: 700_100_099, full_name: 'acme/own-desk' } };
    expect(await deliver('push', JSON.stringify(pushed))).toMatchObject({ status: 202 });
    await untilQuiet(house);
    expect(ledger.at(number)?.phase.status).toBe('pending');
    expect(house.log()).toContain('A webhook of a repository that is no desk was ignored');
    // The same from where it should come decides.
    expect(await deliver('issue_comment', approval)).toMatchObject({ status: 202 });
    await until('the approval', () => ledger.at(number)?.phase.status !== 'pending');
  }, 30_000);
});

describe('somebody', () => {
  test('who was renamed is who they were', async () => {
    const { number } = house.sandbox.as('ann-o').submitForm('production-access.yml', forms.production);
    await until('the card', () => ours(number).length > 0);
    house.sandbox.world.renamePerson('bob-l', 'robert-l');
    house.sandbox.as('robert-l').comment(number, '/deny not today');
    await until('the denial', () => ledger.at(number)?.phase.status === 'denied');
    const denied = ledger.entries().find(({ type }) => type === 'denied');
    expect(JSON.stringify(denied?.by)).toContain('"person":"bob"');
    house.sandbox.world.renamePerson('robert-l', 'bob-l');
  }, 30_000);

  test('who asks for a command that there is none of is told what there is', async () => {
    const { number } = house.sandbox.as('ann-o').submitForm('production-access.yml', forms.production);
    await until('the card', () => ours(number).length > 0);
    house.sandbox.as('bob-l').comment(number, '/aprove');
    await until('the answer', () => ours(number).join().includes('Did you mean `/approve`?'));
    expect(ledger.at(number)?.phase.status).toBe('pending');
  }, 30_000);
});

/** Markup, mentions, hidden marks, trailers, turned text, and what no terminal should get. */
const nasty =
  '</details><script>alert(1)</script> @acme/platform <!-- countersign:card:01JD --> [x](https://evil.example) | a \u202Egnp.exe\u2069 \u0000\u0007\u001b[2J ${{ secrets.VAULT_TOKEN }} {{request}} ../../etc/passwd';

test.each(Object.keys(forms.production))(
  'whatever is typed as “%s” breaks out of nothing, and is answered',
  async (field) => {
    const answers = { ...forms.production, [field]: nasty };
    const body = Object.entries(answers).map(([label, answer]) => `### ${label}\n\n${answer}\n`);
    const issue = house.sandbox.as('ann-o').openIssue({ title: nasty, body: body.join('\n') });
    await until('an answer', () => ours(issue.number).length > 0);
    await untilQuiet(house);
    const shown = ours(issue.number).join('\n');
    expect(shown).not.toMatch(
      /(?<!\\)<script|@acme\/platform|(?<!\\)<!-- countersign:card:01JD -->|(?<!\\)\]\(https|[\u202e\u0000\u0007\u001b]/,
    );
    const messages = house.sandbox.ledgerLog().map(({ message }) => message);
    expect(messages.join()).not.toMatch(/<script|evil\.example|[\u202e\u0000\u0007\u001b]/);
    expect(house.log()).not.toMatch(/evil\.example/);
    const token = house.sandbox.environment()['COUNTERSIGN_SECRET_VAULT_TOKEN'] ?? 'none';
    expect(`${shown} ${messages.join()} ${house.log()}`).not.toContain(token);
  },
  30_000,
);
