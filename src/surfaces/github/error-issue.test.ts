import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aSandboxDesk, type SandboxDesk } from '../../../test/builders/sandbox-desk.ts';
import { hours, minutes } from '../../domain/duration.ts';
import { group } from '../../domain/names.ts';
import { createErrorChannel, type ErrorChannel } from '../../engine/error-channel.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Problem } from '../../engine/problems.ts';
import { createErrorIssue } from './error-issue.ts';

let house: SandboxDesk;
let errors: ErrorChannel;
let bookmarks: Map<string, string>;
let logged: string[];
let isFileBroken = false;

beforeAll(async () => {
  house = await aSandboxDesk();
});

afterAll(async () => {
  await house.stop();
  expect(house.wrongs()).toEqual([]);
});

beforeEach(() => live());

afterEach(async () => {
  house.sandbox.faults.clear();
  isFileBroken = false;
  for (const { number } of issues()) house.sandbox.as('max-p').deleteIssue(number);
  await house.sandbox.settled();
});

async function live(kept = new Map<string, string>()): Promise<void> {
  bookmarks = kept;
  logged = [];
  house.calls.length = 0;
  errors = createErrorChannel({
    ...house,
    desks: [house.desk],
    store: {
      bookmark: async (name) => bookmarks.get(name),
      setBookmark: async (name, value) => void bookmarks.set(name, value),
    },
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: (message, fields) => void logged.push(`${message} ${JSON.stringify(fields)}`),
    },
    place: createErrorIssue({
      ...house,
      people: {
        loginOf: async () => 'max-p',
        admins: async () => {
          if (isFileBroken) throw new Failure('The files are broken.', { transient: true });
          return [group('team:acme/platform'), group('person:max')];
        },
      },
    }),
  });
  await errors.start();
}

/** Long enough for whatever changed to be shown. */
async function later(ms = minutes(1)): Promise<void> {
  house.clock.push(ms);
  await errors.beat();
  await errors.idle();
}

const issues = () =>
  house.sandbox.github.state.issues
    .in(house.repository)
    .filter(({ title }) => title.startsWith('Countersign'))
    .map(({ number, title, body, state, label_ids }) => ({
      ...{ number, title, state },
      body: body ?? '',
      labels: label_ids.map((id) => house.sandbox.github.state.labels.get(id)?.name),
    }));
const comments = (number: number): readonly string[] =>
  house.sandbox.github.state.comments.in(`${house.repository}/${number}`).map(({ body }) => body);

const overdue: Problem = {
  key: 'overdue 1',
  kind: 'access-overdue',
  what: 'Production for ann: 503',
  thread: { surface: 'github', repository: '1', issue: 7 },
};
const disabled: Problem = { key: 'flow vault', kind: 'flow-disabled', what: 'vault: line 2' };

describe('what is wrong', () => {
  it('stands in one issue, with what to do, and tells the admins', async () => {
    errors.raise(house.desk, overdue);
    await later();
    expect(issues()).toMatchObject([
      { title: 'Countersign: errors', state: 'open', labels: ['countersign-errors'] },
    ]);
    const [issue] = issues();
    expect(issue?.body).toContain('🔴 **1 problem is open.**');
    expect(issue?.body).toContain('Production for ann: 503 (#7)');
    expect(issue?.body).toContain('docs/operating.md#access-overdue');
    expect(comments(issue?.number ?? 0)).toEqual([
      expect.stringMatching(
        /^@acme\/platform and @max-p: \*\*Access should be gone and is not\.\*\* Production for ann/,
      ),
    ]);
  });

  it('is edited in place, the open first and what is over below', async () => {
    errors.raise(house.desk, overdue);
    errors.raise(house.desk, disabled);
    await later();
    errors.clear(house.desk, overdue.key);
    await later();
    const [issue, ...others] = issues();
    expect(others).toEqual([]);
    expect(issue?.body).toMatch(
      /1 problem is open[^]*A flow is broken and disabled[^]*Over: the last 1[^]*Production for ann/,
    );
    errors.clear(house.desk, disabled.key);
    await later();
    expect(issues()[0]?.body).toContain('🟢 **Nothing is open.**');
  });

  it('is not said where nothing ever was wrong', async () => {
    errors.clear(house.desk, overdue.key);
    await later();
    expect(issues()).toEqual([]);
    expect(house.calls.filter((call) => call.startsWith('POST /repos'))).toEqual([]);
  });

  it('costs one edit in half a minute, however much of it there is', async () => {
    errors.raise(house.desk, disabled);
    await later();
    house.calls.length = 0;
    for (let second = 0; second < 25; second += 1) {
      errors.raise(house.desk, { ...overdue, key: `overdue ${second}` });
      await later(1000);
    }
    const edits = house.calls.filter((call) => call.startsWith('PATCH'));
    expect(edits.length).toBeLessThanOrEqual(1);
    await later();
    expect(issues()[0]?.body).toContain('26 problems are open');
  });

  it('fits into an issue, however much it is', async () => {
    for (let index = 0; index < 300; index += 1)
      errors.raise(house.desk, {
        ...overdue,
        key: `overdue ${index}`,
        what: `|<@max-p #1 ${'`*_'.repeat(160)}`,
      });
    await later();
    expect(issues()[0]?.body.length).toBeLessThanOrEqual(60_000);
    expect(issues()[0]?.body).toContain('200 problems');
    expect(issues()[0]?.body).toContain('There were 100 more than can be kept');
  });

  it('is shown as text, whatever others wrote into it', async () => {
    errors.raise(house.desk, { ...disabled, what: '@max-p <!-- x --> [a](http://b) # big\n\n- y' });
    await later();
    const [issue] = issues();
    for (const text of [issue?.body ?? '', ...comments(issue?.number ?? 0)])
      expect(text.replace('and @max-p:', '')).not.toMatch(/@max-p|<!-- x|\]\(http:\/\/b|^- y/m);
  });
});

