// An emergency on Slack, in the real process: at once, loudly, and reviewed by somebody else.
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
const { dataAccess } = channels;

async function form(who: Person): Promise<string> {
  const views = (): readonly { readonly id: string; readonly content: object }[] => slack.modals(people[who]);
  await until('a form', () => views().some(({ content }) => 'submit' in content));
  return views().at(-1)?.id ?? '';
}

async function breaksGlass(who: Person, confirm: string): Promise<unknown> {
  const view = await opensForm(slack, who, 'break-glass production-access');
  const state = { 'field:break-glass': 'Checkout is down', 'field:confirm': confirm };
  return slack.submitView(people[who], { view, state });
}

const newest = (): Request | undefined => stage.ledger.requests()[0];

function card(): MessageRow | undefined {
  return slack
    .messages(dataAccess)
    .find(({ blocks }) => JSON.stringify(blocks).includes('"action_id":"review"'));
}

test('whoever is on call waits for nobody, and somebody else reviews it', async () => {
  // The name of the target is typed, or nothing happens.
  expect(await breaksGlass('kofi', 'staging')).toMatchObject({ ok: false });
  expect(stage.ledger.requests()).toEqual([]);
  for (const { id } of slack.modals(people.kofi)) await slack.closeView(people.kofi, { view: id, all: true });
  expect(await breaksGlass('kofi', 'production')).toMatchObject({ ok: true, then: 'cleared' });
  await until('access', () => newest()?.phase.status === 'active');
  expect(running.sandbox.holdings().teams['production-access']).toContain('kofi-m');
  expect(newest()?.approvals).toEqual([]);

  await until('the button', () => card() !== undefined);
  const at = { channel: dataAccess, ts: card()?.ts ?? '' };
  await slack.press(people.bob, { at, action: 'review' });
  const view = await form('bob');
  const said = { outcome: 'fine', message: 'He restarted the worker, and nothing else.' };
  expect(await slack.submitView(people.bob, { view, state: said })).toMatchObject({ ok: true });
  await until('the review', () => newest()?.review?.closed !== undefined);
  expect(newest()?.review?.closed).toMatchObject({ outcome: 'fine', by: { person: 'bob' } });
  await until('the card without the button', () => card() === undefined);
});

test('who is not on call is offered no form', async () => {
  await slack.command(people.ann, [channels.general, '/access break-glass production-access']);
  await until('an answer', () =>
    JSON.stringify(slack.modals(people.ann).at(-1)?.content ?? {}).includes('nothing without waiting'),
  );
  expect(slack.modals(people.ann).some(({ content }) => 'submit' in content)).toBe(false);
  expect(stage.ledger.requests()).toHaveLength(1);
});
