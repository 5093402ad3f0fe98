// The error channel beside the embedded Slack: what is wrong is told there, and in the place of last resort where it cannot be.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acme, channels, people, sampleCompany } from '../../../sandbox/slack/sample-company.ts';
import { messageKey } from '../../../sandbox/slack/state.ts';
import { startSlack, type StartedSlack } from '../../../sandbox/slack/slack.ts';
import { linesOf } from '../../../test/contracts/slack/lines-of.ts';
import { createSlackApp } from '../../clients/slack/slack-app.ts';
import { slackPace } from '../../clients/slack/pace.ts';
import { hours, minutes } from '../../domain/duration.ts';
import { deskId, group, instant } from '../../domain/names.ts';
import type { ErrorBoard } from '../../engine/error-board.ts';
import { createErrorChannel, type ErrorChannel } from '../../engine/error-channel.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Problem } from '../../engine/problems.ts';
import { createErrorChannels, type NamedErrorChannels, type SlackErrorRooms } from './error-channel.ts';

const desk = deskId('github', 1);
const own = `${acme}/access-errors`;
const plenty = Object.fromEntries(Object.keys(slackPace.methods).map((method) => [method, 1e6]));

let slack: StartedSlack;
let rooms: SlackErrorRooms;
let errors: ErrorChannel;
let named: NamedErrorChannels | Failure;
let bookmarks: Map<string, string>;
let pushed = 0;
/** What the place of last resort shows, and what it told people of. */
let shown: ErrorBoard | undefined;
let told: string[];

const now = (): number => Date.now() + pushed;
const clock = {
  now: () => instant(now()),
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    }),
};
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

beforeEach(async () => {
  slack = await startSlack({ clock: { now: () => new Date(now()) } });
  sampleCompany(slack, { botToken: 'xoxb-acme' });
  named = { own, isNamed: true, ofFlow: {} };
  await live();
});

afterEach(async () => {
  await slack.close();
  expect(slack.unknownMethods).toEqual([]);
});

/** A life of the app; what an earlier one kept may be there. */
async function live(kept = new Map<string, string>()): Promise<void> {
  bookmarks = kept;
  [shown, told] = [undefined, []];
  const app = createSlackApp({
    connections: [{ botToken: 'xoxb-acme' }],
    apiUrl: slack.apiUrl,
    fetch: globalThis.fetch,
    clock,
    log,
    pace: { ...slackPace, methods: plenty, channel: { burst: 1e6, refill: 1e6, per: 1000 }, tries: 1 },
  });
  rooms = createErrorChannels({
    slack: app,
    people: {
      slackOf: async () => ({ team: acme, user: people.max }),
      managerOf: async () => undefined,
      workspaceOf: async () => acme,
      admins: async () => [group('person:max'), group('team:acme/platform')],
    },
    errorChannels: async () => {
      if (named instanceof Failure) throw named;
      return named;
    },
    deskName: async () => 'acme/access',
    threadUrl: async ({ issue }) => `https://github.com/acme/access/issues/${issue}`,
    clock,
  });
  errors = createErrorChannel({
    store: {
      bookmark: async (name) => bookmarks.get(name),
      setBookmark: async (name, value) => void bookmarks.set(name, value),
    },
    desks: [desk],
    clock,
    log,
    rooms,
    place: {
      show: async (_desk, board) => ((shown = board), '1'),
      tell: async (_desk, _ref, { kind }) => void told.push(kind),
    },
  });
  await errors.start();
}

/** Long enough for whatever changed to be shown. */
async function later(ms = minutes(1)): Promise<void> {
  pushed += ms;
  await errors.beat();
  await errors.idle();
}

const lines = (channel: string = channels.accessErrors): readonly string[] =>
  slack.messages(channel).map(({ blocks }) =>
    linesOf(blocks)
      .replaceAll(/\{[^}]*\}/g, '{time}')
      .replaceAll(/\/p\d+/g, '/p…'),
  );

const overdue: Problem = {
  key: 'overdue 1',
  kind: 'access-overdue',
  what: 'Production for ann: 503',
  thread: { surface: 'github', repository: '1', issue: 7 },
  flow: 'production',
};
const disabled: Problem = { key: 'flow vault', kind: 'flow-disabled', what: 'vault: line 2', flow: 'vault' };

