import { describe, expect, test } from 'vitest';
import { readSample } from '../desk/sample-desk.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { testOutside } from '../../test/outside.ts';
import { account, deskId, group, personId, type PersonId } from '../domain/names.ts';
import { createDirectory } from './directory.ts';
import { guestGroup } from './guest.ts';
import { personGroup } from './person.ts';
import { roleGroup } from './role.ts';

const desk = deskId('github', 1);
const clock = createVirtualClock();

function directory(guests: string, people = '') {
  const files = readSample({
    'flows/countersign.yml': `version: 1\nadmins: [person:ann]\nguests: { ${guests} }\n`,
    'flows/people.yml': `people:\n  ann: { name: Ann, email: ann@acme.com }\n${people}`,
  });
  const { person, belongs } = createDirectory({
    desks: { desk: async () => files },
    groups: [personGroup, roleGroup, guestGroup({})],
    clock,
    outside: testOutside({ clock }),
  });
  return {
    who: (address: string): Promise<PersonId | null> => person(desk, account('email', address)),
    isIn: (who: string, where: string) => clock.settle(belongs(desk, personId(who), group(where))),
  };
}

const customer = 'customer: { label: C, emails: [Cleo@customer.com] }';

describe('an address that a link was sent to', () => {
  test('is a guest where a group declares it, however it is written, and nobody else', async () => {
    const { who, isIn } = directory(customer);
    expect(await who('cleo@customer.com')).toBe('email:cleo@customer.com');
    expect(await who('CLEO@customer.com')).toBe('email:cleo@customer.com');
    expect(await who('gil@customer.com')).toBeNull();
    expect(await isIn('email:cleo@customer.com', 'guest:customer')).toBe(true);
    expect(await isIn('email:gil@customer.com', 'guest:customer')).toBe(false);
  });

  test('is the guest of people.yml whose address it is', async () => {
    const { who, isIn } = directory(
      customer,
      '  cleo: { name: Cleo, role: guest, email: cleo@customer.com }\n',
    );
    expect(await who('cleo@customer.com')).toBe('cleo');
    expect(await isIn('cleo', 'guest:customer')).toBe(true);
  });

  test('is nobody where it is a member’s: a member decides by their own account', async () => {
    const { who } = directory('customer: { label: C, emails: [ann@acme.com] }');
    expect(await who('ann@acme.com')).toBeNull();
  });

  test('is in no other group than those that declare it: neither another of guests, nor members or admins', async () => {
    const { isIn } = directory(
      `${customer}, partner: { label: P, slack_workspaces: [T9CUST000], people: [cleo] }`,
      '  cleo: { name: Cleo, role: guest, email: cleo@customer.com }\n',
    );
    // The person is a partner, too; the address is not.
    expect(await isIn('cleo', 'guest:partner')).toBe(true);
    for (const where of ['guest:partner', 'role:member', 'role:admin', 'person:ann', 'person:cleo'])
      expect(await isIn('email:cleo@customer.com', where)).toBe(false);
  });

  test('counts only at the domains that narrow its group', async () => {
    const { isIn } = directory(
      'customer: { label: C, emails: [cleo@other.com], email_domains: [customer.com] }',
    );
    expect(await isIn('email:cleo@other.com', 'guest:customer')).toBe(false);
  });
});
