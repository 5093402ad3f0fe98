// The sandbox's past, made by the real app: what a visitor finds, and whether its ledger holds.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgeLedger, restoreLedger } from '../../sandbox/forgery.ts';
import type { RunningSandbox } from '../../sandbox/main.ts';
import { runBuilt } from '../built-sandbox.ts';
import { until } from './until.ts';

let running: RunningSandbox;

beforeAll(async () => {
  running = await runBuilt('error', { past: true });
  // Of the two weeks a bit, then what is there today.
  await until('some requests', () => (running.sandbox.beside?.past?.progress().requests ?? 0) >= 5);
  running.sandbox.beside?.past?.hurry();
  await running.past;
}, 180_000);

afterAll(() => running.stop());

test('one request of Ann waits for Bob, one access goes on, one is an emergency, one has just ended', () => {
  const { ledger, clock } = running.sandbox;
  const now = clock.now().getTime();
  const requests = ledger.requests();
  const pending = requests.filter(({ status }) => status === 'pending');
  expect(pending.map(({ requester, flow }) => `${requester}: ${flow}`)).toEqual([
    'lena-f: Customer vault',
    'kofi-m: Customer data',
    // Asked for on Slack.
    'ann: Production access',
  ]);
  const active = requests.filter(({ status }) => status === 'active');
  expect(active.map(({ requester }) => requester)).toEqual(['kofi-m', 'priya-r']);
  expect(active[1]?.entries.map(({ type }) => type)).toContain('rule-applied');
  expect(Date.parse(active[0]?.deadline ?? '')).toBeGreaterThan(now + 3_600_000);
  expect(running.sandbox.holdings().teams['production-access']).toEqual(['kofi-m', 'priya-r']);
  const ended = requests.findLast(({ requester }) => requester === 'ines-c');
  const end = ended?.entries.find(({ type }) => type === 'deescalated');
  expect(ended?.status).toBe('ended');
  expect(now - Date.parse(end?.at ?? '')).toBeLessThan(20 * 60_000);
});

test('the clock shows the time of the machine, and every access ended when it had to', () => {
  // What is asked on Slack today may be helped on by some seconds.
  expect(Math.abs(running.sandbox.clock.offset)).toBeLessThan(60_000);
  for (const { entries } of running.sandbox.ledger.requests()) {
    const end = entries.find(
      ({ type, data }) => type === 'deescalation-started' && data['why'] === 'expired',
    );
    const until = entries.findLast(({ data }) => typeof data['expiresAt'] === 'string')?.data['expiresAt'];
    if (end) expect(Date.parse(end.at) - Date.parse(String(until))).toBeLessThan(60_000);
  }
});

test('nothing was asked of the sandbox that it does not know', () => {
  expect(running.sandbox.unknownRequests).toEqual([]);
  // And Slack told the app nothing that it could not take.
  expect([running.sandbox.slack?.waitingEvents, running.sandbox.slack?.lostEvents]).toEqual([0, []]);
});

test(
  'its ledger verifies, a forged line is named, and put back it verifies again',
  { timeout: 120_000 },
  async () => {
    const { sandbox } = running;
    const verify = async () => sandbox.beside?.verify?.();
    expect(await verify()).toMatchObject({ ok: true });
    const { path, line } = await forgeLedger(sandbox);
    const found = await verify();
    expect(found?.ok).toBe(false);
    expect(found?.output).toContain(path);
    expect(found?.output).toMatch(new RegExp(`\\b${line + 1}\\b`));
    restoreLedger(sandbox);
    expect(await verify()).toMatchObject({ ok: true });
  },
);
