import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { decisionMutants } from './decision-mutants.ts';
import { mutants } from './mutants.ts';
import { simulate } from './planted.ts';
import { serviceMutants } from './service-mutants.ts';

/** As many as any of them may need; most are caught within a few. */
const seeds = 120;
const all = [...mutants, ...decisionMutants, ...serviceMutants];
let folder: string;

vi.setConfig({ maxConcurrency: 2, testTimeout: 120_000 });
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'countersign-mutants-'))));
afterAll(() => rm(folder, { recursive: true }));

describe.concurrent('the simulation catches an engine that', () => {
  for (const mutant of all)
    test(mutant.name, async () => {
      const { code, last } = await simulate(folder, { mutant, seeds });
      expect(last, 'It survived.').toMatch(/^FAILED: seed/);
      expect(code).toBe(1);
    });
});

test('it is the mistake that is caught: without one, a bundle says that all is well', async () => {
  expect(await simulate(folder, { seeds: 3 })).toMatchObject({
    code: 0,
    last: 'OK: 3 histories (seeds 1..3), every invariant held.',
  });
});

test('there are many, each with a name of its own', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(60);
});
