import { afterEach, describe, expect, test } from 'vitest';
import { aField, aStep } from '../../../test/builders/flow.ts';
import {
  aMailedHouse,
  cleos,
  customerStep,
  toCleo,
  type MailedHouse,
  type MailedOptions,
} from '../../../test/builders/mailed-house.ts';
import { hours, minutes } from '../../domain/duration.ts';
import { destination, group, instant, type Instant } from '../../domain/names.ts';
import { createLinkDeciding } from './deciding.ts';

const open: MailedHouse[] = [];
afterEach(async () => {
  for (const house of open.splice(0)) await house.mails.close();
});

async function given(options?: MailedOptions): Promise<MailedHouse> {
  const house = await aMailedHouse(options);
  open.push(house);
  return house;
}

const approves = async (house: MailedHouse): Promise<void> => {
  const link = house.deciding.linkIn(house.token());
  if (link === undefined) throw new Error('This is no link.');
  const page = house.deciding.decide(link, new URLSearchParams('decision=approve'));
  await house.pass(0);
  expect((await page).status).toBe(200);
};

describe('a mail to a guest', () => {
  test('says who asks, what, why, until when and how to decide, in text and in HTML', async () => {
    const house = await given({
      flow: { danger: 'You are changing production.', fields: [aField('reason', { label: 'Reason' })] },
    });
    await house.request({ reason: 'Their import hangs' });
    const [mail, ...more] = house.mails.received;
    expect(more).toEqual([]);
    expect(mail?.envelope.to).toEqual([cleos]);
    expect(mail?.headers['subject']).toBe('ann-o asks for prod for 30m');
    for (const text of [mail?.text, mail?.html]) {
      expect(text).toContain('ann-o asks for prod for 30m.');
      expect(text).toContain('You are changing production.');
      expect(text).toContain('Their import hangs');
      expect(text).toContain('waiting for 1 approval from the guests customer');
      expect(text).toContain('https://countersign.acme.com/decide/');
      expect(text).toContain('Opening it decides nothing');
      expect(text).toContain('for the step customer');
      // The repository is closed to them.
      expect(text).not.toContain('github.com');
    }
    expect(mail?.html).not.toMatch(/<(img|script|link|iframe|object|form)/i);
  });

  test('is one, whatever happens while others decide', async () => {
    const house = await given({
      approval: { steps: [aStep('data', 'team:acme/data'), customerStep()] },
    });
    const id = await house.request();
    await house.heart.reception.accept(house.says('bob-l', 'approve'), id);
    await house.pass(minutes(5));
    expect(house.mails.received).toHaveLength(1);
  });

  test('is sent once its step is asked, and not before', async () => {
    const house = await given({
      approval: { steps: [aStep('data', 'team:acme/data'), customerStep({ needs: ['data'] })] },
    });
    const id = await house.request();
    expect(house.mails.received).toEqual([]);
    await house.heart.reception.accept(house.says('bob-l', 'approve'), id);
    await house.pass(minutes(1));
    expect(house.mails.received).toHaveLength(1);
  });

  test('comes once more for another step of theirs, with a link for that one', async () => {
    const second = customerStep({ needs: ['data'] });
    const house = await given({
      approval: {
        steps: [
          aStep('first', 'guest:customer', { byLink: true, count: 2, routes: [{ to: [toCleo] }] }),
          aStep('data', 'team:acme/data'),
          second,
        ],
      },
    });
    const id = await house.request();
    const first = house.deciding.linkIn(house.token());
    expect(first?.steps).toEqual(['first']);
    await house.heart.reception.accept(house.says('bob-l', 'approve'), id);
    await house.pass(minutes(1));
    expect(house.mails.received).toHaveLength(2);
    expect(house.deciding.linkIn(house.token())?.steps).toEqual(['customer']);
    const [one, two] = house.mails.received;
    expect(two?.headers['in-reply-to']).toBe(one?.headers['message-id']);
  });

  test('says how it ended to whoever decided by it, once, and to nobody else', async () => {
    const house = await given();
    await house.request();
    await approves(house);
    await house.pass(minutes(1));
    expect(house.mails.received).toHaveLength(1);
    await house.pass(minutes(40));
    expect(house.mails.received).toHaveLength(2);
    const [asked, ended] = house.mails.received;
    expect(ended?.text).toContain('You answered this by a link.');
    expect(ended?.text).toContain('Access was there from');
    expect(ended?.text).not.toContain('/decide/');
    expect(ended?.text).not.toContain('github.com');
    expect(ended?.headers['in-reply-to']).toBe(asked?.headers['message-id']);

    const other = await given();
    const id = await other.request();
    await other.heart.reception.accept(other.says('ann-o', 'cancel'), id);
    await other.pass(minutes(5));
    expect(other.mails.received).toHaveLength(1);
  });

  test('is no second message where it is sent again', async () => {
    const house = await given();
    await house.request();
    const restarted = await given();
    await restarted.request();
    const idOf = ({ mails }: MailedHouse): string => mails.received[0]?.headers['message-id'] ?? '';
    expect(idOf(house)).toMatch(/^<[0-9A-Z]{26}\.card\.s[0-9a-f]{12}\.[0-9a-f]{12}@acme\.com>$/);
    expect(idOf(house).slice(27)).toBe(idOf(restarted).slice(27));
  });

  test('asks anew for an extension, with a link of its own, and once', async () => {
    const extend = { maxTotal: hours(4), times: 2 };
    const house = await given({ flow: { extend } });
    const id = await house.request();
    await approves(house);
    await house.pass(minutes(1));
    await house.heart.reception.accept({ ...house.says('ann-o', 'cancel'), type: 'extend' }, id);
    await house.pass(minutes(1));
    expect(house.mails.received).toHaveLength(2);
    expect(house.mails.received[1]?.headers['subject']).toContain('asks for more time');
    expect(house.deciding.linkIn(house.token())?.matter).toBe('extension-1');
    await approves(house);
    await house.pass(minutes(1));
    expect((await house.load(id)).extensions.given).toBe(1);
  });
});

