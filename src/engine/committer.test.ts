import { describe, expect, test } from 'vitest';
import { aHouse, type Doubles, type House } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { deskLines, noting } from '../../test/builders/desk-stream.ts';
import { anId, approvalEntry, aRequest, followedBy, noon, type Told } from '../../test/builders/request.ts';
import { minutes } from '../domain/duration.ts';
import type { NewEntry } from '../domain/entries.ts';
import { plus, type RequestId } from '../domain/names.ts';
import { createCommitter, type Committer } from './committer.ts';
import { Failure } from './ports/failure.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Store } from './ports/store.ts';

interface Desk extends House {
  readonly committer: Committer;
  readonly committed: RequestId[];
  /** A request that waits for the ledger. */
  record(number?: number): Promise<Told>;
}

async function aDeskWith(
  doubles: Doubles = {},
  besides: (store: Store) => Partial<Store> = () => ({}),
): Promise<Desk> {
  const house = await aHouse(doubles);
  const committed: RequestId[] = [];
  const store = { ...house.store, ...besides(house.store) };
  const committer = createCommitter({
    ...house.parts,
    store,
    committed: (ids) => void committed.push(...ids),
  });
  return {
    ...house,
    committer,
    committed,
    async record(number = 1) {
      const at = house.clock.now();
      const told = aRequest({ id: anId(number), desk: aDesk, ref: `asked-${number}`, thread: null, at });
      await house.store.save({ append: { request: told.request, lines: told.lines, afterSeq: 0 } });
      return told;
    },
  };
}

async function beat({ committer, clock }: Desk, ms = 0): Promise<void> {
  await clock.advance(ms);
  committer.wake([aDesk]);
  await committer.idle();
}

const streamOf = ({ branch }: Desk): readonly unknown[] =>
  [...branch.files()]
    .filter(([path]) => path.startsWith('desk/'))
    .flatMap(([, content]) => content.split('\n').slice(0, -1))
    .map((line) => JSON.parse(line));

const batches = ({ branch }: Desk): readonly string[] => branch.commits.flatMap(({ batch }) => batch ?? []);

test('what waits is brought in one commit, and whoever waits for it is told', async () => {
  const desk = await aDeskWith();
  await desk.record(1);
  await desk.record(2);
  await beat(desk);
  expect(batches(desk)).toHaveLength(1);
  expect(desk.committed).toEqual([anId(1), anId(2)]);
  expect(await desk.store.uncommitted(aDesk, 9)).toEqual([]);
  expect((await desk.store.cursor(aDesk))?.head).toBe(desk.branch.commits.at(-1)?.oid);
});

test('what is recorded while a commit is under way goes into the next', async () => {
  const hold = { release: (): void => undefined };
  const underWay = new Promise<void>((resolve) => (hold.release = resolve));
  let appends = 0;
  const desk: Desk = await aDeskWith({
    ledger: {
      append: async (commit, head) => {
        appends += 1;
        if (appends === 1) await underWay;
        return desk.branch.ledger.append(commit, head);
      },
    },
  });
  await desk.record(1);
  desk.committer.poke(aDesk);
  await desk.clock.advance(0);
  await desk.record(2);
  desk.committer.poke(aDesk);
  expect(appends).toBe(1);
  hold.release();
  await desk.committer.idle();
  expect(appends).toBe(2);
  expect(desk.committed).toEqual([anId(1), anId(2)]);
});