describe('what is wrong', () => {
  it('stands in one message of the error channel, and a short one calls the admins where access is overdue', async () => {
    errors.raise(desk, overdue);
    await later();
    expect(lines()).toMatchInlineSnapshot(`
      [
        "# Countersign: errors of acme/access

      *🔴 1 problem is open.* This message is written anew each time; what is over is crossed off by itself.

      *Access should be gone and is not*. <https://github.com/countersign/countersign/blob/main/docs/operating.md#access-overdue>
      • Production for ann: 503 (<https://github.com/acme/access/issues/7>), since {time}",
        "@U07MAX000 and the team acme/platform: *Access should be gone and is not (acme/access).* Production for ann: 503. <https://github.com/countersign/countersign/blob/main/docs/operating.md#access-overdue>. <https://acme.slack.com/archives/C07ERRORS0/p…>",
      ]
    `);
    expect(shown?.open).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it('is edited in place, each kind told of once, and crossed off', async () => {
    errors.raise(desk, disabled);
    errors.raise(desk, { ...disabled, key: 'flow other', what: 'other: line 3' });
    await later();
    errors.raise(desk, overdue);
    await later();
    errors.clear(desk, overdue.key);
    errors.clear(desk, disabled.key);
    errors.clear(desk, 'flow other');
    await later();
    const [board, ...short] = lines();
    expect(board).toContain('*🟢 Nothing is open.*');
    expect(board).toContain('*Over: the last 3*');
    expect(short).toHaveLength(2);
    expect(short[0]).toMatch(
      /^\*A flow is broken and disabled \(acme\/access\)\.\* vault: line 2\. And 1 more\./,
    );
    expect(short[1]).toMatch(/^@U07MAX000 and the team acme\/platform: \*Access should be gone/);
    expect(told).toEqual([]);
  });

  it('that comes and goes is told of once an hour at most', async () => {
    for (let times = 0; times < 4; times += 1) {
      errors.raise(desk, disabled);
      await later();
      errors.clear(desk, disabled.key);
      await later();
    }
    expect(lines()).toHaveLength(2);
    await later(hours(1));
    errors.raise(desk, disabled);
    await later();
    expect(lines()).toHaveLength(3);
  });

  it('is told in the channel of its flow, and what is of no flow in that of the desk', async () => {
    named = { own, isNamed: true, ofFlow: { production: `${acme}/data-access` } };
    errors.raise(desk, overdue);
    errors.raise(desk, disabled);
    await later();
    expect(lines(channels.dataAccess)[0]).toContain('Production for ann');
    expect(lines(channels.dataAccess).join()).not.toContain('vault');
    expect(lines()[0]).toContain('vault: line 2');
    expect(lines().join()).not.toContain('Production for ann');
  });

  it('is not said where nothing ever was wrong', async () => {
    errors.clear(desk, disabled.key);
    await later();
    expect(lines()).toEqual([]);
    expect(slack.calls).toEqual([]);
  });

  it('moves with the channel that the desk names', async () => {
    errors.raise(desk, disabled);
    await later();
    named = { own: `${acme}/access`, isNamed: true, ofFlow: {} };
    await later(minutes(11));
    expect(lines()[0]).toContain('no longer told here');
    expect(lines(channels.access)[0]).toContain('vault: line 2');
  });

  it('reads as it was typed, and does nothing', async () => {
    errors.raise(desk, { ...disabled, what: '<!channel> <@U07MAX000> *x* `y` @here' });
    await later();
    for (const { text, blocks } of slack.messages(channels.accessErrors)) {
      expect(text).not.toMatch(/<!|<@|@here/);
      expect(JSON.stringify(blocks)).not.toMatch(/"user"|<!channel|@here/);
    }
  });

  it('fits into a message, however much it is', async () => {
    for (let index = 0; index < 200; index += 1)
      errors.raise(desk, {
        ...overdue,
        key: `overdue ${index}`,
        what: `${index} ${'<@U07MAX000>&"\\'.repeat(40)}`,
      });
    await later();
    expect(lines()[0]).toContain('200 problems are open');
    expect(told).toEqual([]);
  });
});

describe('a channel that cannot be told', () => {
  const cases: readonly (readonly [string, () => void, RegExp])[] = [
    [
      'is not there',
      () => (named = { own: `${acme}/nowhere`, isNamed: true, ofFlow: {} }),
      /no channel #nowhere/,
    ],
    [
      'has not invited the app',
      () => slack.leave('U07CSIGN0', channels.accessErrors),
      /no channel #access-errors/,
    ],
    [
      'is archived',
      () => void slack.company.changeChannel(channels.accessErrors, { is_archived: true }),
      /#access-errors is archived/,
    ],
    ['is on a Slack that is down', () => void slack.weather.set('down', true), /503/],
    ['is of an app that was removed', () => slack.uninstall('A07CSIGN00'), /removed from this workspace/],
    [
      'nobody can name',
      () => (named = new Failure('The files cannot be read.', { transient: true })),
      /The files cannot be read/,
    ],
  ];
  it.each(cases)('%s: it is told in the issue, which says why', async (_, happens, why) => {
    happens();
    errors.raise(desk, overdue);
    await later();
    expect(lines()).toEqual([]);
    expect(told).toEqual(['access-overdue']);
    expect(shown?.unreached).toEqual([expect.stringMatching(why)]);
  });

  it('is told once it can be, and the issue says no more of it', async () => {
    slack.weather.set('down', true);
    errors.raise(desk, overdue);
    await later();
    slack.weather.set('down', false);
    await later();
    await later();
    expect(lines()[0]).toContain('Production for ann');
    expect(shown?.unreached).toEqual([]);
    expect(told).toEqual(['access-overdue']);
  });

  it('keeps no other from being told', async () => {
    named = { own, isNamed: true, ofFlow: { production: `${acme}/nowhere` } };
    errors.raise(desk, overdue);
    errors.raise(desk, disabled);
    await later();
    expect(told).toEqual(['access-overdue']);
    expect(lines()).toHaveLength(2);
    expect(lines()[0]).toContain('vault: line 2');
  });

  it('is a problem of the desk where its files name it, and not where they name none', async () => {
    named = { own: `${acme}/nowhere`, isNamed: true, ofFlow: { vault: own } };
    expect(await rooms.missing(desk)).toEqual([
      { room: `${acme}/nowhere`, why: expect.stringContaining('/invite @Countersign') },
    ]);
    named = { own: `${acme}/countersign-errors`, isNamed: false, ofFlow: {} };
    expect(await rooms.missing(desk)).toEqual([]);
    slack.weather.set('down', true);
    named = { own: `${acme}/general`, isNamed: true, ofFlow: {} };
    await live();
    await expect(rooms.missing(desk)).rejects.toMatchObject({ transient: true });
  });
});

describe('the default channel', () => {
  beforeEach(() => (named = { own: `${acme}/countersign-errors`, isNamed: false, ofFlow: {} }));

  it('is told where the app is in it', async () => {
    slack.company.addChannel({
      workspace: acme,
      id: 'C07DEFAULT',
      name: 'countersign-errors',
      members: ['U07CSIGN0', people.max],
    });
    errors.raise(desk, disabled);
    await later();
    expect(lines('C07DEFAULT')[0]).toContain('vault: line 2');
  });

  it('is not looked for among all that there are where the app is not in it', async () => {
    slack.company.addChannel({
      workspace: acme,
      id: 'C07DEFAULT',
      name: 'countersign-errors',
      members: [people.eve],
    });
    errors.raise(desk, disabled);
    await later();
    expect(told).toEqual(['flow-disabled']);
    expect(shown?.unreached.join()).toContain('write errors: slack-channel:NAME');
    expect(slack.calls.map(({ method }) => method)).not.toContain('conversations.list');
  });
});

describe('the message', () => {
  it('is found again after the store was lost', async () => {
    errors.raise(desk, disabled);
    await later();
    await live();
    errors.raise(desk, disabled);
    await later();
    expect(lines()).toHaveLength(2);
  });

  it('is made once, though the answer to its posting is lost', async () => {
    slack.faults.onRequest({ kind: 'answer-lost', path: /chat\.postMessage/, times: 1 });
    errors.raise(desk, disabled);
    await later();
    await later();
    expect(lines()).toHaveLength(2);
    expect(lines()[0]).toContain('# Countersign: errors');
  });

  it('that somebody deleted is posted anew', async () => {
    errors.raise(desk, disabled);
    await later();
    const [board] = slack.messages(channels.accessErrors);
    slack.state.messages.delete(messageKey(channels.accessErrors, board?.ts ?? ''));
    const left = lines().length;
    errors.raise(desk, overdue);
    await later();
    expect(lines().length).toBe(left + 2);
  });
});
