import { beforeEach, expect, it } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../test/virtual-clock.ts';
import { minutes } from '../domain/duration.ts';
import { deskId, type Instant } from '../domain/names.ts';
import { createErrorChannel, type ErrorChannel } from './error-channel.ts';
import type { ErrorBoard } from './error-board.ts';
import { watchSlack } from './watch-slack.ts';

const desks = [deskId('github', 1), deskId('github', 2)];
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let clock: VirtualClock;
let errors: ErrorChannel;
let shown: Map<string, ErrorBoard>;
let since: Instant | undefined;
let deaf: Instant | undefined;
let tokens: readonly { readonly token: string; readonly why: string }[];
let watch: { look(): void };

beforeEach(async () => {
  clock = createVirtualClock();
  shown = new Map();
  [since, deaf, tokens] = [undefined, undefined, []];
  errors = createErrorChannel({
    ...{ clock, log, desks },
    store: { bookmark: async () => undefined, setBookmark: async () => undefined },
    place: {
      show: async (desk, board) => {
        shown.set(desk, board);
        return '1';
      },
      tell: async () => undefined,
    },
  });
  watch = watchSlack({
    ...{ clock, errors, desks },
    signs: { unreachableSince: () => since, deafSince: () => deaf, shutOut: () => tokens },
  });
});

/** What is open in each desk once a minute has passed. */
async function open(): Promise<readonly string[]> {
  await clock.advance(minutes(1));
  watch.look();
  await errors.beat();
  return desks.map(
    (desk) =>
      shown
        .get(desk)
        ?.open.map(({ kind }) => kind)
        .join() ?? '',
  );
}

it('a Slack that does not answer is told of after three minutes, and crossed off once it does', async () => {
  since = clock.now();
  expect(await open()).toEqual(['', '']);
  await clock.advance(minutes(1));
  expect(await open()).toEqual(['slack-out', 'slack-out']);
  expect(shown.get(desks[0] ?? '')?.open[0]?.since).toBe(since);
  since = undefined;
  expect(await open()).toEqual(['', '']);
});

it('so is a connection by Socket Mode that is gone', async () => {
  deaf = clock.now();
  expect(await open()).toEqual(['', '']);
  await clock.advance(minutes(1));
  expect(await open()).toEqual(['slack-deaf', 'slack-deaf']);
  deaf = undefined;
  expect(await open()).toEqual(['', '']);
});

it('a token that Slack does not take is told of at once, each by itself', async () => {
  tokens = [
    { token: 'SLACK_BOT_TOKEN', why: 'It was revoked.' },
    { token: 'SLACK_BOT_TOKEN_B', why: 'It was revoked.' },
  ];
  expect(await open()).toEqual(['slack-token,slack-token', 'slack-token,slack-token']);
  tokens = tokens.slice(1);
  expect(await open()).toEqual(['slack-token', 'slack-token']);
  tokens = [];
  expect(await open()).toEqual(['', '']);
});
