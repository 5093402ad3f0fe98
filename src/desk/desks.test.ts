import { beforeEach, describe, expect, test } from 'vitest';
import { deskId, instant } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import { createDesks, disabledFlows, type Desks, type DeskSource } from './desks.ts';
import { createDeskReader } from './desk-reader.ts';
import { anyApproval, sampleFiles, sampleStrategies } from './sample-desk.ts';

const id = deskId('github', 4711);
const rest = `requesters: [team:acme/eng]\n${anyApproval}\n`;

let now: number;
let head: string;
let files: Record<string, string>;
let isDown: boolean;
let heads: number;
let reads: string[];
let desks: Desks;
let changes: string[];

const source: DeskSource = {
  head: async () => {
    heads += 1;
    if (isDown) throw new Failure('GitHub is down: token ghs_123', { transient: true });
    return { commit: head, branch: 'main' };
  },
  read: async (_desk, commit) => {
    if (isDown) throw new Failure('GitHub is down: token ghs_123', { transient: true });
    reads.push(commit);
    return new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  },
};
const quiet = (): void => {};

beforeEach(() => {
  now = Date.parse('2026-11-20T09:00:00Z');
  head = 'one';
  files = { ...sampleFiles, 'flows/a.yml': rest, 'flows/broken.yml': 'lable: X\n' };
  isDown = false;
  heads = 0;
  reads = [];
  changes = [];
  desks = createDesks({
    source,
    reader: createDeskReader({ strategies: sampleStrategies }),
    clock: { now: () => instant(now), sleep: async () => {} },
    log: { info: quiet, warn: quiet, error: quiet },
    headTtlMs: 30_000,
    keep: 2,
    headChanged: (_id, desk) =>
      changes.push(
        [desk.commit, ...disabledFlows(desk).map(({ flow, code, line }) => `${flow} ${code} ${line}`)].join(),
      ),
  });
});

describe('another head', () => {
  test('is told of once, with the flows that it disables', async () => {
    await Promise.all([desks.current(id, 'a'), desks.list(id)]);
    expect(changes).toEqual(['one,broken missing-key 1']);
    [head, files] = ['two', { ...files, 'flows/broken.yml': rest }];
    desks.invalidate(id);
    await desks.list(id);
    await desks.list(id);
    expect(changes).toEqual(['one,broken missing-key 1', 'two']);
  });

  test('is told of again where it goes back to what it was', async () => {
    for (head of ['one', 'two', 'one']) {
      desks.invalidate(id);
      await desks.list(id);
    }
    expect(changes.map((change) => change.split(',')[0])).toEqual(['one', 'two', 'one']);
  });
});

describe('a flow of a desk', () => {
  test('is that of the head', async () => {
    expect(await desks.current(id, 'a')).toMatchObject({ flow: { ref: { name: 'a', commit: 'one' } } });
  });

  test('that is not there is told with those that are', async () => {
    expect(await desks.current(id, 'b')).toEqual({ missing: 'unknown-flow', known: ['a'] });
  });

  test('that is broken is unavailable, and not listed', async () => {
    expect(await desks.current(id, 'broken')).toEqual({
      missing: 'unavailable',
      why: expect.stringMatching(/^its file flows\/broken\.yml is broken in line 1, column 1: .*“lable”/),
    });
    expect((await desks.list(id)).map(({ ref }) => ref.name)).toEqual(['a']);
  });

  test('is unavailable while the desk is closed', async () => {
    files['flows/people.yml'] = 'people: []\n';
    expect(await desks.current(id, 'a')).toEqual({
      missing: 'unavailable',
      why: 'This desk takes no requests until flows/people.yml is corrected.',
    });
    expect(await desks.list(id)).toEqual([]);
  });

  test('is unavailable while its source is out, without the source’s own words', async () => {
    isDown = true;
    const answer = await desks.current(id, 'a');
    expect(answer).toMatchObject({ missing: 'unavailable' });
    expect(JSON.stringify(answer)).not.toContain('ghs_');
    await expect(desks.desk(id)).rejects.toThrow(Failure);
  });

  test('is there again once the source is', async () => {
    isDown = true;
    await desks.current(id, 'a');
    isDown = false;
    expect(await desks.current(id, 'a')).toMatchObject({ flow: {} });
  });
});

describe('what was read', () => {
  test('is read once, however many ask at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => desks.current(id, 'a')));
    expect({ heads, reads }).toEqual({ heads: 1, reads: ['one'] });
  });

  test('is believed for a moment, and then looked at again', async () => {
    await desks.desk(id);
    head = 'two';
    now += 29_999;
    expect((await desks.desk(id)).commit).toBe('one');
    now += 1;
    expect((await desks.desk(id)).commit).toBe('two');
  });

  test('is looked at again at once after a push', async () => {
    await desks.desk(id);
    head = 'two';
    desks.invalidate(id);
    expect((await desks.desk(id)).commit).toBe('two');
  });

  test('is not read again where the commit is the same', async () => {
    await desks.desk(id);
    desks.invalidate(id);
    await desks.desk(id);
    expect({ heads, reads }).toEqual({ heads: 2, reads: ['one'] });
  });

  test('is forgotten when too many commits are kept, the oldest first', async () => {
    for (const commit of ['one', 'two', 'three', 'two', 'one']) {
      head = commit;
      desks.invalidate(id);
      await desks.desk(id);
    }
    expect(reads).toEqual(['one', 'two', 'three', 'one']);
  });
});

test('a bug of ours is no outage', async () => {
  const broken = createDesks({
    source: {
      ...source,
      head: async () => {
        throw new TypeError('oops');
      },
    },
    reader: createDeskReader({ strategies: sampleStrategies }),
    clock: { now: () => instant(now), sleep: async () => {} },
    log: { info: quiet, warn: quiet, error: quiet },
  });
  await expect(broken.current(id, 'a')).rejects.toThrow(TypeError);
});
