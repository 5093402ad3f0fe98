import { beforeEach, describe, expect, it } from 'vitest';
import { aField, aFlow } from '../../../test/builders/flow.ts';
import { aDesk, aQuietRequestIn, anId, noon } from '../../../test/builders/request.ts';
import { annO, aWebhook, bobL, ourBot } from '../../../test/builders/webhook.ts';
import type { PersonCommand } from '../../domain/commands.ts';
import type { GitHubThread } from '../../domain/entries.ts';
import type { RequestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Flows } from '../../engine/ports/flows.ts';
import { createAcceptWebhook, type AcceptWebhook } from './accept-webhook.ts';
import { onIssue } from '../../domain/routes.ts';
import { createHearing, type HearingParts } from './hearing.ts';

const thread: GitHubThread = { surface: 'github', repository: '4711', issue: 7 };
const { request: known } = aQuietRequestIn('pending', { id: anId(), thread });
const cardRef = 9001;
const view = {
  ...known,
  messages: [
    { notice: 'card', to: onIssue, thread, ref: String(cardRef) },
    { notice: 'over', to: onIssue, thread, ref: '9002' },
  ],
} as const;

/** Everything that was asked of the engine and of GitHub, in order. */
let said: string[];
let commands: { readonly command: PersonCommand; readonly about: RequestId | undefined }[];
let logged: string[];
let replies: string[];
/** Which request the issue is about, and which one reading it again finds. */
let thisThread: RequestId | undefined;
let foundByReading: RequestId | undefined;
let engineIsDown: boolean;
let accept: AcceptWebhook;

beforeEach(() => {
  said = [];
  commands = [];
  logged = [];
  replies = [];
  thisThread = known.id;
  foundByReading = undefined;
  engineIsDown = false;
  const keys = new Set<string>();
  const reception: HearingParts['reception'] = {
    async accept(command, about) {
      if (engineIsDown) throw new Failure('The disk is full.', { transient: true });
      const isKnown = keys.has(command.voice.ref);
      keys.add(command.voice.ref);
      if (!isKnown) commands.push({ command, about });
      return { request: about ?? anId(2), state: isKnown ? 'known' : 'accepted' };
    },
    outcome: async () => ({ working: true }),
    requestOf: async () => thisThread,
    view: async () => view,
    why: async () => undefined,
    debtsOf: async () => [],
    async reshow(id) {
      said.push(`reshow ${id}`);
    },
  };
  const flows: Flows = {
    current: async () => ({ missing: 'unknown-flow', known: [] }),
    list: async () => [aFlow({ fields: [aField('reason', { label: 'Why?' })] })],
    risks: async () => [],
  };
  const note = (message: string): void => void logged.push(message);
  const log = { info: note, warn: note, error: note };
  const background = (work: () => Promise<void>): void => void work();
  const hearing = createHearing({
    reception,
    flows,
    clock: { now: () => noon, sleep: async () => {} },
    background,
    replies: {
      async reply(_, __, body) {
        replies.push(body);
      },
      async acknowledge(utterance) {
        said.push(`eyes on ${utterance.on} ${utterance.databaseId}`);
      },
    },
  });
  accept = createAcceptWebhook({
    reception,
    hearing,
    desks: new Set([aDesk]),
    botLogin: ourBot.login,
    background,
    log,
    errors: {
      refOf: () => '99',
      reshow: () => void said.push('reshow errors'),
    },
    surface: {
      async rereadThread() {
        said.push('reread');
        return foundByReading;
      },
      async restoreNotice(_, __, notice, id) {
        said.push(`restore ${notice} ${id}`);
      },
      async withdraw(_, id) {
        said.push(`withdraw ${id}`);
      },
      async restoreThread() {
        said.push('restore thread');
      },
    },
  });
});

const comment = (body: string, more: { readonly [path: string]: unknown } = {}): unknown =>
  aWebhook('issue_comment', 'created', {
    'issue.number': 7,
    'comment.body': body,
    'comment.user': bobL,
    sender: bobL,
    'comment.node_id': 'IC_1',
    'comment.id': 555,
    'comment.created_at': '2026-11-20T11:59:00Z',
    ...more,
  });

const issue = (body: string, more: { readonly [path: string]: unknown } = {}): unknown =>
  aWebhook('issues', 'opened', {
    'issue.number': 7,
    'issue.body': body,
    'issue.user': annO,
    sender: annO,
    'issue.node_id': 'I_1',
    'issue.created_at': '2026-11-20T11:59:00Z',
    ...more,
  });

