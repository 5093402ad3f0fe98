// The real process between the embedded GitHub and the embedded Slack: one request, either door.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { MessageRow } from '../../sandbox/slack/rows.ts';
import { channels, people } from '../../sandbox/slack/sample-company.ts';
import type { Slack } from '../../sandbox/slack/slack.ts';
import type { RunningSandbox } from '../../sandbox/main.ts';
import type { Request, Status } from '../../src/domain/request.ts';
import { allowTime, openCompany, opensForm } from './company.ts';
import { forms } from './day.ts';
import { ourIssues, type Stage } from './stage.ts';
import { pause, until } from './until.ts';

allowTime();

let running: RunningSandbox;
let stage: Stage;
let slack: Slack;

beforeAll(async () => {
  ({ running, slack, stage } = await openCompany());
});
afterAll(() => running.stop());
beforeEach(() => slack.weather.calm());

type Person = keyof typeof people;

function newest(): Request | undefined {
  return stage.ledger.requests().toSorted((a, b) => (a.id < b.id ? 1 : -1))[0];
}

/** The card of a request in a channel. */
function cardIn(channel: string, request: Request | undefined): MessageRow | undefined {
  return slack
    .messages(channel)
    .find(
      ({ blocks }) => blocks.some((block) => block['block_id'] === `countersign:${request?.id}`) || false,
    );
}

/** Also once there is nothing to press on it any more. */
function saysIn(channel: string, text: string): boolean {
  return slack.messages(channel).some((message) => message.text.includes(text));
}

async function untilStatus(id: string, status: Status): Promise<void> {
  await until(`${id} to be ${status}`, () =>
    stage.ledger.requests().some((request) => request.id === id && request.phase.status === status),
  );
}

/** Cards may be shown before the ledger holds what they show. */
async function recorded(issue: number): Promise<Request> {
  await until(`#${issue} in the ledger`, () => stage.ledger.at(issue) !== undefined);
  const request = stage.ledger.at(issue);
  if (request === undefined) throw new Error('It is gone.');
  return request;
}

/** The issue that the app opened for what was asked on Slack. */
async function issueOf({ id }: Request): Promise<number> {
  const found = (): number | undefined =>
    ourIssues(running.sandbox).find(({ marker }) => marker === `thread:${id}`)?.issue;
  await until('its issue', () => found() !== undefined);
  return found() ?? 0;
}

const reason = 'field:reason';

/** Through the slash command and its form; the request that came of it. */
async function asks(who: Person, answers: Readonly<Record<string, string>>): Promise<Request> {
  const before = newest()?.id;
  const view = await opensForm(slack, who, 'production-access');
  const sent = await slack.submitView(people[who], { view, state: answers });
  expect(sent).toMatchObject({ ok: true });
  await until('the request', () => newest()?.id !== before);
  const made = newest();
  if (made === undefined) throw new Error('No request was made.');
  return made;
}

async function presses(who: Person, channel: string, request: Request, action: string): Promise<void> {
  await until('the button', () =>
    JSON.stringify(cardIn(channel, request)?.blocks ?? []).includes(`"action_id":"${action}"`),
  );
  const ts = cardIn(channel, request)?.ts ?? '';
  expect(await slack.press(people[who], { at: { channel, ts }, action })).toMatchObject({ ok: true });
}

function directMessageOf(who: Person): string {
  const [app] = slack.state.apps.all();
  return slack.directMessage(people[who], app?.id ?? '').id;
}

test('asked for on Slack, approved on Slack, ended by who asked', async () => {
  const request = await asks('ann', { [reason]: 'Backfill of <!channel> order *4711*' });
  const { dataAccess } = channels;
  const mine = directMessageOf('ann');
  await until('a card of her own', () => cardIn(mine, request) !== undefined);
  // Others decide: she can withdraw it, and nothing else.
  expect(JSON.stringify(cardIn(mine, request)?.blocks)).not.toContain('"approve"');
  await presses('bob', dataAccess, request, 'approve');
  await untilStatus(request.id, 'active');
  await until('word of it', () => saysIn(mine, 'You have access: Production'));
  expect(running.sandbox.holdings().teams['production-access']).toContain('ann-o');
  await issueOf(request);
  await until('a button on her card', () =>
    JSON.stringify(cardIn(mine, request)?.blocks).includes('"revoke"'),
  );
  await presses('ann', mine, request, 'revoke');
  await until('the form', () => slack.modals(people.ann).length === 1);
  const view = slack.modals(people.ann)[0]?.id ?? '';
  expect(await slack.submitView(people.ann, { view })).toMatchObject({ ok: true, then: 'cleared' });
  await untilStatus(request.id, 'ended');
  expect(running.sandbox.holdings().teams['production-access']).not.toContain('ann-o');
  await until('both cards to say so', () => [mine, dataAccess].every((each) => saysIn(each, 'Ended early')));
  expect(cardIn(dataAccess, request)).toBeUndefined();
  expect(slack.messages(channels.general).filter(({ text }) => text.includes('<!'))).toEqual([]);
});