describe('what people type', () => {
  const evil =
    '</td><script>alert(1)</script><a href="https://evil.example/decide">Approve here</a> https://evil.example/x www.evil.example evil@evil.example \u202Egnp.exe\r\nBcc: eve@evil.example\r\n\r\n.\r\n';

  test('is neither markup nor header nor a link in a mail', async () => {
    const house = await given({ flow: { fields: [aField('reason', { label: 'Reason' })] } });
    await house.request({ reason: evil });
    const [mail] = house.mails.received;
    expect(mail?.envelope.to).toEqual([cleos]);
    expect(mail?.headers['bcc']).toBeUndefined();
    expect(mail?.html).not.toContain('<script');
    expect(mail?.html.match(/<a /g)).toHaveLength(1);
    expect(mail?.html).not.toContain('https://evil');
    for (const text of [mail?.text ?? '', mail?.html ?? '']) {
      expect(text).not.toMatch(/https?:\/\/evil|www\.evil|evil@evil|evil\.example/);
      expect(text).not.toContain('\u202E');
    }
  });

  test('makes no mail longer than anybody reads', async () => {
    const house = await given({
      flow: { fields: Array.from({ length: 60 }, (_, n) => aField(`f${n}`, { label: 'x'.repeat(80) })) },
    });
    const long = 'wörd '.repeat(400);
    await house.request(Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, long])));
    const [mail] = house.mails.received;
    expect(mail?.text.length).toBeLessThan(60_000);
    expect(mail?.raw.length).toBeLessThan(200_000);
    expect(mail?.text).toContain('30 answers, in the ledger');
  });
});