describe('what nothing waits for', () => {
  const shown: NewEntry = {
    type: 'notified',
    by: { system: 'reconciler' },
    data: { notice: 'card', thread: { surface: 'github', repository: '1', issue: 7 }, ref: '1' },
  };
  const again: NewEntry = { ...shown, data: { ...shown.data, notice: 'active' } };

  /** A request of which the ledger holds the beginning, and lacks that its card was shown. */
  async function shownOnce(): Promise<Desk & { readonly told: Told }> {
    const desk = await aDeskWith();
    const asked = await desk.record();
    await beat(desk);
    const told = followedBy(asked, [shown], desk.clock.now());
    await desk.store.save({ append: { request: told.request, lines: told.lines.slice(1), afterSeq: 1 } });
    await beat(desk);
    return { ...desk, told };
  }

  test('waits some seconds, and then goes alone', async () => {
    const desk = await shownOnce();
    await beat(desk, 9_999);
    expect(batches(desk)).toHaveLength(1);
    await beat(desk, 1);
    expect(batches(desk)).toHaveLength(2);
    expect(desk.branch.lines(anId())).toHaveLength(2);
  });

  test('goes along with what somebody waits for, which leads', async () => {
    const desk = await shownOnce();
    await desk.record(2);
    await beat(desk);
    expect(batches(desk)).toHaveLength(2);
    expect(desk.branch.lines(anId())).toHaveLength(2);
    expect(desk.branch.commits.at(-1)?.paths).toEqual([
      expect.stringContaining(anId(2)),
      expect.stringContaining(anId(1)),
    ]);
  });

  test('is waited for from its first line on, however many follow', async () => {
    const desk = await shownOnce();
    await desk.clock.advance(6_000);
    const more = followedBy(desk.told, [again], desk.clock.now());
    await desk.store.save({ append: { request: more.request, lines: more.lines.slice(2), afterSeq: 2 } });
    await beat(desk, 4_000);
    expect(desk.branch.lines(anId())).toHaveLength(3);
  });

  test('does not wait for a process that ends', async () => {
    const desk = await shownOnce();
    await desk.committer.flush([aDesk]);
    expect(desk.branch.lines(anId())).toHaveLength(2);
  });

  test('does not keep others waiting, however much of it there is', async () => {
    const desk = await aDeskWith();
    const many = Array.from({ length: 60 }, (_, index) => index + 1);
    const asked = await Promise.all(many.map((number) => desk.record(number)));
    await beat(desk);
    for (const { request, lines } of asked.map((each) => followedBy(each, [shown], desk.clock.now())))
      await desk.store.save({ append: { request, lines: lines.slice(1), afterSeq: 1 } });
    await desk.record(99);
    const before = batches(desk).length;
    await beat(desk);
    expect(batches(desk)).toHaveLength(before + 1);
    expect(desk.committed).toContain(anId(99));
  });

  test('of the stream of a desk waits as long', async () => {
    const desk = await aDeskWith();
    await desk.store.save(noting(deskLines([desk.clock.now()], { desk: aDesk })));
    await beat(desk, 9_999);
    expect(streamOf(desk)).toEqual([]);
    await beat(desk, 1);
    expect(streamOf(desk)).toHaveLength(1);
  });
});

describe('an answer that was lost', () => {
  /** The first commit arrives, and nobody hears of it. */
  async function lost(): Promise<Desk & { appends(): number }> {
    let appends = 0;
    const append: Ledger['append'] = async (commit, head) => {
      appends += 1;
      const answer = await desk.branch.ledger.append(commit, head);
      if (appends === 1) throw new Failure('The answer was lost.', { transient: true });
      return answer;
    };
    const desk: Desk = await aDeskWith({ ledger: { append } });
    await desk.record();
    await beat(desk);
    return { ...desk, appends: () => appends };
  }

  test('is found on the branch by the batch, and nothing is committed twice', async () => {
    const desk = await lost();
    expect(desk.committed).toEqual([]);
    await beat(desk, 1000);
    expect(desk.committed).toEqual([anId()]);
    expect(desk.appends()).toBe(1);
    expect(batches(desk)).toHaveLength(1);
  });

  test('is found before what came meanwhile is appended', async () => {
    const desk = await lost();
    await desk.record(2);
    await beat(desk, 1000);
    expect(batches(desk)).toHaveLength(2);
    expect(desk.branch.lines(anId(1))).toHaveLength(1);
    expect(desk.branch.lines(anId(2))).toHaveLength(1);
  });

  test('is found after the process died', async () => {
    const desk = await lost();
    const again = await aHouse({ disk: desk.disk.afterKill(), branch: desk.branch });
    const committed: RequestId[] = [];
    const committer = createCommitter({ ...again.parts, committed: (ids) => void committed.push(...ids) });
    committer.wake([aDesk]);
    await committer.idle();
    expect(committed).toEqual([anId()]);
    expect(desk.branch.commits.filter(({ batch }) => batch !== undefined)).toHaveLength(1);
  });

  test('where it never arrived, the same batch with the same lines is sent again', async () => {
    let appends = 0;
    const sent: { readonly batch: string; readonly content: string | undefined }[] = [];
    const append: Ledger['append'] = async (commit, head) => {
      appends += 1;
      sent.push({ batch: commit.batch, content: commit.files[0]?.content });
      if (appends === 1) throw new Failure('Nothing answers.', { transient: true });
      return desk.branch.ledger.append(commit, head);
    };
    const desk: Desk = await aDeskWith({ ledger: { append } });
    const told = await desk.record();
    await beat(desk);
    // More came meanwhile: the batch that may be on its way must not change its meaning.
    const more = followedBy(told, [approvalEntry('bob')]);
    await desk.store.save({ append: { request: more.request, lines: more.lines.slice(1), afterSeq: 1 } });
    await beat(desk, 1000);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[2]?.batch).not.toBe(sent[0]?.batch);
    expect(desk.branch.lines(anId())).toHaveLength(2);
  });
});

