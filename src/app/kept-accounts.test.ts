// Whose account is found by e-mail, kept, and found anew: as a strategy asks for it, from people.yml to the desk's stream.
import { describe, expect, test } from 'vitest';
import { aHouse } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { someone } from '../../test/builders/request.ts';
import { findAccountIn } from '../clients/find-account.ts';
import type { KnownPerson, Service } from '../clients/ways-out.ts';
import { readSample } from '../desk/sample-desk.ts';
import { personId } from '../domain/names.ts';
import { createIdentityBook } from '../engine/identity-book.ts';
import { createKeptAccounts } from './kept-accounts.ts';

const ann: KnownPerson = { id: personId('ann'), email: 'Ann@acme.com' };

const settingsOf = (domain: string, base: string, secret = 'TOKEN'): string => `version: 1
admins: [person:ann]
domains: { link_by_email: [${domain}] }
integrations:
  main: { type: http, base_url: "${base}", headers: { Authorization: "Bearer \${{ secrets.${secret} }}" } }
`;

async function aDirectory() {
  const house = await aHouse();
  const book = createIdentityBook({ ...house.parts, recorded: () => undefined });
  const world = {
    settings: settingsOf('acme.com', 'https://acme.okta.example'),
    /** By address, as the service has them now. */
    accounts: new Map([['ann@acme.com', '00uANN']]),
    asked: 0,
  };
  const sources = createKeptAccounts({
    desks: { desk: async () => readSample({ 'flows/countersign.yml': world.settings }) },
    book: () => book,
  });
  const service: Service = {
    key: 'okta',
    name: 'Okta',
    wants: 'the id of the user',
    integration: 'main',
    match: async (email) => {
      world.asked += 1;
      return world.accounts.get(email.toLowerCase());
    },
  };
  const find = async (person: KnownPerson) => findAccountIn(person, service, await sources(aDesk, person.id));
  return { world, book, find };
}

describe('an account that is found by an e-mail address', () => {
  test('is used from then on, whoever has the address there later, and whether or not anybody has', async () => {
    const { world, find } = await aDirectory();
    expect(await find(ann)).toEqual({ account: '00uANN' });
    world.accounts.set('ann@acme.com', '00uMALLORY');
    expect(await find(ann)).toEqual({ account: '00uANN' });
    world.accounts.clear();
    expect(await find(ann)).toEqual({ account: '00uANN' });
    expect(world.asked).toBe(1);
  });

  test('gives way to what people.yml says', async () => {
    const { find } = await aDirectory();
    await find(ann);
    expect(await find({ ...ann, accounts: { okta: '00uWRITTEN' } })).toEqual({ account: '00uWRITTEN' });
    expect(await find({ ...ann, accounts: { 'okta@main': '00uEXACT', okta: '00u' } })).toEqual({
      account: '00uEXACT',
    });
  });

  test('is looked for anew where people.yml has another address: somebody new of the same name inherits nothing', async () => {
    const { world, find } = await aDirectory();
    await find(ann);
    world.accounts.set('ann.b@acme.com', '00uOTHER');
    expect(await find({ ...ann, email: 'ann.b@acme.com' })).toEqual({ account: '00uOTHER' });
  });

  test('is looked for anew where the integration leads elsewhere, and not where only its secret has another name', async () => {
    const { world, find } = await aDirectory();
    await find(ann);
    world.settings = settingsOf('acme.com', 'https://acme.okta.example', 'OTHER_TOKEN');
    world.accounts.set('ann@acme.com', '00uTHERE');
    expect(await find(ann)).toEqual({ account: '00uANN' });
    world.settings = settingsOf('acme.com', 'https://other.okta.example');
    expect(await find(ann)).toEqual({ account: '00uTHERE' });
  });

  test('is nobody’s once the domain is no longer trusted', async () => {
    const { world, find } = await aDirectory();
    await find(ann);
    world.settings = settingsOf('acme.org', 'https://acme.okta.example');
    expect(await find(ann)).toMatchObject({ missing: 'no-identity' });
  });

  test('is looked for anew once an admin has let go of it', async () => {
    const { world, book, find } = await aDirectory();
    await find(ann);
    world.accounts.set('ann@acme.com', '00uNEW');
    await book.forget(aDesk, someone('max', 'C1'), { service: 'okta@main', account: '00uANN' });
    expect(await find(ann)).toEqual({ account: '00uNEW' });
  });

  test('is matched anew each time where nothing is recorded', async () => {
    const { world, find } = await aDirectory();
    const sources = createKeptAccounts({
      desks: { desk: async () => readSample({ 'flows/countersign.yml': world.settings }) },
    });
    expect(await sources(aDesk, ann.id)).toEqual({ trustedDomains: ['acme.com'] });
    expect(await find(ann)).toEqual({ account: '00uANN' });
  });
});
