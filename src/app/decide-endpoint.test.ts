import { createHmac } from 'node:crypto';
import { createServer, request as send, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { aField, anApproval, aFlow, aStep } from '../../test/builders/flow.ts';
import {
  aMailedHouse,
  cleos,
  customerStep,
  linkKey,
  type MailedHouse,
  type MailedOptions,
} from '../../test/builders/mailed-house.ts';
import { hours, minutes } from '../domain/duration.ts';
import { plus, requestId } from '../domain/names.ts';
import { createLinkSigner, type DecisionLink } from '../surfaces/email/decision-link.ts';
import { guestVoice } from '../surfaces/email/guest-voice.ts';
import { createDecideEndpoint } from './decide-endpoint.ts';
import { createRoutes } from './routes.ts';

interface Door extends MailedHouse {
  readonly port: number;
  readonly id: Awaited<ReturnType<MailedHouse['request']>>;
  readonly logs: string[];
}

const open: { readonly house: MailedHouse; readonly server: Server }[] = [];
afterEach(async () => {
  for (const { house, server } of open.splice(0)) {
    server.closeAllConnections();
    server.close();
    await house.mails.close();
  }
});

/** A request was made, and Cleo has her mail. */
async function given(options?: MailedOptions, fields?: Readonly<Record<string, unknown>>): Promise<Door> {
  const house = await aMailedHouse(options);
  const logs: string[] = [];
  const note = (message: string, more?: object): void => void logs.push(message + JSON.stringify(more ?? {}));
  const decide = createDecideEndpoint({
    deciding: async () => house.deciding,
    clock: house.clock,
    log: { info: note, warn: note, error: note },
  });
  const webhook = async (): Promise<void> => undefined;
  const server = createServer(createRoutes({ readiness: { state: 'ready' }, webhook, decide }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ house, server });
  const address = server.address();
  const id = await house.request(fields);
  return Object.assign(house, { id, logs, port: typeof address === 'object' && address ? address.port : 0 });
}

interface Answer {
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;
}

/** What is owed is done while it is waited for. */
async function ask(door: Door, init: RequestInit, token = door.token()): Promise<Answer> {
  const asking = fetch(`http://127.0.0.1:${door.port}/decide/${token}`, init);
  const answer = await Promise.race([asking, turning(door, asking)]);
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
}

async function turning(door: Door, asking: Promise<Response>): Promise<Response> {
  let isDone = false;
  const done = (): void => void (isDone = true);
  asking.then(done, done);
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    await door.heart.idle();
  }
  return asking;
}

const opens = (door: Door, token?: string): Promise<Answer> => ask(door, {}, token);
const posts = (door: Door, fields: Record<string, string>, token?: string): Promise<Answer> =>
  ask(door, { method: 'POST', body: new URLSearchParams(fields) }, token);
const statusOf = async (door: Door): Promise<string> => (await door.load(door.id)).phase.status;
const linkOf = (door: Door): DecisionLink => {
  const link = door.signer.read(door.token());
  if (link === undefined) throw new Error('This is no link.');
  return link;
};
const entries = async (door: Door): Promise<readonly string[]> =>
  ((await door.store.load(door.id))?.lines ?? []).map((line) => JSON.parse(line).type);

