import { afterEach, beforeEach, expect, test } from 'vitest';
import { personId, requestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { SettleCall } from '../../engine/ports/access.ts';
import {
  desk,
  groupId,
  openIdentityCenterWorld,
  userIds,
  type IdentityCenterWorld,
} from '../../../test/contracts/strategies/identity-center.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/virtual-clock.ts';
import { createAccessControl } from '../access-control.ts';

let clock: VirtualClock;
let world: IdentityCenterWorld;

beforeEach(async () => {
  clock = createVirtualClock();
  world = await openIdentityCenterWorld(clock, { sso: { lagMs: 30_000 } });
});
afterEach(() => world.close());

/** A grant to ann, as it was left: AWS added her, and its answer was lost. */
async function lostGrant() {
  const access = createAccessControl(world.partsThrough((perform) => clock.during(perform)));
  const strategy = { type: 'aws-sso-group', integration: 'main' };
  const settings = { group_id: groupId };
  // Before time begins to pass: the client is loaded here.
  const seen = await access.look(desk, strategy, settings, personId('ann'));
  if ('missing' in seen) throw new Error(seen.missing);
  const { resource, account, wanted } = seen;
  const call: Omit<SettleCall, 'purpose' | 'wanted'> = {
    ...{ request: requestId('01R'), desk, strategy, settings, resource, account, before: 'none' },
    signal: new AbortController().signal,
  };
  world.aws.troubles.add({ kind: 'answer-lost' }, { operation: /^Create/ });
  const given = access.settle({ ...call, purpose: 'escalate', wanted: [wanted] });
  await expect(clock.settle(given)).rejects.toBeInstanceOf(Failure);
  return (how: { readonly isUnseen?: true }) =>
    clock.settle(access.settle({ ...call, ...how, purpose: 'deescalate', wanted: [] }));
}

test('a membership that shows late is found, and ended, where nobody ever saw it', async () => {
  const end = await lostGrant();
  expect(world.aws.store.isMember(groupId, userIds.ann)).toBe(true);
  // Now that it shows, it shows for a while after its end, too.
  await expect(end({ isUnseen: true })).rejects.toMatchObject({ transient: true });
  expect(world.aws.store.isMember(groupId, userIds.ann)).toBe(false);
  await clock.advance(60_000);
  expect(await end({ isUnseen: true })).toMatchObject({ holds: 'none' });
});

test('one that was seen is gone where it does not show, and nobody waits long for it', async () => {
  const end = await lostGrant();
  const before = Date.parse(clock.now());
  await end({});
  expect(Date.parse(clock.now()) - before).toBeLessThan(10_000);
});