describe('others', () => {
  const withoutLink = aStep('customer', 'guest:customer', { routes: [{ to: [toCleo] }] });
  const security = destination('email:security@acme.com');

  test('are told where it is decided, and have no link', async () => {
    const house = await given({
      approval: { steps: [aStep('data', 'team:acme/data', { routes: [{ to: [security] }] })] },
    });
    await house.request();
    const [mail] = house.mails.received;
    expect(mail?.text).toContain('https://github.com/acme/access/issues/1');
    expect(mail?.text).toContain('names this address for the step data');
    expect(mail?.text).not.toContain('/decide/');
  });

  test.each<[string, MailedOptions]>([
    ['the flow does not offer it', { approval: { steps: [withoutLink] } }],
    ['the address is not of the group', { world: { groups: { 'team:acme/engineering': ['ann'] } } }],
  ])('have no link where %s', async (_, options) => {
    const house = await given(options);
    await house.request();
    expect(house.mails.received[0]?.text).not.toContain('/decide/');
  });

  test('are told instead where no link can be made, with what is missing', async () => {
    const house = await given({
      links: false,
      step: { routes: [{ to: [toCleo] }, { to: [security] }] },
    });
    const id = await house.request();
    await house.pass(minutes(1));
    expect(house.mails.received.map(({ envelope }) => envelope.to[0])).toEqual(['security@acme.com']);
    const stored = await house.store.load(id);
    expect(stored?.lines.join('\n')).toContain('COUNTERSIGN_URL and COUNTERSIGN_LINK_KEY are not set');
  });

  test('are told instead where the server refuses the address for good', async () => {
    const house = await given({
      server: { refuse: { at: 'rcpt', status: 550 } },
      step: { routes: [{ to: [toCleo] }, { to: [security] }] },
    });
    const id = await house.request();
    await house.pass(minutes(1));
    const { undelivered } = await house.load(id);
    expect(undelivered.map(({ to }) => to)).toContain(toCleo);
  });

  test('what fails for a moment is sent later, once', async () => {
    const weather = { isBad: true };
    const house = await given({
      server: { refuse: { at: 'rcpt', status: 451 }, refusing: () => weather.isBad },
    });
    await house.request();
    expect(house.mails.received).toEqual([]);
    weather.isBad = false;
    await house.pass(minutes(2));
    expect(house.mails.received).toHaveLength(1);
  });
});

describe('a link', () => {
  test('ends with its request, and after three days at most', async () => {
    const until = async (lapseAfter: number): Promise<Instant | undefined> => {
      const house = await given({ approval: { lapseAfter } });
      await house.request();
      return house.deciding.linkIn(house.token())?.expiresAt;
    };
    const start = Date.UTC(2026, 10, 20, 9);
    const begun = async (): Promise<number> => Date.parse((await aMailedHouse()).clock.now());
    expect([start, await begun()]).toContain(await begun());
    expect(await until(hours(2))).toBe(instant((await begun()) + hours(2)));
    expect(await until(hours(168))).toBe(instant((await begun()) + hours(72)));
  });

  test('stands nowhere but in its mail', async () => {
    const house = await given();
    const id = await house.request();
    const token = house.token();
    await approves(house);
    await house.pass(minutes(40));
    const stored = await house.store.load(id);
    const [payload = '', signature = ''] = token.split('.');
    const told = [stored?.lines.join('\n'), house.logged(), JSON.stringify(house.branch)].join('\n');
    expect(told).not.toContain(payload);
    expect(told).not.toContain(signature);
    expect(told).not.toContain('/decide/');
    expect(told).toContain('"proof":"email-link"');
  });
});

test('a link decides what its page showed, though another matter comes up while it is pressed', async () => {
  const house = await given({
    step: { approvers: [group('guest:customer'), group('team:acme/data')] },
    flow: { extend: { maxTotal: hours(8), times: 3 } },
  });
  const id = await house.request();
  await house.heart.reception.accept(house.says('bob-l', 'approve'), id);
  await house.pass(minutes(1));
  const extend = async (by: number): Promise<void> => {
    const { voice } = house.says('ann-o', 'cancel');
    await house.heart.reception.accept({ type: 'extend', voice, by }, id);
    await house.pass(1000);
  };
  await extend(minutes(10));
  const link = house.deciding.linkIn(house.token());
  expect(link?.matter).toBe('extension-1');
  let looked = 0;
  const { signer, clock, parts } = house;
  const deciding = createLinkDeciding({
    ...{ signer, clock, directory: parts.directory, reception: () => house.heart.reception },
    flows: {
      async current(...asked) {
        looked += 1;
        if (looked === 1) {
          await house.heart.reception.accept(house.says('bob-l', 'deny'), id);
          await house.pass(1000);
          await extend(hours(7));
        }
        return parts.flows.current(...asked);
      },
    },
  });
  if (link === undefined) throw new Error('This is no link.');
  const page = deciding.decide(link, new URLSearchParams('decision=approve'));
  let isAnswered = false;
  void page.finally(() => (isAnswered = true));
  while (!isAnswered) await house.pass(0);
  expect((await page).status).toBe(409);
  const request = await house.load(id);
  expect(request.extensions).toMatchObject({ asked: 2, given: 0 });
});
