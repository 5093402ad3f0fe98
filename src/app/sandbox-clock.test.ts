import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hours } from '../domain/duration.ts';
import { createSandboxClock } from './sandbox-clock.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-clock-'));
  file = join(folder, 'clock');
  push(0);
});

afterEach(() => rmSync(folder, { recursive: true }));

function push(offset: number): void {
  writeFileSync(file, JSON.stringify({ offset }));
}

test('reads the pushed time at once', () => {
  const clock = createSandboxClock(file);
  expect(Math.abs(Date.parse(clock.now()) - Date.now())).toBeLessThan(hours(1));
  push(hours(4));
  expect(Date.parse(clock.now()) - Date.now()).toBeGreaterThan(hours(3));
});

test('never goes back, whatever becomes of the file', () => {
  const clock = createSandboxClock(file);
  push(hours(4));
  const before = clock.now();
  push(0);
  expect(clock.now() >= before).toBe(true);
  writeFileSync(file, 'not a clock');
  expect(clock.now() >= before).toBe(true);
});

test('wakes whoever sleeps when their time has come by a push, and tells who listens', async () => {
  const clock = createSandboxClock(file);
  let pushes = 0;
  clock.onPush(() => (pushes += 1));
  const slept = clock.sleep(hours(3)).then(() => 'awake');
  push(hours(1));
  await expect.poll(() => pushes).toBe(1);
  await clock.sleep(1100);
  push(hours(2));
  expect(await Promise.race([slept, clock.sleep(60).then(() => 'asleep')])).toBe('asleep');
  push(hours(5));
  expect(await slept).toBe('awake');
});

test('lets what was just begun take its real time: an answer may be on its way', async () => {
  const clock = createSandboxClock(file);
  const answered = new AbortController();
  const slept = clock.sleep(30_000, answered.signal).then(() => 'awake');
  push(hours(4));
  expect(await Promise.race([slept, clock.sleep(200).then(() => 'asleep')])).toBe('asleep');
  answered.abort();
  expect(await slept).toBe('awake');
});

test('lets nobody sleep on who was told to stop', async () => {
  const stop = new AbortController();
  const slept = createSandboxClock(file).sleep(hours(3), stop.signal);
  stop.abort();
  await slept;
  await createSandboxClock(file).sleep(hours(3), stop.signal);
});

test('refuses to begin without a clock to read', () => {
  expect(() => createSandboxClock(join(folder, 'none'))).toThrow('COUNTERSIGN_SANDBOX_CLOCK names no clock');
});