describe('a comment on a request', () => {
  it('is a decision of the account that signed it', async () => {
    await accept('issue_comment', comment('/approve fine'));
    expect(commands).toEqual([
      {
        about: known.id,
        command: {
          type: 'approve',
          message: 'fine',
          voice: {
            surface: 'github',
            account: 'github:583232',
            name: 'bob-l',
            ref: 'IC_1',
            at: '2026-11-20T11:59:00.000Z',
            where: thread,
          },
        },
      },
    ]);
  });

  it('is acknowledged at once, by one reaction', async () => {
    await accept('issue_comment', comment('/approve'));
    expect(said).toEqual(['eyes on comment 555']);
  });

  it('counts once, however often it is delivered', async () => {
    await accept('issue_comment', comment('/approve'));
    await accept('issue_comment', comment('/approve'));
    expect(commands).toHaveLength(1);
    expect(said).toEqual(['eyes on comment 555']);
  });

  it('is never said later than it was received', async () => {
    await accept('issue_comment', comment('/approve', { 'comment.created_at': '2026-11-20T18:00:00Z' }));
    expect(commands[0]?.command.voice.at).toBe(noon);
  });

  it('is not acknowledged before it is durable', async () => {
    engineIsDown = true;
    await expect(accept('issue_comment', comment('/approve'))).rejects.toThrow('The disk is full.');
    expect(said).toEqual([]);
  });

  it.each([
    'yes',
    '> /approve',
    'I think /approve',
    '```\n/approve\n```',
    '    /approve',
    '<!-- x -->/approve',
  ])('does nothing when it says %j', async (body) => {
    await accept('issue_comment', comment(body));
    expect([commands, said, replies]).toEqual([[], [], []]);
  });

  it.each([
    ['by a bot', { 'comment.user': { type: 'Bot' }, sender: { type: 'Bot' } }],
    ['by ourselves', { 'comment.user': ourBot, sender: ourBot }],
    ['by a program in somebody’s name', { 'comment.performed_via_github_app': { id: 3, slug: 'other' } }],
    ['by an organisation', { 'comment.user': { type: 'Organization' } }],
    ['sent by somebody else than its author', { sender: annO }],
    ['on a pull request', { 'issue.pull_request': { url: 'https://example.com' } }],
  ])('does nothing when it is %s', async (_, changes) => {
    await accept('issue_comment', comment('/approve', changes));
    expect([commands, said, replies]).toEqual([[], [], []]);
  });

  it('does nothing in a repository that is no desk, and says so in the log', async () => {
    await accept('issue_comment', comment('/approve', { 'repository.id': 666 }));
    expect(commands).toEqual([]);
    expect(logged).toEqual(['A webhook of a repository that is no desk was ignored']);
  });

  it('does nothing when it came by another webhook than our app’s', async () => {
    await accept('issue_comment', comment('/approve', { installation: undefined }));
    expect(commands).toEqual([]);
  });

  it('answers /status itself, and asks the engine nothing', async () => {
    await accept('issue_comment', comment('/status'));
    expect(commands).toEqual([]);
    expect(replies[0]).toContain('Waiting for approval');
  });

  it('is told what was meant when it slipped', async () => {
    await accept('issue_comment', comment('/aprove'));
    expect(replies[0]).toContain('Did you mean `/approve`?');
  });
});

describe('an edit decides nothing', () => {
  const edited = (from: string, to: string, more: { readonly [path: string]: unknown } = {}): unknown =>
    aWebhook('issue_comment', 'edited', {
      'issue.number': 7,
      'comment.body': to,
      'comment.user': bobL,
      sender: bobL,
      'changes.body.from': from,
      ...more,
    });

  it('when a comment becomes a command', async () => {
    await accept('issue_comment', edited('yes', '/approve'));
    expect([commands, said]).toEqual([[], []]);
  });

  it('when a decision is edited away', async () => {
    await accept('issue_comment', edited('/deny', '/approve'));
    expect([commands, said]).toEqual([[], []]);
  });

  it('when an issue becomes a request', async () => {
    const payload = aWebhook('issues', 'edited', { 'issue.number': 7, 'issue.body': '/request production' });
    await accept('issues', payload);
    expect([commands, said]).toEqual([[], []]);
  });

  it('but our card is shown again when somebody else edits it', async () => {
    await accept(
      'issue_comment',
      edited('card', '/approve', { 'comment.user': ourBot, 'comment.id': cardRef }),
    );
    expect([commands, said]).toEqual([[], [`reshow ${known.id}`]]);
  });

  it('and the issue of errors is put back', async () => {
    const edited = { 'issue.number': 99, 'issue.user': ourBot };
    await accept('issues', aWebhook('issues', 'edited', { ...edited, sender: bobL }));
    await accept('issues', aWebhook('issues', 'edited', { ...edited, sender: ourBot }));
    expect(said).toEqual(['reshow errors']);
  });

  it('and a notice of ours is put back', async () => {
    await accept('issue_comment', edited('x', 'y', { 'comment.user': ourBot, 'comment.id': 9002 }));
    expect(said).toEqual(['restore over 9002']);
  });

  it('and an answer of ours is not left as it was made', async () => {
    await accept('issue_comment', edited('x', 'y', { 'comment.user': ourBot, 'comment.id': 9003 }));
    expect([...said].sort()).toEqual([`reshow ${known.id}`, 'withdraw 9003']);
  });

  it('and the issue that we opened', async () => {
    const payload = aWebhook('issues', 'edited', { 'issue.number': 7, 'issue.user': ourBot, sender: bobL });
    await accept('issues', payload);
    expect(said).toEqual(['restore thread']);
  });

  it('while our own edits are left alone', async () => {
    await accept('issue_comment', edited('x', 'y', { 'comment.user': ourBot, sender: ourBot }));
    expect(said).toEqual([]);
  });
});

