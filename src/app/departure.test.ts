import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { createDeparture, longestDeparture } from './departure.ts';

function given(leave: () => Promise<void>) {
  const clock = createVirtualClock();
  const exits: number[] = [];
  const said: string[] = [];
  const log = {
    info: (text: string) => void said.push(text),
    warn: (text: string) => void said.push(text),
    error: (text: string) => void said.push(text),
  };
  return {
    clock,
    exits,
    said,
    signal: createDeparture({ clock, log, leave, exit: (code) => exits.push(code) }),
  };
}

test('it leaves with 0 once all is in order', async () => {
  const { clock, exits, said, signal } = given(async () => undefined);
  signal('SIGTERM');
  await clock.advance(0);
  expect(exits).toEqual([0]);
  expect(said).toEqual(['Countersign is stopping', 'Countersign has stopped']);
});

test('what never ends is not waited for longer than ten seconds', async () => {
  const { clock, exits, said, signal } = given(() => new Promise(() => undefined));
  signal('SIGTERM');
  await clock.advance(longestDeparture - 1);
  expect(exits).toEqual([]);
  await clock.advance(1);
  expect(exits).toEqual([1]);
  expect(longestDeparture).toBeLessThan(10_000);
  expect(said.at(-1)).toContain('did not stop in time');
});

test('told twice, it ends at once', async () => {
  const { clock, exits, signal } = given(() => new Promise(() => undefined));
  signal('SIGINT');
  await clock.advance(10);
  signal('SIGINT');
  expect(exits).toEqual([1]);
});

test('a departure that breaks is said, and is none in good order', async () => {
  const { clock, exits, said, signal } = given(() => Promise.reject(new Error('The disk is full')));
  signal('SIGTERM');
  await clock.advance(0);
  expect(exits).toEqual([1]);
  expect(said).toContain('Countersign did not stop in good order');
});
