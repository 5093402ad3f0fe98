// Guests in the real process: a customer over Slack Connect, and guests of the workspace. They decide where a step names them, and never ask.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MessageRow } from '../../sandbox/slack/rows.ts';
import { channels, people } from '../../sandbox/slack/sample-company.ts';
import type { Slack } from '../../sandbox/slack/slack.ts';
import type { RunningSandbox } from '../../sandbox/main.ts';
import type { Request } from '../../src/domain/request.ts';
import { allowTime, openCompany, opensForm } from './company.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

allowTime();

let running: RunningSandbox;
let stage: Stage;
let slack: Slack;

beforeAll(async () => {
  ({ running, slack, stage } = await openCompany());
});
afterAll(() => running.stop());

type Person = keyof typeof people;
const { extCustomer } = channels;

function cardIn(channel: string, { id }: Request): MessageRow | undefined {
  return slack
    .messages(channel)
    .find(({ blocks }) => blocks.some((block) => block['block_id'] === `countersign:${id}`));
}

function statusOf({ id }: Request): string | undefined {
  return stage.ledger.requests().find((request) => request.id === id)?.phase.status;
}

function directMessageOf(who: Person): string {
  const [app] = slack.state.apps.all();
  return slack.directMessage(people[who], app?.id ?? '').id;
}

async function presses(who: Person, channel: string, request: Request, action: string): Promise<void> {
  await until('the button', () =>
    JSON.stringify(cardIn(channel, request)?.blocks ?? []).includes(`"action_id":"${action}"`),
  );
  const ts = cardIn(channel, request)?.ts ?? '';
  expect(await slack.press(people[who], { at: { channel, ts }, action })).toMatchObject({ ok: true });
}

const privateTo = (who: Person, channel: string): readonly string[] =>
  slack.messages(channel).flatMap(({ only_for, text }) => (only_for === people[who] ? [text] : []));

const answers = { 'field:customer': 'C104711', 'field:reason': 'Their import hangs' };

async function annAsks(): Promise<Request> {
  const known = new Set(stage.ledger.requests().map(({ id }) => id));
  const view = await opensForm(slack, 'ann', 'customer-data');
  const sent = await slack.submitView(people.ann, { view, state: answers });
  expect(sent).toMatchObject({ ok: true, then: 'cleared' });
  const made = (): Request | undefined => stage.ledger.requests().find(({ id }) => !known.has(id));
  await until('the request', () => made() !== undefined);
  const request = made();
  if (request === undefined) throw new Error('No request was made.');
  return request;
}

test('a customer and your manager: the manager first, then the customer, who reads when it ended', async () => {
  const request = await annAsks();
  expect(slack.messages(extCustomer)).toEqual([]);
  await presses('bob', directMessageOf('bob'), request, 'approve');
  // Members of the channel who are not of the customer decide nothing here.
  await presses('bob', extCustomer, request, 'approve');
  await until('a private no', () => privateTo('bob', extCustomer).length > 0);
  expect(statusOf(request)).toBe('pending');
  await presses('cleo', extCustomer, request, 'approve');
  await until('access', () => statusOf(request) === 'active');
  const [approval] = stage.ledger
    .entries()
    .filter((entry) => entry.request === request.id && entry.type === 'approval-given')
    .slice(-1);
  expect(approval?.by).toMatchObject({ person: 'cleo', via: { account: `slack:T9CUST000/${people.cleo}` } });
  await presses('cleo', extCustomer, request, 'revoke');
  await until('the form', () => slack.modals(people.cleo).length === 1);
  const view = slack.modals(people.cleo)[0]?.id ?? '';
  await slack.submitView(people.cleo, { view });
  await until('its end', () => statusOf(request) === 'ended');
  const [card] = slack.messages(extCustomer);
  await until('the customer’s card to say so', () =>
    (slack.messages(extCustomer)[0]?.text ?? '').includes('Ended early'),
  );
  expect(slack.messages(extCustomer)[0]?.ts).toBe(card?.ts);
});

test('a guest never asks', async () => {
  // A guest of several channels has slash commands; one of a single channel has none.
  expect(await slack.command(people.gil, [channels.access, '/access'])).toMatchObject({ ok: false });
  slack.company.changeUser(people.gil, { is_ultra_restricted: false });
  await slack.command(people.gil, [channels.access, '/access customer-data']);
  await until('an answer', () => slack.modals(people.gil).some(({ content }) => 'blocks' in content));
  await until('what is open to a guest', () =>
    JSON.stringify(slack.modals(people.gil).at(-1)?.content).includes('Nothing here is open to you'),
  );
  slack.company.changeUser(people.gil, { is_ultra_restricted: true });
});

test('a stranger in the shared channel decides nothing; a guest of one channel does, where the flow names them', async () => {
  const request = await annAsks();
  await presses('bob', directMessageOf('bob'), request, 'approve');
  await until('the customer’s card', () => cardIn(extCustomer, request) !== undefined);
  // A third company shares the channel.
  const mallory = 'U08OTHER0';
  slack.company.addWorkspace({ id: 'T8OTHER00', name: 'Other Inc.', domain: 'other' });
  slack.company.addUser({ workspace: 'T8OTHER00', id: mallory, name: 'mallory', realName: 'Mallory' });
  const channel = slack.state.channels.get(extCustomer);
  slack.company.changeChannel(extCustomer, {
    shared_with: [...(channel?.shared_with ?? []), 'T8OTHER00'],
    members: [...(channel?.members ?? []), mallory],
  });
  const at = { channel: extCustomer, ts: cardIn(extCustomer, request)?.ts ?? '' };
  expect(await slack.press(mallory, { at, action: 'approve' })).toMatchObject({ ok: true });
  await until('a private no', () => slack.messages(extCustomer).some(({ only_for }) => only_for === mallory));
  expect(statusOf(request)).toBe('pending');

  slack.leave(people.gil, channels.access);
  slack.join(people.gil, extCustomer);
  await presses('gil', extCustomer, request, 'approve');
  await until('access', () => statusOf(request) === 'active');
});
