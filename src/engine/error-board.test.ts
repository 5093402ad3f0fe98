import { describe, expect, it } from 'vitest';
import { noon } from '../../test/builders/request.ts';
import { hours } from '../domain/duration.ts';
import { plus } from '../domain/names.ts';
import { emptyBoard, fade, isShown, mostOpen, mostSolved, parseBoard, raise, solve } from './error-board.ts';
import type { Problem } from './problems.ts';

const overdue: Problem = { key: 'overdue 1', kind: 'access-overdue', what: 'Production for ann' };
const undelivered: Problem = { key: 'u', kind: 'undelivered', what: 'A card', times: 'again' };

describe('the board of a desk', () => {
  it('is the same where nothing is new', () => {
    const board = raise(emptyBoard, overdue, noon);
    expect(raise(board, overdue, plus(noon, 1000))).toBe(board);
    expect(solve(board, () => false, noon)).toBe(board);
    expect(fade(board, plus(noon, hours(1000)))).toBe(board);
    expect(isShown(emptyBoard)).toBe(true);
    expect(isShown(board)).toBe(false);
  });

  it('keeps since when, how often, and the newest words', () => {
    const board = raise(
      raise(emptyBoard, overdue, noon),
      { ...overdue, what: '503', times: 3 },
      plus(noon, 1000),
    );
    expect(board.open).toMatchObject([{ what: '503', times: 3, since: noon }]);
    const again = raise(raise(emptyBoard, undelivered, noon), undelivered, plus(noon, 1000));
    expect(again.open).toMatchObject([{ times: 2, since: noon }]);
  });

  it('does not count again what it was told of before', () => {
    const board = raise(emptyBoard, { ...undelivered, at: noon }, plus(noon, 1000));
    expect(raise(board, { ...undelivered, at: noon }, plus(noon, 2000))).toBe(board);
  });

  it('lets what is only an event fade, and nothing that stands', () => {
    const board = raise(raise(emptyBoard, overdue, noon), undelivered, noon);
    const later = fade(board, plus(noon, hours(24 * 3)));
    expect(later.open.map(({ kind }) => kind)).toEqual(['access-overdue']);
    expect(later.solved.map(({ kind }) => kind)).toEqual(['undelivered']);
  });

  it('is bounded, whatever happens', () => {
    let board = emptyBoard;
    for (let index = 0; index < mostOpen + 5; index += 1)
      board = raise(board, { ...overdue, key: `${index}`, what: 'x'.repeat(10_000) }, noon);
    expect([board.open.length, board.leftOut]).toEqual([mostOpen, 5]);
    expect(JSON.stringify(board).length).toBeLessThan(mostOpen * 800);
    board = solve(board, () => true, noon);
    expect([board.open.length, board.solved.length, board.leftOut]).toEqual([0, mostSolved, 0]);
  });

  it('comes back as it was kept', () => {
    const thread = { surface: 'github', repository: '1', issue: 7 } as const;
    const raised = raise(raise(emptyBoard, { ...overdue, thread }, noon), undelivered, noon);
    const board = { ...solve(raised, (key) => key === 'u', noon), shown: { ref: '9', revision: 1 } };
    expect(parseBoard(JSON.stringify(board))).toEqual(board);
  });

  it.each(['', '{', 'null', '[]', '{"open":[{}],"solved":3,"revision":-1,"told":{"x":1}}'])(
    'is empty where what was kept cannot be read: %s',
    (text) => expect(parseBoard(text)).toEqual(emptyBoard),
  );
});
