import { expect, test } from 'vitest';
import { instant } from '../domain/names.ts';
import { requestIdOf } from './request-id.ts';

const at = instant(Date.UTC(2026, 10, 20));

test('the same words at the same time are the same request', () => {
  expect(requestIdOf('github:I_1', at)).toBe(requestIdOf('github:I_1', at));
});

test('other words are another request', () => {
  expect(requestIdOf('github:I_1', at)).not.toBe(requestIdOf('github:I_2', at));
});

test('it is a ULID that sorts by time', () => {
  expect(requestIdOf('github:I_1', at)).toMatch(/^01[0-9A-HJKMNP-TV-Z]{24}$/);
  expect(requestIdOf('github:I_2', instant(Date.parse(at) + 1)) > requestIdOf('github:I_1', at)).toBe(true);
});
