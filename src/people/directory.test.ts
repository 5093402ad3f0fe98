import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { testOutside } from '../../test/outside.ts';
import type { Desk, Person } from '../desk/desk.ts';
import { account, deskId, group, personId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import { createDirectory } from './directory.ts';
import type { GroupKind } from './group-kind.ts';
import { personGroup } from './person.ts';
import { roleGroup } from './role.ts';

const desk = deskId('github', 1);
const clock = createVirtualClock();
const person = (name: string, role: Person['role'] = 'member'): [Person['id'], Person] => [
  personId(name),
  { id: personId(name), name, role },
];

const files: Desk = {
  commit: 'c0ffee',
  settings: {
    admins: [group('person:bob'), group('team:acme/platform')],
    domains: { members: [], linkByEmail: [] },
    defaults: { lapseAfter: 0, validFor: 0, allowRevoke: [], decisionMessage: 'optional' },
    integrations: new Map(),
    environments: new Map(),
    targets: new Map(),
    vars: new Map(),
    guests: new Map(),
  },
  people: {
    persons: new Map([person('ann'), person('bob'), person('max'), person('cleo', 'guest')]),
    byAccount: new Map([[account('github', 583_231), personId('ann')]]),
  },
  flows: new Map(),
  diagnostics: [],
};

const team = (answer: GroupKind['belongs']): GroupKind => ({ kind: 'team', belongs: answer });
const platform = team(async ({ person: { id } }) => id === 'max' || id === 'cleo');

function directory({
  groups = [platform],
  read = async () => files,
}: { groups?: readonly GroupKind[]; read?: () => Promise<Desk> } = {}) {
  const { belongs, person: find } = createDirectory({
    desks: { desk: read },
    groups: [personGroup, roleGroup, ...groups],
    clock,
    outside: testOutside({ clock }),
  });
  return {
    find,
    belongs: (who: string, where: string) => clock.settle(belongs(desk, personId(who), group(where))),
  };
}

describe('a person', () => {
  test('is known by the numeric id of an account', async () => {
    expect(await directory().find(desk, account('github', 583_231))).toBe('ann');
    expect(await directory().find(desk, account('github', 999))).toBeNull();
  });

  test('is neither known nor unknown while people.yml cannot be read', async () => {
    const { people: _, ...broken } = files;
    await expect(
      directory({ read: async () => broken }).find(desk, account('github', 583_231)),
    ).rejects.toMatchObject({ transient: true });
  });
});

describe('belonging', () => {
  test('to person:NAME is being that person', async () => {
    expect(await directory().belongs('ann', 'person:ann')).toBe(true);
    expect(await directory().belongs('bob', 'person:ann')).toBe(false);
  });

  test('to role:member is being listed', async () => {
    expect(await directory().belongs('ann', 'role:member')).toBe(true);
    expect(await directory().belongs('zoe', 'role:member')).toBe(false);
  });

  test('to role:admin is being in one of the groups of the settings', async () => {
    expect(await directory().belongs('bob', 'role:admin')).toBe(true);
    expect(await directory().belongs('max', 'role:admin')).toBe(true);
    expect(await directory().belongs('ann', 'role:admin')).toBe(false);
  });

  test('to role:admin is unknown where a group cannot be looked up, except to who is one by another', async () => {
    const down = team(() => Promise.reject(new Failure('GitHub is down.', { transient: true })));
    expect(await directory({ groups: [down] }).belongs('ann', 'role:admin')).toEqual({
      unknown: 'GitHub is down.',
    });
    expect(await directory({ groups: [down] }).belongs('bob', 'role:admin')).toBe(true);
  });

  test('to role:admin ends, though the settings name it among its own groups', async () => {
    const settings = files.settings && { ...files.settings, admins: [group('role:admin')] };
    const read = async (): Promise<Desk> => ({ ...files, ...(settings && { settings }) });
    expect(await directory({ read }).belongs('ann', 'role:admin')).toBe(false);
  });

  test.each(['person:cleo', 'role:member', 'role:admin', 'team:acme/platform'])(
    'to %s is nothing for guests',
    async (where) => {
      expect(await directory().belongs('cleo', where)).toBe(false);
    },
  );

  test.each(['okta-group:00g1emaKYZTWRYYRRTSK', 'nonsense', 'role:owner', ''])(
    'to %s is unknown, never everybody',
    async (where) => {
      expect(await directory().belongs('ann', where)).toHaveProperty('unknown');
    },
  );

  test('is unknown where a lookup hangs, and the lookup is aborted', async () => {
    let aborted: AbortSignal | undefined;
    const hanging = team(({ signal }) => {
      aborted = signal;
      return new Promise(() => {});
    });
    const answer = await directory({ groups: [hanging] }).belongs('ann', 'team:acme/data');
    expect(answer).toEqual({ unknown: 'The lookup of team:acme/data did not answer in time.' });
    expect(aborted?.aborted).toBe(true);
  });

  test('is unknown where the desk cannot be read', async () => {
    const read = () => Promise.reject(new Failure('The desk cannot be read.', { transient: true }));
    expect(await directory({ read }).belongs('ann', 'role:member')).toEqual({
      unknown: 'The desk cannot be read.',
    });
  });

  test('is asked anew each time', async () => {
    let isMember = true;
    const changing = team(async () => isMember);
    const { belongs } = directory({ groups: [changing] });
    expect(await belongs('ann', 'team:acme/data')).toBe(true);
    isMember = false;
    expect(await belongs('ann', 'team:acme/data')).toBe(false);
  });
});
