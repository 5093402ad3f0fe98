import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { strategies } from '../../src/strategies/index.ts';
import { runHistory } from './run-history.ts';
import { simulate } from './planted.ts';
import { serviceNames, servicesInTurn } from './service-names.ts';

let folder: string;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'countersign-simulation-'))));
afterAll(() => rm(folder, { recursive: true }));

// In one process, since what it has run once it runs faster.
test('every invariant holds in histories 1 to 160', { timeout: 240_000 }, async () => {
  const { code, last, said } = await simulate(folder, { seeds: 160 });
  expect(code, said).toBe(0);
  expect(last).toMatch(/^OK: 160 histories/);
});

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

test(
  'every invariant holds where flows have code, which says no, fails and hangs',
  { timeout: 120_000 },
  async () => {
    const { code, last, said } = await simulate(folder, { climate: 'coded', seeds: 60 });
    expect(code, said).toBe(0);
    expect(last).toMatch(/^OK: 60 histories/);
  },
);

// Each service is the target of one of them; what a strategy is held to beside its double stands in its contract.
test(
  'every invariant holds where a real strategy stands between the app and the double of its service',
  { timeout: 240_000 },
  async () => {
    const seeds = servicesInTurn.length;
    const { code, last, said } = await simulate(folder, { climate: 'served', seeds });
    expect(code, said).toBe(0);
    expect(last).toMatch(new RegExp(`^OK: ${seeds} histories`));
  },
);

test('every registered strategy is the target of some town', () => {
  const types = serviceNames.map((name) => name.replace(/-unread$/, ''));
  expect(new Set(types)).toEqual(new Set(strategies.map(({ type }) => type)));
});

test('the same seed tells the same history', { timeout: 60_000 }, async () => {
  const [first, again] = [await runHistory(7), await runHistory(7)];
  expect(again.story).toEqual(first.story);
});

test('so does it with the clients of a real service', { timeout: 60_000 }, async () => {
  const same = { climate: 'served', service: 'aws-sso', seeds: 1, tells: 'every story' } as const;
  const first = await simulate(folder, same);
  expect(first.said).toContain('holds assigned');
  expect((await simulate(folder, same)).said).toBe(first.said);
});
