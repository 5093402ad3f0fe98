import { afterEach, beforeEach, expect, test } from 'vitest';
import { aSandboxPage, type SandboxPage } from '../../test/builders/sandbox-page.ts';
import { channels, people } from '../slack/sample-company.ts';

let page: SandboxPage;

beforeEach(async () => {
  page = await aSandboxPage();
});

afterEach(() => page.stop());

const seen = (as: string, more: Record<string, string> = {}) =>
  page.json(`slack?${new URLSearchParams({ as, ...more })}`);

async function act(as: string, name: string, input: object = {}) {
  const body = JSON.stringify({ do: name, as, ...input });
  const answer = await page.ask('slack/act', { method: 'POST', body });
  return { status: answer.status, outcome: await answer.json() };
}

test('a person is one in both halves, and who is on Slack alone is among the people', async () => {
  const { people: all } = await page.json('view');
  const find = (login: string) => all.find((person: { login: string }) => person.login === login);
  expect(find('ann-o')).toMatchObject({ slack: people.ann, mayRead: true });
  expect(find('mallory-x')).toMatchObject({ slack: null });
  expect(find('gil')).toMatchObject({ id: null, slack: people.gil, mayRead: false });
  expect(find('cleo')).toMatchObject({ id: null, slack: people.cleo, about: 'customer, on Slack' });
  expect((await seen('ann-o')).user.realName).toBe('Ann Ortega');
  expect(await seen('mallory-x')).toBeNull();
});

test('a guest of one channel sees that one, nothing of another that is asked for, and no commands', async () => {
  const gil = await seen('gil', { channel: channels.dataAccess });
  expect(gil.channels.map(({ name }: { name: string }) => name)).toEqual(['access']);
  expect(gil.open).toBeNull();
  expect(gil.app).toMatchObject({ commands: [], shortcuts: [] });
  expect((await seen('cleo')).app).toBeNull();
});

test('what is said is there for the others, and the newest come first into sight', async () => {
  for (const text of ['one', 'two <b>', 'three'])
    expect(await act('bob-l', 'say', { channel: channels.access, text })).toMatchObject({
      status: 200,
      outcome: { ok: true },
    });
  const { open } = await seen('nora', { channel: channels.access, most: '2' });
  expect(open.older).toBe(1);
  expect(open.messages.map(({ body }: { body: { text: string } }) => body.text)).toEqual([
    'two &lt;b&gt;',
    'three',
  ]);
});

test('what Slack refuses is its own word, and who is not there cannot act', async () => {
  const command = { channel: channels.access, text: '/access' };
  expect((await act('gil', 'command', command)).outcome).toMatchObject({ error: 'guest_no_commands' });
  // Nobody listens beside this sandbox.
  expect((await act('ann-o', 'command', command)).outcome).toMatchObject({ error: 'dispatch_failed' });
  expect((await act('mallory-x', 'command', command)).status).toBe(422);
  expect((await act('ann-o', 'fly')).status).toBe(422);
});

test('its weather is its own, and ends with the other', async () => {
  const weather = (name: string) =>
    page.ask('weather', { method: 'POST', body: JSON.stringify({ name, of: 'slack' }) });
  expect((await weather('down')).status).toBe(200);
  expect((await weather('vault-down')).status).toBe(422);
  expect((await seen('ann-o')).isDown).toBe(true);
  const said = await act('ann-o', 'say', { channel: channels.general, text: 'Hello' });
  expect(said.outcome).toMatchObject({ ok: false, error: 'slack_down' });
  await page.ask('weather', { method: 'DELETE' });
  expect((await seen('ann-o')).isDown).toBe(false);
});

test('nobody sees or does anything there without the token', async () => {
  const { url } = page.sandbox;
  expect((await fetch(`${url}/_sandbox/slack?as=ann-o`)).status).toBe(401);
  expect((await fetch(`${url}/_sandbox/slack/act`, { method: 'POST', body: '{}' })).status).toBe(401);
});
