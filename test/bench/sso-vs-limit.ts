// Grants and revokes by IAM Identity Center for a crowd, through the real access control, against the fastest that AWS's limits allow.
import { performance } from 'node:perf_hooks';
import type { Policy } from '../../sandbox/services/aws/policy.ts';
import type { Assignment, Work } from '../../sandbox/services/aws/sso-state.ts';
import type { Settings } from '../../src/domain/flow.ts';
import { instant, personId, requestId, type PersonId } from '../../src/domain/names.ts';
import { Failure } from '../../src/engine/ports/failure.ts';
import type { Clock } from '../../src/engine/ports/clock.ts';
import type { SettleCall } from '../../src/engine/ports/access.ts';
import { createAccessControl } from '../../src/strategies/access-control.ts';
import type { Person } from '../../src/strategies/strategy.ts';
import {
  desk,
  integration,
  openIdentityCenterWorld,
  permissionSet,
} from '../contracts/strategies/identity-center.ts';
import type { Bench, Figure } from './figure.ts';

/** Time passes so many times as fast, for us and for the double alike. */
const speed = 4;
const accounts = Array.from({ length: 20 }, (_, index) => String(200_000_000_000 + index));
const peoplePerAccount = 8;
/** Once AWS has begun; by turns, so that each run is the same. */
const workMs = [4500, 5500, 6500, 7500, 6000];
/** Somebody else's automation on the same instance: it takes room, and whoever meets it is refused with a conflict. */
const strangerEveryMs = 4000;

/** Least privilege has its own tests. */
const everything: Policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

const limits = { requestsPerSecond: 20, outstanding: 10 };
/** What any client has to send for each piece of work: one request that begins it, and one that sees its end. */
const fewestRequests = 2;

export const ssoVsLimit: Figure = {
  name: 'sso-vs-limit',
  bar: 0.9,
  better: 'higher',
  meaning:
    'Grants and revokes by IAM Identity Center for a crowd in 20 accounts, as a share of the fastest that AWS’s published limits allow.',
  measure,
};

async function measure({ say }: Bench): Promise<number> {
  const clock = createFastClock();
  let turn = 0;
  const world = await openIdentityCenterWorld(clock, {
    policies: [everything],
    sso: { accounts, limits, workMs: () => workMs[turn++ % workMs.length] ?? 0 },
  });
  const { sso, store, calls } = world.aws;
  // They come mixed, as people do.
  const crowd = Array.from({ length: accounts.length * peoplePerAccount }, (_, number) =>
    memberOf(accounts[number % accounts.length] ?? '', number),
  );
  for (const { user, id } of crowd)
    store.users.set(user, { UserId: user, UserName: id, emails: [], UserStatus: 'ENABLED' });
  for (const member of crowd.filter(({ leaves }) => leaves)) sso.assign(assignmentOf(member));
  const known = new Map<PersonId, Person>(
    crowd.map(({ id, user }) => [id, { id, accounts: { 'aws-sso': user } }]),
  );
  const access = createAccessControl({ ...world.parts, person: async (_, id) => known.get(id) });
  const done = new AbortController();
  try {
    const stranger = disturb(clock, done.signal, () => {
      sso.settle();
      const account = accounts[turn % accounts.length] ?? '';
      const isFree = !sso.busy().some(({ target }) => target.AccountId === account);
      if (isFree && sso.busy().length < limits.outstanding)
        sso.begin('provision', { AccountId: account, PermissionSetArn: permissionSet });
    });
    // What is loaded and signed in to once is not measured.
    for (const { id, account } of crowd.slice(0, 1))
      await access.look(desk, strategy, settingsOf(account), id);
    const began = Date.parse(clock.now());
    await Promise.all(
      crowd.map(async (member) => {
        const call = callOf(member);
        const aim = member.leaves
          ? ({ purpose: 'deescalate', wanted: [] } as const)
          : ({ purpose: 'escalate', wanted: ['assigned'] } as const);
        await asTheEngineWould(clock, () => access.settle({ ...call, ...aim }));
        if (sso.isAssigned(assignmentOf(member)) === member.leaves)
          throw new Error('What was said to be done is not so.');
      }),
    );
    const took = Date.parse(clock.now()) - began;
    done.abort();
    await stranger;
    sso.settle();
    const fastest = fastestFor(sso.work.filter(({ status }) => status !== 'IN_PROGRESS'));
    const refused = (code: string): number => calls.filter(({ error }) => error === code).length;
    say(
      `${crowd.length} in ${(took / 1000).toFixed(0)} s of AWS’s time, ${(fastest / 1000).toFixed(0)} s at the best; ${calls.filter(({ service }) => service === 'sso').length} requests, ${refused('ConflictException')} conflicts, ${refused('ThrottlingException')} throttled.`,
    );
    return fastest / took;
  } finally {
    done.abort();
    await world.close();
  }
}

