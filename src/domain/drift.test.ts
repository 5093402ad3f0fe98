import { describe, expect, test } from 'vitest';
import { heldAccounts, type LiveGrant } from './drift.ts';
import { personId, requestId } from './names.ts';

const order = ['none', 'pending', 'read', 'write', 'admin'];
const grant = (
  account: string,
  wanted: string,
  before = 'none',
  more: Partial<LiveGrant> = {},
): LiveGrant => ({
  request: requestId(`R-${account}-${wanted}`),
  person: personId('ann'),
  flow: 'production',
  resource: 'repo:1',
  account,
  wanted,
  before,
  ...more,
});
const held = (holders: Readonly<Record<string, string>>, live: readonly LiveGrant[] = []) =>
  heldAccounts(
    {
      resource: 'repo:1',
      order,
      holders: Object.entries(holders).map(([account, holds]) => ({ account, holds })),
    },
    live,
  ).map(({ grants, ...rest }) => ({ ...rest, grants: grants.length }));

describe('what a target shows, held against what was granted', () => {
  test('is standing where nobody granted it', () => {
    expect(held({ bob: 'write' })).toEqual([
      { account: 'bob', holds: 'write', standing: 'write', grants: 0 },
    ]);
  });

  test('is ours where we granted all of it', () => {
    expect(held({ ann: 'admin' }, [grant('ann', 'admin')])).toEqual([
      { account: 'ann', holds: 'admin', grants: 1 },
    ]);
  });

  test('stands for the part that was there before', () => {
    expect(held({ ann: 'admin' }, [grant('ann', 'admin', 'read')])).toMatchObject([{ standing: 'read' }]);
    expect(
      held({ ann: 'admin' }, [grant('ann', 'write', 'read'), grant('ann', 'admin', 'write')]),
    ).toMatchObject([{ standing: 'read', grants: 2 }]);
  });

  test('stands for what somebody else gave on top of ours', () => {
    expect(held({ ann: 'admin' }, [grant('ann', 'write')])).toMatchObject([{ standing: 'admin' }]);
  });

  test('is lacking where it is less than was granted, or nothing at all', () => {
    expect(held({ ann: 'read' }, [grant('ann', 'write')])).toEqual([
      { account: 'ann', holds: 'read', lacks: 'write', grants: 1 },
    ]);
    expect(held({}, [grant('ann', 'write')])).toEqual([
      { account: 'ann', holds: 'none', lacks: 'write', grants: 1 },
    ]);
    // What was there before was taken away as well: nothing of it stands.
    expect(held({}, [grant('ann', 'write', 'read')])).toEqual([
      { account: 'ann', holds: 'none', lacks: 'write', grants: 1 },
    ]);
  });

  test('is left alone where it cannot be compared', () => {
    expect(held({ ann: 'our-own-role' }, [grant('ann', 'write')])).toEqual([
      { account: 'ann', holds: 'our-own-role', standing: 'our-own-role', grants: 1 },
    ]);
  });

  test('of another resource is nothing here', () => {
    expect(held({ ann: 'write' }, [grant('ann', 'write', 'none', { resource: 'repo:2' })])).toMatchObject([
      { standing: 'write', grants: 0 },
    ]);
  });
});