describe('opening a link', () => {
  test('shows what is asked, and decides nothing, however often and by whatever reader of mail', async () => {
    const door = await given(
      {
        flow: { danger: 'You are changing production.', fields: [aField('reason', { label: 'Reason' })] },
      },
      { reason: 'Their import hangs' },
    );
    const before = await entries(door);
    for (const method of ['GET', 'HEAD', 'GET']) await ask(door, { method });
    // Some add what they like, or press what is to be pressed.
    const { html, status } = await opens(door, `${door.token()}?decision=approve&utm_source=scanner`);
    expect(status).toBe(200);
    expect(html).toContain('ann-o asks for prod for 30m');
    expect(html).toContain('You are changing production.');
    expect(html).toContain('Their import hangs');
    expect(html).toContain('21 Nov 2026, 09:00 UTC');
    expect(html).toContain('value="approve"');
    expect(html).toContain('value="deny"');
    await door.pass(minutes(1));
    expect(await entries(door)).toEqual(before);
    expect(await statusOf(door)).toBe('pending');
  });

  test('lets no other page have, frame, keep or hear of it', async () => {
    const door = await given();
    const { headers, html } = await opens(door);
    expect(Object.fromEntries(headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
    });
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(html).not.toMatch(/<script|<a |<img|src=|href=|onclick/i);
    expect(html).not.toContain(door.token());
  });

  test('shows what people typed as they typed it', async () => {
    const reason = '</dd><script>alert(1)</script><form action="https://evil.example"><button>Deny "\'';
    const door = await given({ flow: { fields: [aField('reason')] } }, { reason });
    const { html } = await opens(door);
    expect(html).not.toContain('<script');
    expect(html.match(/<form/g)).toHaveLength(1);
    expect(html.match(/<button/g)).toHaveLength(2);
  });

  test('is refused to what is neither reading nor sending', async () => {
    const door = await given();
    const { status, headers } = await ask(door, { method: 'DELETE' });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

describe('the form', () => {
  test('approves, once, and says what became of it', async () => {
    const door = await given();
    const { status, html } = await posts(door, { decision: 'approve', message: 'Go ahead' });
    expect(status).toBe(200);
    expect(html).toContain('You approved it');
    await door.pass(minutes(1));
    expect(await statusOf(door)).toBe('active');
    const later = await opens(door);
    expect(later.html).toContain('You have answered this');
    expect(later.html).toContain('It is taken back by itself on');
    expect(later.html).not.toContain('<form');
  });

  test('denies, with what was said', async () => {
    const door = await given();
    expect((await posts(door, { decision: 'deny', message: ' Not today ' })).html).toContain('You denied it');
    await door.pass(minutes(1));
    expect((await door.load(door.id)).phase).toMatchObject({ status: 'denied', message: 'Not today' });
  });

  test('sent again, by whichever button, takes no second effect', async () => {
    const door = await given({ step: { count: 2 } });
    const answers = await Promise.all([
      posts(door, { decision: 'approve' }),
      posts(door, { decision: 'approve' }),
      posts(door, { decision: 'deny' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const third = await posts(door, { decision: 'deny' });
    expect(third.html).toContain('You have answered this');
    const decided = (await entries(door)).filter((type) =>
      ['approval-given', 'denied', 'refused'].includes(type),
    );
    expect(decided).toHaveLength(1);
  });

  test('wants a message where the flow does, and is not used up by having none', async () => {
    const door = await given({ approval: { decisionMessage: 'required' } });
    expect((await opens(door)).html).toContain('required');
    for (const message of ['', '  ', '\u200b'])
      expect((await posts(door, { decision: 'approve', message })).status).toBe(422);
    expect(await statusOf(door)).toBe('pending');
    expect((await posts(door, { decision: 'approve', message: 'Fine' })).html).toContain('You approved it');
  });

  test('wants it as well where only the flow of today does', async () => {
    const door = await given();
    const strict = anApproval({ steps: [customerStep()], decisionMessage: 'required' });
    door.world = {
      ...door.world,
      flows: [aFlow({ approval: strict, allowGuests: true, guestLinks: true })],
    };
    expect((await posts(door, { decision: 'approve' })).status).toBe(422);
    expect((await posts(door, { decision: 'approve', message: 'Fine' })).status).toBe(200);
  });

  test.each<Record<string, string>>([
    {},
    { decision: 'revoke' },
    { decision: 'APPROVE' },
    { decision: 'request' },
    { decision: '__proto__' },
    { decision: 'approve', message: 'x'.repeat(2001) },
  ])('says nothing else: %j', async (fields) => {
    const door = await given();
    expect((await posts(door, fields)).status).toBe(422);
    expect(await statusOf(door)).toBe('pending');
  });

  test('is the only thing that is read, and no more of it than fits', async () => {
    const door = await given();
    const json = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"decision":"approve"}',
    };
    expect((await ask(door, json)).status).toBe(415);
    const huge = {
      method: 'POST',
      body: new URLSearchParams({ decision: 'approve', message: 'x'.repeat(40_000) }),
    };
    expect((await ask(door, huge)).status).toBe(413);
    expect(await statusOf(door)).toBe('pending');
  });

  test('grants neither less nor as an admin, whatever is sent along', async () => {
    const door = await given();
    await posts(door, {
      decision: 'approve',
      as: 'admin',
      duration: '1m',
      account: 'email:eve@evil.example',
    });
    const { narrowed, approvals } = await door.load(door.id);
    expect(narrowed).toBeUndefined();
    expect(approvals).toMatchObject([{ account: `email:${cleos}`, person: `email:${cleos}` }]);
    expect(approvals[0]?.asAdmin).toBeUndefined();
  });
});

describe('a link that is not ours', () => {
  /** The same page, whatever is wrong with it: nobody learns how near they came. */
  test('is told apart from no other', async () => {
    const door = await given();
    const token = door.token();
    const [payload = '', signature = ''] = token.split('.');
    const link = linkOf(door);
    const other = createLinkSigner(Buffer.alloc(32, 4)).print(link);
    const unprefixed = createHmac('sha256', linkKey).update(payload).digest('base64url');
    const flipped = `${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`;
    const eve = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), a: 'eve@evil.example' }),
    ).toString('base64url');
    const unknown = door.signer.print({ ...link, request: requestId('01JD0000000000000000000000') });
    const forged = [
      '',
      'x',
      payload,
      `${payload}.`,
      `.${signature}`,
      `${payload}.${flipped}`,
      `${payload}.${unprefixed}`,
      `${payload}.${signature}=`,
      `${payload}=.${signature}`,
      `${eve}.${signature}`,
      `${token}.${signature}`,
      other,
      unknown,
      'x'.repeat(5000),
      encodeURIComponent('../../healthz'),
    ];
    const pages = [];
    for (const text of forged) pages.push(await opens(door, text));
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([404]));
    expect(new Set(pages.map(({ html }) => html)).size).toBe(1);
    expect((await posts(door, { decision: 'approve' }, other)).status).toBe(404);
    expect(await statusOf(door)).toBe('pending');
  });

  test('is guessed only so often, which keeps nobody out who has a true one', async () => {
    const door = await given();
    const statuses: number[] = [];
    for (let guess = 0; guess < 40; guess += 1) statuses.push((await opens(door, `guess.${guess}`)).status);
    expect(statuses.slice(0, 30).every((status) => status === 404)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    expect((await opens(door)).status).toBe(200);
  });

  test('a true one is opened only so often, too', async () => {
    const door = await given();
    const statuses: number[] = [];
    for (let times = 0; times < 35; times += 1) statuses.push((await opens(door)).status);
    expect(statuses.at(-1)).toBe(429);
    await door.pass(minutes(1));
    expect((await opens(door)).status).toBe(200);
  });
});

describe('a link of ours is nothing', () => {
  test('once its time is up', async () => {
    const door = await given({ approval: { lapseAfter: hours(168) } });
    const token = door.token();
    await door.clock.advance(hours(72));
    const { status, html } = await posts(door, { decision: 'approve' }, token);
    expect(status).toBe(410);
    expect(html).toContain('has expired');
    expect(html).not.toContain('ann-o');
    expect(await statusOf(door)).toBe('pending');
  });

  test('for another request', async () => {
    const door = await given();
    const first = door.token();
    const second = await door.request();
    await posts(door, { decision: 'approve' }, first);
    expect((await door.load(second)).phase.status).toBe('pending');
    expect(await statusOf(door)).not.toBe('pending');
  });

  test('for another step of the same request', async () => {
    const steps = [customerStep(), aStep('legal', 'guest:customer', { byLink: true, count: 2 })];
    const door = await given({ approval: { steps } });
    const link = linkOf(door);
    expect(link.steps).toEqual(['customer']);
    // Somebody else fills the step that it is for.
    door.world = {
      ...door.world,
      people: { ...door.world.people, gil: 'gil' },
      groups: { ...door.world.groups, 'guest:customer': [`email:${cleos}`, 'gil'] },
    };
    await door.heart.reception.accept(door.says('gil', 'approve'), door.id);
    await door.pass(0);
    const { status, html } = await posts(door, { decision: 'approve' });
    expect(status).toBe(410);
    expect(html).toContain('nothing to decide any more');
    expect((await door.load(door.id)).approvals).toHaveLength(1);
  });

  test('for an extension of what it was sent for', async () => {
    const door = await given({
      flow: { extend: { maxTotal: hours(4), times: 2 } },
      approval: {
        steps: [
          customerStep({
            approvers: [...customerStep().approvers, ...aStep('a', 'team:acme/data').approvers],
          }),
        ],
      },
    });
    const token = door.token();
    await door.heart.reception.accept(door.says('bob-l', 'approve'), door.id);
    await door.pass(minutes(1));
    await door.heart.reception.accept({ ...door.says('ann-o', 'cancel'), type: 'extend' }, door.id);
    await door.pass(minutes(1));
    const { status } = await posts(door, { decision: 'approve' }, token);
    expect(status).toBe(410);
    expect((await door.load(door.id)).extensions.given).toBe(0);
  });

  test('after the end', async () => {
    const door = await given();
    await door.heart.reception.accept(door.says('ann-o', 'cancel'), door.id);
    await door.pass(minutes(1));
    for (const answer of [await opens(door), await posts(door, { decision: 'approve' })]) {
      expect(answer.status).toBe(410);
      expect(answer.html).toContain('nothing to decide any more');
    }
    expect(await statusOf(door)).toBe('cancelled');
  });

  test('once the address was taken out of the group, and then shows nothing of the request', async () => {
    const door = await given({ flow: { fields: [aField('reason')] } }, { reason: 'a secret reason' });
    door.world = { ...door.world, groups: { ...door.world.groups, 'guest:customer': [] } };
    for (const answer of [await opens(door), await posts(door, { decision: 'approve' })]) {
      expect(answer.status).toBe(403);
      expect(answer.html).not.toMatch(/secret reason|ann-o|prod/);
    }
    expect(await statusOf(door)).toBe('pending');
  });

  test('once nobody knows the address', async () => {
    const door = await given();
    door.world = { ...door.world, people: { 'ann-o': 'ann' } };
    expect((await posts(door, { decision: 'approve' })).status).toBe(403);
  });

  test('once the flow has taken links away', async () => {
    const door = await given();
    const [flow] = door.world.flows;
    const { byLink: _, ...step } = customerStep();
    door.world = {
      ...door.world,
      flows: [aFlow({ ...flow, approval: anApproval({ steps: [step] }) })],
    };
    expect((await posts(door, { decision: 'approve' })).status).toBe(409);
    expect(await statusOf(door)).toBe('pending');
  });

  test('while nobody can tell who belongs where; then it is not used up', async () => {
    const door = await given();
    const { groups } = door.world;
    door.world = { ...door.world, groups: { ...groups, 'guest:customer': 'down' } };
    expect((await posts(door, { decision: 'approve' })).status).toBe(503);
    door.world = { ...door.world, groups };
    expect((await posts(door, { decision: 'approve' })).html).toContain('You approved it');
  });
});

test('a guest never asks: what was proved by a link is no requester', async () => {
  const door = await given();
  const command = door.asks('ann-o');
  const voice = guestVoice(cleos, 'link/asks', door.clock.now());
  const receipt = await door.heart.reception.accept({ ...command, voice });
  await door.pass(0);
  expect(await door.store.load(receipt.request)).toBeUndefined();
});

test('a link holds nothing but what it is about', async () => {
  const door = await given();
  expect(linkOf(door)).toEqual({
    request: door.id,
    matter: 'request',
    steps: ['customer'],
    address: cleos,
    expiresAt: plus(door.clock.now(), hours(24)),
  });
});

test('what stands in the address stands in no log', async () => {
  const door = await given();
  await opens(door);
  await posts(door, { decision: 'approve' });
  await opens(door, 'forged.link');
  // A sender that hangs up in the middle.
  const hanging = send({
    port: door.port,
    method: 'POST',
    path: `/decide/${door.token()}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '100' },
  });
  hanging.on('error', () => undefined);
  hanging.write('decision=');
  await new Promise((resolve) => setTimeout(resolve, 20));
  hanging.destroy();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const [payload = '', signature = ''] = door.token().split('.');
  for (const text of [payload, signature, '/decide/'])
    expect(door.logs.join() + door.logged()).not.toContain(text);
});