test('a crash between noting a commit and forgetting that it was sent does no harm', async () => {
  let isDying = true;
  const desk = await aDeskWith({}, (store) => ({
    setBookmark: async (name, value) => {
      if (value === '' && isDying) throw new Failure('The process dies here.', { transient: true });
      return store.setBookmark(name, value);
    },
  }));
  await desk.record(1);
  await beat(desk);
  expect(await desk.store.uncommitted(aDesk, 9)).toEqual([]);
  expect(await desk.store.bookmark(`sent ${aDesk}`)).not.toBe('');
  isDying = false;
  await desk.record(2);
  await beat(desk, 1000);
  expect(batches(desk)).toHaveLength(2);
  expect(desk.branch.lines(anId(1))).toHaveLength(1);
  expect(desk.branch.lines(anId(2))).toHaveLength(1);
});

describe('a conflict', () => {
  test('with what touches no entry is committed on top of', async () => {
    const desk = await aDeskWith();
    await beat(desk);
    desk.branch.push('README.md', 'Hello.');
    await desk.record();
    await beat(desk);
    expect(desk.branch.commits.map(({ paths }) => paths[0])).toEqual([
      'README.md',
      'README.md',
      expect.stringContaining('requests/'),
    ]);
  });

  test('that the history does not explain yet is tried again after a while, not at once', async () => {
    let appends = 0;
    let isBehind = true;
    const desk: Desk = await aDeskWith({
      ledger: {
        append: async (commit, head) => {
          appends += 1;
          return isBehind ? { conflict: true } : desk.branch.ledger.append(commit, head);
        },
        since: async (head) => (isBehind ? [] : desk.branch.ledger.since(head)),
      },
    });
    await desk.record();
    await beat(desk);
    expect(appends).toBe(1);
    await beat(desk, 500);
    expect(appends).toBe(1);
    await beat(desk, 500);
    expect(appends).toBe(2);
    await beat(desk, 1000);
    expect(appends).toBe(2);
    isBehind = false;
    await beat(desk, 1000);
    expect(desk.committed).toEqual([anId()]);
  });
});

describe('a branch that others wrote entries to', () => {
  async function tampered(): Promise<Desk & { looks(): number }> {
    let looks = 0;
    const desk: Desk = await aDeskWith({
      ledger: {
        since: async (head) => {
          looks += 1;
          return desk.branch.ledger.since(head);
        },
      },
    });
    await desk.record(1);
    await beat(desk);
    desk.branch.push('requests/2026/11/20/forged.jsonl', 'forged\n');
    await desk.record(2);
    await beat(desk);
    return { ...desk, looks: () => looks };
  }

  test('is not written to, and the desk knows why', async () => {
    const desk = await tampered();
    expect(batches(desk)).toHaveLength(1);
    expect((await desk.store.cursor(aDesk))?.diverged).toContain('touches entries and is not ours');
    expect(desk.heard.warnings).toContainEqual(expect.stringContaining('diverged'));
    await beat(desk, 60_000);
    expect(batches(desk)).toHaveLength(1);
  });

  test('is not asked every second whether it is whole again', async () => {
    const desk = await tampered();
    const before = desk.looks();
    for (let second = 0; second < 60; second += 1) await beat(desk, 1000);
    expect(desk.looks() - before).toBeLessThan(10);
  });

  test('is written to again once it was mended', async () => {
    const desk = await tampered();
    desk.branch.resetTo(desk.branch.commits.at(-2)?.oid ?? '');
    await beat(desk, 60_000);
    expect((await desk.store.cursor(aDesk))?.diverged).toBeUndefined();
    expect(desk.committed).toEqual([anId(1), anId(2)]);
  });

  test('a commit of ours that was under way when it happened is found when it is mended', async () => {
    let isLost = true;
    const append: Ledger['append'] = async (commit, head) => {
      const answer = await desk.branch.ledger.append(commit, head);
      if (isLost) throw new Failure('The answer was lost.', { transient: true });
      return answer;
    };
    const desk: Desk = await aDeskWith({ ledger: { append } });
    await desk.record(1);
    await beat(desk);
    isLost = false;
    const ours = desk.branch.commits.at(-1)?.oid ?? '';
    desk.branch.push('requests/2026/11/20/forged.jsonl', 'forged\n');
    await beat(desk, 1000);
    expect((await desk.store.cursor(aDesk))?.diverged).toBeDefined();
    desk.branch.resetTo(ours);
    await beat(desk, 60_000);
    expect(desk.committed).toEqual([anId(1)]);
    expect(desk.branch.commits.map(({ paths }) => paths[0]).slice(2)).toEqual(['desk/2026/11.jsonl']);
  });

  test('is spoken of in the stream of the desk once it is whole', async () => {
    const desk = await tampered();
    const since = desk.clock.now();
    await desk.clock.advance(60_000);
    desk.branch.resetTo(desk.branch.commits.at(-2)?.oid ?? '');
    await beat(desk);
    const until = desk.clock.now();
    await beat(desk, 60_000);
    expect(streamOf(desk)).toMatchObject([
      { type: 'ledger-diverged', seq: 1, by: { system: 'committer' }, data: { since, until } },
    ]);
  });
});

