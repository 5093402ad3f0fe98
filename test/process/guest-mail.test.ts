// A guest outside Slack in the real process: a mail over SMTP, a page that decides nothing, a form that decides once.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aMailServer, type MailDouble } from '../mail-server.ts';
import { allowTime } from './company.ts';
import { openHouse, type House } from './house.ts';
import { createStage, type Stage } from './stage.ts';
import { until } from './until.ts';

allowTime();

const settings = readFileSync('flows/countersign.yml', 'utf8').replace(
  '    slack_users: [U07GUEST0]\n',
  '    slack_users: [U07GUEST0]\n    emails: [cleo@customer.com]\n',
);
const flow = `label: Look into data
requesters: [role:member]
fields: { reason: { type: string } }
allow_guests: { email_links: true }
approval:
  decision_message: required
  steps:
    - { name: customer, approvers: [guest:customer], people_only: true, notify: [email:cleo@customer.com] }
`;

let mails: MailDouble;
let house: House;
let stage: Stage;

beforeAll(async () => {
  mails = await aMailServer();
  house = await openHouse({
    flows: { countersign: settings, 'look-into': flow },
    environment: {
      SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
      SMTP_FROM: 'Countersign <access@acme.com>',
      COUNTERSIGN_URL: 'https://countersign.acme.com',
      COUNTERSIGN_LINK_KEY: Buffer.alloc(32, 5).toString('base64'),
    },
  });
  stage = createStage(house.sandbox);
  await house.start().listens();
});
afterAll(async () => {
  await house.close();
  await mails.close();
});

test('a guest is mailed a link, which shows, decides once, and is recorded as what it is', async () => {
  const issue = stage.asksInText('ann-o', '/request look-into reason="Their import hangs"', 'approved');
  await until('the mail', () => mails.received.length === 1);
  const [mail] = mails.received;
  const [, token = ''] = /https:\/\/countersign\.acme\.com\/decide\/(\S+)/.exec(mail?.text ?? '') ?? [];
  expect(mail?.text).toContain('Their import hangs');
  const link = `${house.appUrl}/decide/${token}`;
  const page = await fetch(link);
  expect(page.status).toBe(200);
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  expect(await page.text()).toContain('Their import hangs');

  const post = (fields: Record<string, string>): Promise<Response> =>
    fetch(link, { method: 'POST', body: new URLSearchParams(fields) });
  expect((await post({ decision: 'approve' })).status).toBe(422);
  const said = await post({ decision: 'approve', message: 'Go ahead' });
  expect(await said.text()).toContain('You approved it');
  const request = await stage.untilStatus(issue, 'approved');
  expect(await (await post({ decision: 'deny', message: 'No' })).text()).toContain('You have answered this');

  const ours = stage.ledger.entries().filter((entry) => entry.request === request.id);
  expect(ours.filter(({ type }) => type === 'denied' || type === 'refused')).toEqual([]);
  const given = ours.find(({ type }) => type === 'approval-given');
  expect(given?.by).toMatchObject({
    person: 'email:cleo@customer.com',
    via: { surface: 'web', account: 'email:cleo@customer.com', proof: 'email-link' },
  });
  const told = ours.find((entry) => entry.type === 'notified' && entry.data.to === 'email:cleo@customer.com');
  expect(told).toBeDefined();
  const [payload = '', signature = ''] = token.split('.');
  const everything = JSON.stringify(stage.ledger.entries()) + house.log();
  for (const secret of [payload, signature]) expect(everything).not.toContain(secret);
});

test('a link of somebody else is nothing, and the page for it says nothing', async () => {
  const answer = await fetch(`${house.appUrl}/decide/forged.link`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('This link is not valid');
});