describe('what is deleted, closed or transferred', () => {
  it('changes nothing when a decision is deleted', async () => {
    await accept(
      'issue_comment',
      aWebhook('issue_comment', 'deleted', { 'issue.number': 7, 'comment.user': bobL }),
    );
    expect([commands, said]).toEqual([[], []]);
  });

  it('is shown again when it was our card', async () => {
    const changes = { 'issue.number': 7, 'comment.user': ourBot, 'comment.id': cardRef, sender: bobL };
    await accept('issue_comment', aWebhook('issue_comment', 'deleted', changes));
    expect(said).toEqual([`reshow ${known.id}`]);
  });

  it.each(['deleted', 'transferred', 'reopened', 'locked'])(
    'changes nothing when the issue is %s',
    async (action) => {
      await accept('issues', aWebhook('issues', action, { 'issue.number': 7 }));
      expect([commands, said]).toEqual([[], []]);
    },
  );
});

describe('an issue', () => {
  beforeEach(() => {
    thisThread = undefined;
  });

  it('opened from a form is a request, and its own thread', async () => {
    await accept('issues', issue('### Flow\n\nproduction\n\n### Target\n\nprod\n\n### Why?\n\nBackfill'));
    expect(commands[0]?.command).toMatchObject({
      type: 'request',
      desk: aDesk,
      flow: 'production',
      form: { target: 'prod', fields: { reason: 'Backfill' } },
      voice: { account: 'github:583231', ref: 'I_1' },
      thread,
    });
    expect(said).toEqual(['eyes on issue 444500041']);
  });

  it('may ask without waiting for approval, in a comment too', async () => {
    const said = '/break-glass production prod reason="It burns." confirm=prod';
    const asked = {
      type: 'request',
      flow: 'production',
      breakGlass: { reason: 'It burns.', confirm: 'prod' },
    };
    await accept('issues', issue(said));
    await accept('issue_comment', comment(said));
    expect(commands.map(({ command }) => command)).toMatchObject([asked, asked]);
    thisThread = known.id;
    await accept('issue_comment', comment('/review concern It could wait.', { 'comment.node_id': 'IC_2' }));
    expect(commands[2]).toMatchObject({
      about: known.id,
      command: { type: 'review', outcome: 'concern', message: 'It could wait.' },
    });
  });

  it('asks for whoever signed it, whatever name stands in it', async () => {
    await accept('issues', issue('/request production reason="for max-p"\nrequester: max-p\nuser: @max-p'));
    expect(commands[0]?.command.voice).toMatchObject({ account: 'github:583231', name: 'ann-o' });
  });

  it('that is transferred here asks for nothing', async () => {
    const changes = { changes: { old_issue: { id: 1 }, old_repository: { id: 2 } } };
    await accept('issues', issue('/request production', changes));
    expect(commands).toEqual([]);
  });

  it('about anything else is left alone', async () => {
    await accept('issues', issue('The page is broken.'));
    expect([commands, said, replies]).toEqual([[], [], []]);
  });

  it('that cannot be understood is told why', async () => {
    await accept('issues', issue('/request'));
    expect(replies[0]).toContain('which flow');
  });
});

describe('a comment on an issue that we do not know', () => {
  beforeEach(() => {
    thisThread = undefined;
  });

  it('may ask: the request gets its own issue', async () => {
    await accept('issue_comment', comment('/request production reason=Backfill'));
    expect(commands[0]).toMatchObject({ about: undefined, command: { type: 'request' } });
    expect(commands[0]?.command).not.toHaveProperty('thread');
  });

  it('is heard once the issue was read, should its event be late', async () => {
    foundByReading = known.id;
    await accept('issue_comment', comment('/approve'));
    expect(commands).toMatchObject([{ about: known.id, command: { type: 'approve' } }]);
    expect(said[0]).toBe('reread');
  });

  it.each(['/approve', '/status', '/aprove', '/approve\n/deny'])(
    'is left alone otherwise: %j',
    async (body) => {
      await accept('issue_comment', comment(body));
      expect([commands, replies]).toEqual([[], []]);
      expect(said).toEqual(['reread']);
    },
  );

  it('is helped', async () => {
    await accept('issue_comment', comment('/help'));
    expect(replies[0]).toContain('| production |');
  });
});

it.each(['push', 'ping', 'installation'])('has nothing to do with %s', async (event) => {
  await accept(event, { action: 'created' });
  expect([commands, said, logged]).toEqual([[], [], []]);
});

it.each([null, 7, 'text', [], {}, { action: 'created', installation: { id: 1 } }])(
  'takes a payload that is not as documented for nothing: %j',
  async (payload) => {
    await accept('issue_comment', payload);
    expect(commands).toEqual([]);
  },
);
