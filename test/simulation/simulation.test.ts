import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runHistory } from './history.ts';
import { simulate } from './planted.ts';

const histories = 200;
const parts = 4;
let folder: string;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'countersign-simulation-'))));
afterAll(() => rm(folder, { recursive: true }));

for (let part = 0; part < parts; part += 1) {
  const seeds = histories / parts;
  const from = 1 + part * seeds;
  test(
    `every invariant holds in histories ${from} to ${from + seeds - 1}`,
    { timeout: 120_000 },
    async () => {
      const { code, last, said } = await simulate(folder, { seeds, from });
      expect(code, said).toBe(0);
      expect(last).toMatch(/^OK: 50 histories/);
    },
  );
}

test('every invariant holds on nights when somebody waits for nobody', { timeout: 120_000 }, async () => {
  const { code, last, said } = await simulate(folder, { climate: 'urgent', seeds: 60 });
  expect(code, said).toBe(0);
  expect(last).toMatch(/^OK: 60 histories/);
});

test('every invariant holds on days when approvals run something', { timeout: 120_000 }, async () => {
  const { code, last, said } = await simulate(folder, { climate: 'running', seeds: 60 });
  expect(code, said).toBe(0);
  expect(last).toMatch(/^OK: 60 histories/);
});

test('the same seed tells the same history', { timeout: 60_000 }, async () => {
  const [first, again] = [await runHistory(7), await runHistory(7)];
  expect(again.story).toEqual(first.story);
});