describe('the issue', () => {
  it.each([
    ['as it is', () => undefined],
    ['though its label is gone', (number: number) => void house.sandbox.as('max-p').labelIssue(number, [])],
    ['though it is closed', (number: number) => void house.sandbox.as('max-p').closeIssue(number)],
  ])('is found again after the store was lost, %s', async (_, happens) => {
    errors.raise(house.desk, overdue);
    await later();
    happens(issues()[0]?.number ?? 0);
    await live();
    errors.raise(house.desk, disabled);
    await later();
    expect(issues()).toMatchObject([{ state: 'open', body: expect.stringContaining('vault: line 2') }]);
  });

  it('is not taken from somebody who copied it', async () => {
    const body = 'nothing here\n\n<!-- countersign:errors -->';
    house.sandbox.as('eve-s').openIssue({ title: 'Countersign: errors', body });
    errors.raise(house.desk, overdue);
    await later();
    expect(issues().map((each) => each.body === body)).toEqual([true, false]);
  });

  it.each(['POST', 'PATCH'])('is made once, though the answer to a %s is lost', async (method) => {
    errors.raise(house.desk, overdue);
    if (method === 'PATCH') await later();
    errors.raise(house.desk, disabled);
    house.sandbox.faults.onRequest({ kind: 'answer-lost', method, path: /\/issues(\/\d+)?$/, times: 1 });
    await later();
    await later();
    expect(issues()).toHaveLength(1);
    expect(comments(issues()[0]?.number ?? 0)).toHaveLength(2);
  });

  it('that was closed is opened again by news, and by nothing else', async () => {
    errors.raise(house.desk, overdue);
    errors.raise(house.desk, disabled);
    await later();
    house.sandbox.as('max-p').closeIssue(issues()[0]?.number ?? 0);
    errors.clear(house.desk, disabled.key);
    await later();
    expect(issues()[0]?.state).toBe('closed');
    errors.raise(house.desk, disabled);
    await later();
    expect(issues()[0]?.state).toBe('open');
  });

  it('that was deleted or moved away is made anew', async () => {
    errors.raise(house.desk, overdue);
    await later();
    house.sandbox.as('max-p').deleteIssue(issues()[0]?.number ?? 0);
    errors.raise(house.desk, disabled);
    await later();
    expect(issues()).toHaveLength(1);
    house.sandbox.as('max-p').transferIssue(issues()[0]?.number ?? 0, 'acme/shop');
    errors.clear(house.desk, disabled.key);
    await later();
    expect(issues()).toMatchObject([{ body: expect.stringContaining('1 problem is open') }]);
  });

  it('is put back where somebody edited it', async () => {
    errors.raise(house.desk, overdue);
    await later();
    house.sandbox.as('max-p').editIssue(issues()[0]?.number ?? 0, { title: 'Countersign is fine', body: '' });
    errors.reshow(house.desk);
    await later();
    expect(issues()).toMatchObject([
      { title: 'Countersign: errors', body: expect.stringContaining('Production for ann') },
    ]);
  });
});

describe('people are told', () => {
  it('of each kind once, and of the same kind again after an hour at the earliest', async () => {
    const told = (): number => comments(issues()[0]?.number ?? 0).length;
    errors.raise(house.desk, overdue);
    errors.raise(house.desk, { ...overdue, key: 'overdue 2' });
    await later();
    expect(told()).toBe(1);
    errors.raise(house.desk, disabled);
    await later();
    expect(told()).toBe(2);
    errors.clear(house.desk, disabled.key);
    errors.raise(house.desk, disabled);
    await later();
    expect(told()).toBe(2);
    errors.clear(house.desk, disabled.key);
    await later(hours(1));
    errors.raise(house.desk, disabled);
    await later();
    expect(told()).toBe(3);
  });

  it('once, though the app died before it knew that it had', async () => {
    errors.raise(house.desk, overdue);
    await errors.idle();
    const before = new Map(bookmarks);
    await later();
    await live(before);
    await later();
    expect(issues()).toHaveLength(1);
    expect(comments(issues()[0]?.number ?? 0)).toHaveLength(1);
  });

  it('though nobody can say who the admins are', async () => {
    isFileBroken = true;
    errors.raise(house.desk, disabled);
    await later();
    expect(comments(issues()[0]?.number ?? 0)).toEqual([
      expect.stringMatching(/^\*\*A flow is broken and disabled\.\*\*/),
    ]);
  });
});

it('what cannot be shown is in the log, and shown once it can be', async () => {
  house.sandbox.faults.onRequest({ kind: 'error', status: 503 });
  errors.raise(house.desk, overdue);
  await later();
  expect(logged[0]).toMatch(/^Somebody has to look at this .*Production for ann/);
  expect(logged[1]).toMatch(/^The error channel cannot be written .*503/);
  house.sandbox.faults.clear();
  await later();
  expect(issues()).toHaveLength(1);
});
