import { expect, test } from 'vitest';
import { startHint } from './start-hint.ts';

test.each([
  ['GET /app: 401 (A JSON web token could not be decoded)', /^PRIVATE_KEY /],
  ['GET /app: 404 (Integration not found)', /APP_ID/],
  ['The app is not installed on this repository', /COUNTERSIGN_DESKS/],
])('“%s” is told with the setting that it is about', (message, hint) => {
  expect(startHint(new Error(message))).toMatch(hint);
});

test('a port that is taken is told as such', () => {
  expect(startHint(Object.assign(new Error('listen'), { code: 'EADDRINUSE' }))).toMatch(/PORT/);
});

test('what we know nothing better about is left as it is', () => {
  expect(startHint(new Error('A disk is full'))).toBeUndefined();
  expect(startHint('no error at all')).toBeUndefined();
});
