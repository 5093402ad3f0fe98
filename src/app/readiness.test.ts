import { expect, test } from 'vitest';
import { bellSilence, createReadiness } from './readiness.ts';

function given() {
  let now = 0;
  const readiness = createReadiness(() => now);
  return { readiness, pass: (ms: number) => void (now += ms) };
}

test('it is starting, then ready, then stopping', () => {
  const { readiness } = given();
  expect(readiness.state).toBe('starting');
  readiness.started();
  expect(readiness.state).toBe('ready');
  readiness.stopping();
  expect(readiness.state).toBe('stopping');
});

test('a start that takes long is no silence of the bell', () => {
  const { readiness, pass } = given();
  pass(bellSilence * 10);
  expect(readiness.state).toBe('starting');
  readiness.started();
  expect(readiness.state).toBe('ready');
});

test('a bell that is not heard is said, and forgiven when it is heard again', () => {
  const { readiness, pass } = given();
  readiness.started();
  pass(bellSilence);
  expect(readiness.state).toBe('ready');
  pass(1);
  expect(readiness.state).toBe('bell-silent');
  readiness.heardBell();
  expect(readiness.state).toBe('ready');
});

test('who was told to stop while starting does not become ready', () => {
  const { readiness } = given();
  readiness.stopping();
  readiness.started();
  expect(readiness.state).toBe('stopping');
});