test('what goes with access is shown to whoever asked, once, and stands nowhere', async () => {
  const before = newest()?.id;
  const form = await opensForm(slack, 'ann', 'vault');
  const answers = { 'field:customer': 'C104711', [reason]: 'Their export stopped' };
  expect(await slack.submitView(people.ann, { view: form, state: answers })).toMatchObject({ ok: true });
  await until('the request', () => newest()?.id !== before);
  const request = newest();
  if (request === undefined) throw new Error('No request was made.');
  const issue = await issueOf(request);
  await stage.untilCard(issue);
  stage.says('bob-l', issue, '/approve');
  await stage.until('the first step', () => stage.ledger.at(issue)?.approvals.length === 1);
  stage.says('dora-k', issue, '/approve');
  await untilStatus(request.id, 'active');
  const mine = directMessageOf('ann');
  const key = (): string => running.sandbox.github.state.vaultGrants.all()[0]?.key ?? 'no key';
  await presses('ann', mine, request, 'hand-over');
  const shown = (): string => JSON.stringify(slack.modals(people.ann).map(({ content }) => content));
  await until('the key in a window', () => shown().includes(key()));
  await until('that it was shown', () =>
    stage.ledger.entries().some((entry) => entry.request === request.id && entry.type === 'handed-over'),
  );
  await until(
    'a card without the button',
    () => !JSON.stringify(cardIn(mine, request)?.blocks ?? []).includes('"action_id":"hand-over"'),
  );
  const kept = JSON.stringify([
    stage.ledger.entries(),
    slack.messages(mine),
    slack.messages(channels.dataAccess),
  ]);
  expect(kept).not.toContain(key());
  stage.says('ann-o', issue, '/revoke');
  await untilStatus(request.id, 'ended');
});

test('one person counts once, whichever door', async () => {
  const issue = stage.asks('ann-o', 'production-access.yml', forms.production, 'denied');
  await stage.untilCard(issue);
  const request = await recorded(issue);
  // Ann is on GitHub who asked, and on Slack who presses.
  slack.join(people.ann, channels.dataAccess);
  await presses('ann', channels.dataAccess, request, 'approve');
  const answers = (): readonly MessageRow[] =>
    slack.messages(channels.dataAccess).filter(({ only_for }) => only_for === people.ann);
  await until('a private no', () => answers().length > 0);
  expect(answers()[0]?.text).toContain('nobody decides on their own request');
  slack.leave(people.ann, channels.dataAccess);
  await presses('bob', channels.dataAccess, request, 'deny');
  await until('the form', () => slack.modals(people.bob).length === 1);
  const view = slack.modals(people.bob)[0]?.id ?? '';
  await slack.submitView(people.bob, { view, state: { message: 'Not *today*.' } });
  await untilStatus(request.id, 'denied');
  const [denial] = stage.ledger
    .entries()
    .filter((entry) => entry.request === request.id && entry.type === 'denied');
  expect(denial).toMatchObject({
    by: { person: 'bob', via: { surface: 'slack', account: `slack:T07ACME00/${people.bob}` } },
    data: { message: 'Not *today*.' },
  });
});

test('asked for on Slack, approved in a comment', async () => {
  const request = await asks('lena', { [reason]: 'A look at the queue' });
  const issue = await issueOf(request);
  // GitHub has the issue a moment before the app knows its number; a comment in between is found only later.
  await stage.untilCard(issue);
  stage.says('bob-l', issue, '/approve');
  await untilStatus(request.id, 'active');
  await until('the card on Slack', () =>
    saysIn(channels.dataAccess, 'Access is there: Production for 30m, for lena'),
  );
  stage.says('lena-f', issue, '/revoke');
  await untilStatus(request.id, 'ended');
});

test('while Slack is down, GitHub goes on, and cards catch up without saying anything twice', async () => {
  slack.weather.set('down', true);
  const issue = stage.asks('ann-o', 'production-access.yml', forms.production, 'ended');
  const open = stage.asks('lena-f', 'production-access.yml', forms.production, 'denied');
  await stage.untilCard(issue);
  await stage.untilCard(open);
  stage.says('bob-l', issue, '/approve');
  await stage.untilStatus(issue, 'active');
  const before = slack.messages(channels.dataAccess).length;
  running.sandbox.clock.push(10 * 60_000);
  await pause(500);
  slack.weather.set('down', false);
  running.sandbox.clock.push(60_000);
  const waiting = await recorded(open);
  await until(
    'the card that is still to be decided',
    () => cardIn(channels.dataAccess, waiting) !== undefined,
  );
  expect(waiting.phase.status).toBe('pending');
  await presses('bob', channels.dataAccess, waiting, 'approve');
  await stage.untilStatus(open, 'active');
  stage.says('ann-o', issue, '/revoke');
  stage.says('lena-f', open, '/revoke');
  await stage.untilStatus(issue, 'ended');
  await stage.untilStatus(open, 'ended');
  await pause(1000);
  // One card each at most, whatever was tried.
  const added = slack.messages(channels.dataAccess).slice(before);
  expect(added.length).toBeLessThanOrEqual(2);
});

test('nothing was asked of Slack that it does not know, or refuses', () => {
  expect(slack.unknownMethods).toEqual([]);
  // Slack was out on purpose, and on a busy machine three seconds may be over before a form is there.
  const excused: ReadonlySet<string | null> = new Set([null, 'service_unavailable', 'expired_trigger_id']);
  const refused = slack.calls.filter(({ ok, error }) => !ok && !excused.has(error));
  expect(refused.map(({ method, error }) => `${method} ${error}`)).toEqual([]);
});
