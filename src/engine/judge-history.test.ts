import { describe, expect, test } from 'vitest';
import { judgeHistory } from './judge-history.ts';

const ours = { oid: 'c-ours', batch: 'B1', paths: ['entries/1'] };
const readme = { oid: 'c-readme', paths: ['README.md'] };
const foreign = { oid: 'c-foreign', paths: ['README.md', 'entries/1'] };
const isEntryFile = (path: string): boolean => path.startsWith('entries/');
const judge = (items: Parameters<typeof judgeHistory>[0]): ReturnType<typeof judgeHistory> =>
  judgeHistory(items, 'B1', isEntryFile);

describe('after a conflict or a lost answer', () => {
  test('our batch among the commits means that it is done', () => {
    expect(judge([ours])).toEqual({ verdict: 'done-at', commit: 'c-ours', head: 'c-ours' });
  });

  test('harmless commits around ours do not matter, and the head is the newest', () => {
    expect(judge([{ ...readme, oid: 'c-before' }, ours, readme])).toEqual({
      verdict: 'done-at',
      commit: 'c-ours',
      head: 'c-readme',
    });
  });

  test('commits that touch no entry file are committed on top of', () => {
    expect(judge([readme])).toEqual({ verdict: 'append-on-top', head: 'c-readme' });
  });

  test('where nothing came since, the head is the one that was expected', () => {
    expect(judge([])).toEqual({ verdict: 'append-on-top' });
  });

  test('an empty commit of somebody else is harmless', () => {
    expect(judge([{ oid: 'c-empty', paths: [] }])).toEqual({ verdict: 'append-on-top', head: 'c-empty' });
  });

  test('a commit of others on an entry file is a divergence that names it', () => {
    expect(judge([foreign])).toMatchObject({
      verdict: 'diverged',
      why: expect.stringContaining('c-foreign'),
    });
  });

  test('so is one that another batch of ours is said to have made', () => {
    expect(judge([{ ...ours, oid: 'c-other', batch: 'B0' }])).toMatchObject({ verdict: 'diverged' });
  });

  test('so is one before or after our own commit', () => {
    expect(judge([foreign, ours])).toMatchObject({ verdict: 'diverged' });
    expect(judge([ours, foreign])).toMatchObject({ verdict: 'diverged' });
  });

  test('so is a second commit that claims our batch', () => {
    expect(judge([ours, { ...ours, oid: 'c-twin' }])).toMatchObject({
      verdict: 'diverged',
      why: expect.stringContaining('c-twin'),
    });
  });

  test('so is a branch that was rewritten', () => {
    expect(judge('unrelated')).toMatchObject({
      verdict: 'diverged',
      why: expect.stringContaining('rewritten'),
    });
  });
});
