// The real process, told to stop while GitHub does not answer: it is gone in time, says what waits, and loses nothing.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FaultHandle } from '../../sandbox/faults.ts';
import { forms } from './day.ts';
import { openHouse, type House, type Life } from './house.ts';
import { ledgerView } from './ledger-view.ts';
import { until } from './until.ts';

/** What orchestrators wait before they kill. */
const orderlyMs = 10_000;
const requests = 6;

let house: House;
let life: Life;

beforeEach(async () => {
  house = await openHouse();
  life = house.start();
  await expect.poll(readiness, { timeout: 50_000 }).toBe('200 ready');
}, 60_000);
afterEach(() => house.close(), 60_000);

async function readiness(): Promise<string> {
  return fetch(`${house.appUrl}/readyz`).then(
    async (answer) => `${answer.status} ${(await answer.text()).trim()}`,
    () => 'silence',
  );
}

/** Everything that is written hangs: commits, cards, notices. */
async function jam(): Promise<readonly FaultHandle[]> {
  const faults = [
    house.sandbox.faults.onRequest({ kind: 'delay', ms: 40_000, body: 'createCommitOnBranch' }),
    house.sandbox.faults.onRequest({ kind: 'delay', ms: 40_000, method: 'POST', path: '/comments' }),
  ];
  for (let number = 0; number < requests; number += 1)
    house.sandbox.as('ann-o').submitForm('production-access.yml', forms.production);
  await until('something to hang', () => faults.some(({ hits }) => hits > 0));
  return faults;
}

test('with a queue full of writes that hang it is gone within ten seconds, and the next life commits what waited', async () => {
  const faults = await jam();
  const end = life.end('SIGTERM');
  await expect.poll(readiness, { timeout: 5000 }).toBe('503 stopping');
  expect((await fetch(`${house.appUrl}/healthz`)).status).toBe(200);
  const death = await end;
  expect({ code: death.code, signal: death.signal }, house.log().slice(-2000)).toEqual({
    code: 0,
    signal: null,
  });
  expect(death.afterMs).toBeLessThan(orderlyMs);
  expect(house.log()).toContain('Entries wait for the ledger');
  for (const fault of faults) fault.remove();

  life = house.start();
  const ledger = ledgerView(house.sandbox);
  await until('all requests to be in the ledger', () => ledger.requests().length === requests);
}, 200_000);

test('told twice, it ends at once', async () => {
  await jam();
  const death = life.end('SIGTERM');
  await expect.poll(readiness, { timeout: 5000 }).toBe('503 stopping');
  await life.end('SIGTERM');
  expect((await death).code).toBe(1);
  expect(house.log()).not.toContain('Countersign has stopped');
}, 100_000);
