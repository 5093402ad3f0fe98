// The real process, begun again without its store, and told to stop.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Request } from '../../src/domain/request.ts';
import { forms, furnish, shortFlows } from './day.ts';
import { findings, problemsOfRequests, secretsIn } from './findings.ts';
import { openHouse, untilQuiet, type House, type Life } from './house.ts';
import { problemsOfClone } from './ledger-view.ts';
import { createStage, ourComments, type Stage } from './stage.ts';
import { until } from './until.ts';

/** What orchestrators wait before they kill. */
const orderlyMs = 10_000;

let house: House;
let stage: Stage;
let life: Life;

beforeEach(async () => {
  house = await openHouse({ flows: shortFlows });
  stage = createStage(house.sandbox);
  furnish(stage);
  life = house.start();
  await life.listens();
}, 60_000);
afterEach(() => house.close(), 60_000);

test('with the store deleted, all comes back from the ledger: grants end, deadlines stay, nothing begins twice', async () => {
  const before = house.sandbox.holdings();
  const team = (name: string): readonly string[] => house.sandbox.holdings().teams[name] ?? [];
  const long = stage.asks('ann-o', 'production-access.yml', forms.production, 'ended');
  const short = stage.asksInText('ann-o', '/request short-visit night-shift', 'ended');
  const open = stage.asks('ann-o', 'run-migration.yml', forms.migration, 'ended');
  await stage.asksInVain('eve-s', 'production-access.yml', forms.production);
  for (const issue of [long, short, open]) await stage.untilCard(issue);
  await stage.saysInVain('ann-o', long, '/approve');
  for (const issue of [long, open, short]) stage.says('bob-l', issue, '/approve looks right');
  const granted = await stage.untilStatus(long, 'active');
  const brief = await stage.untilStatus(short, 'active');
  await until('everybody to be told', () => stage.ledger.at(long)?.notices.length === 0);
  await until('the first approval', () => stage.ledger.at(open)?.approvals.length === 1);
  await life.end('SIGKILL');
  const cards = new Map([long, open].map((issue) => [issue, cardOf(issue)]));
  rmSync(house.dataFolder, { recursive: true });

  life = house.start();
  await until('the short visit to end', () => stage.ledger.at(short)?.phase.status === 'ended');
  expect(team('night-shift')).toEqual(before.teams['night-shift']);
  const [taken] = stage.ledger
    .entries()
    .filter(({ request, type }) => request === brief.id && type === 'deescalation-started');
  expect(taken?.data).toEqual({ why: 'expired' });
  expect(String(taken?.at) >= String(deadline(brief))).toBe(true);
  expect(team('production-access')).toEqual(['ann-o']);
  await untilQuiet(house);
  expect(deadline(stage.ledger.at(long))).toBe(deadline(granted));
  for (const [issue, card] of cards) expect(cardOf(issue)).toBe(card);

  stage.says('dora-k', open, '/approve I ran it on a copy');
  stage.says('ann-o', long, '/revoke');
  await stage.untilStatus(long, 'ended');
  await stage.untilStatus(open, 'approved');
  stage.says('ann-o', open, '/revoke');
  await until('all to be over', () => findings(stage, before).length === 0).catch(() => undefined);
  expect(findings(stage, before), house.log().slice(-4000)).toEqual([]);
  expect(await problemsOfClone(house.sandbox, house.folder)).toEqual([]);
  expect(problemsOfRequests(house.sandbox)).toEqual([]);
  expect(secretsIn(house.log(), house.sandbox)).toEqual([]);
}, 400_000);

test('SIGTERM ends it in good order, also while GitHub keeps it waiting, and the next life goes on', async () => {
  const issue = stage.asks('ann-o', 'production-access.yml', forms.production, 'ended');
  await stage.untilCard(issue);
  const slow = house.sandbox.faults.onRequest({
    kind: 'delay',
    ms: 25_000,
    method: 'PUT',
    path: '/memberships/',
  });
  stage.says('bob-l', issue, '/approve');
  await until('the call that takes too long', () => slow.hits > 0);
  const death = await life.end('SIGTERM');
  expect({ code: death.code, signal: death.signal }, house.log().slice(-2000)).toEqual({
    code: 0,
    signal: null,
  });
  expect(death.afterMs).toBeLessThan(orderlyMs);
  slow.remove();

  life = house.start();
  await stage.untilStatus(issue, 'active');
  expect(house.sandbox.holdings().teams['production-access']).toEqual(['ann-o']);
  const rest = await life.end('SIGTERM');
  expect({ code: rest.code, signal: rest.signal }).toEqual({ code: 0, signal: null });
  expect(rest.afterMs).toBeLessThan(orderlyMs);
}, 400_000);

function deadline(request: Request | undefined): string | undefined {
  return request?.phase.status === 'active' ? request.phase.expiresAt : undefined;
}

function cardOf(issue: number): string | undefined {
  return ourComments(house.sandbox).find((it) => it.issue === issue && it.marker?.startsWith('card:'))?.body;
}