/**
 * No client can be faster, whatever it does: each limit gives a time that all of the work needs at least, and the
 * longest of them holds. Work of the stranger counts, for it takes the same room.
 *
 * - at most ten at once: the sum of all durations, divided by ten;
 * - one at a time for each account: the sum of the durations in the account that has most;
 * - twenty requests a second: two for each piece of work that is ours, less the second's worth that AWS lets through at once.
 */
function fastestFor(work: readonly Work[]): number {
  const msOf = (each: Work): number => each.ends.getTime() - each.created.getTime();
  const sum = (all: readonly Work[]): number => all.reduce((total, each) => total + msOf(each), 0);
  const ours = work.filter(({ kind }) => kind !== 'provision');
  const requests = Math.max(0, ours.length * fewestRequests - limits.requestsPerSecond);
  return Math.max(
    sum(work) / limits.outstanding,
    ...accounts.map((account) => sum(work.filter(({ target }) => target.AccountId === account))),
    (requests / limits.requestsPerSecond) * 1000,
  );
}

/** Again until it is done, later each time, as the reconciler does. What can never be done fails the bench. */
async function asTheEngineWould(clock: Clock, work: () => Promise<unknown>): Promise<void> {
  for (let wait = 1000; ; wait = Math.min(60_000, wait * 2)) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof Failure) || !error.transient) throw error;
      await clock.sleep(wait);
    }
  }
}

async function disturb(clock: Clock, signal: AbortSignal, act: () => void): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(strangerEveryMs, signal);
    if (!signal.aborted) act();
  }
}

interface Member {
  readonly account: string;
  readonly user: string;
  readonly id: PersonId;
  /** Has the access, and loses it; the others get it. */
  readonly leaves: boolean;
}

function memberOf(account: string, number: number): Member {
  const user = `9b000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return {
    account,
    user,
    id: personId(`person-${number}`),
    leaves: Math.floor(number / accounts.length) % 2 === 0,
  };
}

function assignmentOf({ account, user }: Member): Assignment {
  return { AccountId: account, PermissionSetArn: permissionSet, PrincipalType: 'USER', PrincipalId: user };
}

const strategy = { type: 'aws-sso', integration: 'main' } as const;

function settingsOf(account: string): Settings {
  return { account_id: account, permission_set_arn: permissionSet };
}

function callOf({ account, user, id }: Member): Omit<SettleCall, 'purpose' | 'wanted'> {
  return {
    request: requestId(`01${id}`),
    desk,
    strategy,
    settings: settingsOf(account),
    integration,
    resource: `aws-sso:${account} ${permissionSet}`,
    account: user,
    before: 'none',
    signal: new AbortController().signal,
  };
}

function createFastClock(): Clock {
  const start = Date.now();
  const begun = performance.now();
  return {
    now: () => instant(start + Math.round((performance.now() - begun) * speed)),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms / speed);
        signal?.addEventListener('abort', wake, { once: true });
      }),
  };
}