describe('the stream of a desk', () => {
  const refusals = deskLines([noon, noon, plus(noon, minutes(11 * 24 * 60))], { desk: aDesk });

  test('is committed beside the requests that wait, each month in its file', async () => {
    const desk = await aDeskWith();
    await desk.record();
    await desk.store.save(noting(refusals));
    await beat(desk);
    expect(desk.branch.commits.at(-1)?.paths).toEqual([
      expect.stringContaining('requests/'),
      'desk/2026/11.jsonl',
      'desk/2026/12.jsonl',
    ]);
    expect(streamOf(desk)).toEqual(refusals.map(({ entry }) => entry));
    expect(await desk.store.deskStream(aDesk)).toMatchObject({ committedSeq: 3 });
  });

  test('is committed where nothing else waits, and not again', async () => {
    const desk = await aDeskWith();
    await desk.store.save(noting(refusals.slice(0, 1)));
    await beat(desk);
    await beat(desk, 1000);
    await desk.store.save(noting(refusals.slice(0, 2), 1));
    await beat(desk, 1000);
    expect(batches(desk)).toHaveLength(2);
    expect(streamOf(desk)).toHaveLength(2);
  });

  test('is found by its batch where the answer was lost', async () => {
    let appends = 0;
    const append: Ledger['append'] = async (commit, head) => {
      appends += 1;
      const answer = await desk.branch.ledger.append(commit, head);
      if (appends === 1) throw new Failure('The answer was lost.', { transient: true });
      return answer;
    };
    const desk: Desk = await aDeskWith({ ledger: { append } });
    await desk.store.save(noting(refusals.slice(0, 2)));
    await beat(desk);
    expect(await desk.store.deskStream(aDesk)).toMatchObject({ committedSeq: 0 });
    await desk.store.save(noting(refusals, 2));
    await beat(desk, 1000);
    expect(appends).toBe(2);
    expect(streamOf(desk)).toEqual(refusals.map(({ entry }) => entry));
  });

  test('is sent again, the same, where the batch never arrived', async () => {
    const sent: (readonly (string | undefined)[])[] = [];
    const append: Ledger['append'] = async (commit, head) => {
      sent.push([commit.batch, ...commit.files.map(({ content }) => content)]);
      if (sent.length === 1) throw new Failure('Nothing answers.', { transient: true });
      return desk.branch.ledger.append(commit, head);
    };
    const desk: Desk = await aDeskWith({ ledger: { append } });
    await desk.store.save(noting(refusals.slice(0, 1)));
    await beat(desk);
    await desk.store.save(noting(refusals, 1));
    await desk.record();
    await beat(desk, 1000);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent).toHaveLength(3);
    expect(streamOf(desk)).toHaveLength(3);
  });
});

test('a ledger that cannot be believed is neither written to nor found whole by its head', async () => {
  const desk = await aDeskWith();
  const head = await desk.branch.ledger.begin();
  await desk.store.setCursor(aDesk, { head, diverged: 'A line is missing.', isBroken: true });
  await desk.record();
  await beat(desk);
  await beat(desk, 120_000);
  expect(desk.branch.commits).toHaveLength(1);
  expect(await desk.store.cursor(aDesk)).toMatchObject({ isBroken: true });
});

test('a ledger that cannot be reached is tried again, each time after twice as long', async () => {
  const tries: number[] = [];
  const desk: Desk = await aDeskWith({
    ledger: {
      append: async () => {
        tries.push(Date.parse(desk.clock.now()));
        throw new Failure('GitHub does not answer.', { transient: true });
      },
    },
  });
  await desk.record();
  for (let second = 0; second < 16; second += 1) await beat(desk, 1000);
  const [first = 0] = tries;
  expect(tries.map((at) => (at - first) / 1000)).toEqual([0, 1, 3, 7, 15]);
});

test('a stopped committer begins nothing more', async () => {
  const desk = await aDeskWith();
  await desk.record();
  desk.committer.stop();
  await beat(desk);
  expect(batches(desk)).toEqual([]);
});
