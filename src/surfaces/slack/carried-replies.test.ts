// What is said on GitHub, in the threads of cards: against the embedded Slack, with its channels, guests and strangers.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acme, channels, customer, people, sampleCompany } from '../../../sandbox/slack/sample-company.ts';
import { startSlack, type StartedSlack } from '../../../sandbox/slack/slack.ts';
import type { AppRow } from '../../../sandbox/slack/rows.ts';
import { aRequestIn, anId } from '../../../test/builders/request.ts';
import { createSlackApp } from '../../clients/slack/slack-app.ts';
import { minutes } from '../../domain/duration.ts';
import { account, destination, instant, personId, plus, type PersonId } from '../../domain/names.ts';
import type { Request, Status } from '../../domain/request.ts';
import type { Remark } from '../../engine/carrier.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { createCarriedReplies } from './carried-replies.ts';

let slack: StartedSlack;
let app: AppRow;
const clock: Clock = {
  now: () => instant(Date.now()),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
const log = { info() {}, warn() {}, error() {} };

beforeEach(async () => {
  slack = await startSlack();
  ({ app } = sampleCompany(slack));
});
afterEach(async () => {
  expect(slack.unknownMethods).toEqual([]);
  await slack.close();
});

const guests: readonly string[] = ['cleo', 'gil'];

/** A life of the app: what it said before it does not remember. */
function aLife(request: () => Request) {
  return createCarriedReplies({
    slack: createSlackApp({
      connections: [{ botToken: app.bot_token }],
      apiUrl: slack.apiUrl,
      fetch: globalThis.fetch,
      clock,
      log,
    }),
    people: { managerOf: async () => personId('bob') },
    directory: {
      person: async (_, asked): Promise<PersonId | null> =>
        asked === account('github', 1) ? personId('ann') : null,
      belongs: async (_, person) => !guests.includes(person),
    },
    reception: { view: async () => request() },
    issueUrl: async () => 'https://github.com/acme/access/issues/7',
    clock,
  });
}

const remark = (more: Partial<Remark> = {}): Remark => ({
  ...{ request: anId(), key: 'github.IC_1', account: account('github', 1), name: 'ann-o' },
  ...{ text: 'Is <!channel> @here *fine*?', at: plus(clock.now(), minutes(1)), anchor: '#issuecomment-1' },
  ...more,
});

/** With a card at each of these, which stands there. */
async function withCards(
  at: readonly { readonly to: string; readonly channel: string }[],
  status: Status = 'pending',
): Promise<Request> {
  const { request } = aRequestIn(status, { id: anId() });
  const messages = at.map(({ to, channel }, index) => {
    const message = post(channel, `Card ${index}`);
    const thread = { surface: 'slack', workspace: acme, channel, message } as const;
    return { notice: 'card', to: destination(to), thread, ref: message } as const;
  });
  return { ...request, messages };
}

/** By somebody who is in every channel: where it hangs is all that counts here. */
function post(channel: string, text: string): string {
  const who = slack.state.channels.find(({ id }) => id === channel)?.members[0] ?? '';
  const said = slack.say(who, { channel, text });
  if (!said.ok) throw new Error(`Nothing can be said in ${channel}.`);
  return said.message.ts;
}

const replies = (channel: string): readonly string[] =>
  slack
    .messages(channel)
    .filter(({ thread_ts, ts }) => thread_ts !== null && thread_ts !== ts)
    .map(({ text }) => text);

describe('a comment of a person', () => {
  test('is said in the thread of each card, with who said it and where it stands', async () => {
    const direct = slack.directMessage(people.ann, app.id).id;
    const request = await withCards([
      { to: 'slack-channel:data-access', channel: channels.dataAccess },
      { to: 'requester', channel: direct },
    ]);
    await aLife(() => request)(remark());
    for (const channel of [channels.dataAccess, direct]) {
      expect(replies(channel)).toHaveLength(1);
      expect(replies(channel)[0]).toContain('ann-o');
      expect(replies(channel)[0]).not.toMatch(/<!channel>|@here/);
    }
    const [said] = slack.messages(channels.dataAccess).filter(({ text }) => text.includes('ann-o'));
    expect(JSON.stringify(said?.blocks)).toContain('issues/7#issuecomment-1');
    expect(said?.metadata).toMatchObject({ event_type: 'countersign_comment' });
  });

  test('is not said twice, not even after a restart, nor where it went to one of two places', async () => {
    const request = await withCards([{ to: 'slack-channel:data-access', channel: channels.dataAccess }]);
    const before = aLife(() => request);
    const said = remark({ at: clock.now() });
    await before(said);
    await before(said);
    await aLife(() => request)(said);
    expect(replies(channels.dataAccess)).toHaveLength(1);
  });

  test('reaches the others where one of the places is gone', async () => {
    const request = await withCards([
      { to: 'slack-channel:data-access', channel: channels.dataAccess },
      { to: 'slack-channel:access-errors', channel: channels.accessErrors },
    ]);
    slack.leave(app.bot_user_id, channels.dataAccess);
    await aLife(() => request)(remark()).catch(() => undefined);
    expect(replies(channels.accessErrors)).toHaveLength(1);
  });
});

describe('nothing of it is said', () => {
  test.each([
    [
      'in a channel that is shared with another workspace',
      'slack-channel:ext-customer',
      channels.extCustomer,
    ],
    ['where a guest of the workspace reads along', 'slack-channel:access', channels.access],
  ])('%s', async (_, to, channel) => {
    const request = await withCards([{ to, channel }]);
    await aLife(() => request)(remark());
    expect(replies(channel)).toEqual([]);
  });

  test('in a shared channel, though for now only colleagues are in it', async () => {
    const shared = { workspace: acme, id: 'C07SHARED0', name: 'shared', sharedWith: [customer] };
    slack.company.addChannel({ ...shared, members: [people.ann, app.bot_user_id] });
    const request = await withCards([{ to: 'slack-channel:shared', channel: shared.id }]);
    await aLife(() => request)(remark());
    expect(replies(shared.id)).toEqual([]);
  });

  test('in a direct message with a guest', async () => {
    const channel = slack.directMessage(people.gil, app.id).id;
    const request = await withCards([{ to: 'person:gil', channel }]);
    await aLife(() => request)(remark());
    expect(replies(channel)).toEqual([]);
  });

  test('in a channel of so many that nobody can say who is a guest', async () => {
    for (let number = 0; number < 50; number += 1) {
      const id = `U07CROWD${number}`;
      slack.company.addUser({
        workspace: acme,
        id,
        name: `crowd${number}`,
        realName: 'Crowd',
        email: `${id}@acme.com`,
      });
      slack.join(id, channels.dataAccess);
    }
    const request = await withCards([{ to: 'slack-channel:data-access', channel: channels.dataAccess }]);
    await aLife(() => request)(remark());
    expect(replies(channels.dataAccess)).toEqual([]);
  });

  test('of whom the desk does not know, and of a request that is over', async () => {
    const open = await withCards([{ to: 'slack-channel:data-access', channel: channels.dataAccess }]);
    await aLife(() => open)(remark({ account: account('github', 666) }));
    const over = await withCards(
      [{ to: 'slack-channel:data-access', channel: channels.dataAccess }],
      'denied',
    );
    await aLife(() => over)(remark());
    expect(replies(channels.dataAccess)).toEqual([]);
  });
});
