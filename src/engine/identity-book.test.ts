import { describe, expect, test } from 'vitest';
import { aHouse, type House } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { someone } from '../../test/builders/request.ts';
import { parseDeskLine } from '../domain/desk-entry-line.ts';
import { minutes } from '../domain/duration.ts';
import { identityKey, type FoundIdentity } from '../domain/identities.ts';
import { hash, instant, personId } from '../domain/names.ts';
import { createIdentityBook, type IdentityBook } from './identity-book.ts';

const okta = (person: string, account = `00u${person}`, basis = 'a'): FoundIdentity => ({
  person: personId(person),
  service: 'okta@main',
  account,
  basis: hash(basis),
});

interface Desk extends House {
  readonly book: IdentityBook;
  readonly poked: string[];
}

async function aDeskWith(of?: House): Promise<Desk> {
  const house = of ?? (await aHouse());
  const poked: string[] = [];
  const book = createIdentityBook({ ...house.parts, recorded: (desk) => void poked.push(desk) });
  return Object.assign(house, { poked, book });
}

const typesIn = async ({ store }: House): Promise<readonly string[]> =>
  ((await store.deskStream(aDesk))?.lines ?? []).flatMap((line) => {
    const parsed = parseDeskLine(line);
    return 'entry' in parsed ? [parsed.entry.type] : [];
  });

const accountOf = async ({ book }: Desk, person: string): Promise<string | undefined> =>
  (await book.of(aDesk)).get(identityKey(okta(person)))?.account;

const admin = { ...someone('max', 'C1'), at: instant(Date.parse('2030-01-01T00:00:00Z')) };

describe('the book of identities', () => {
  test('keeps what was found, once, and tells the committer', async () => {
    const desk = await aDeskWith();
    await desk.book.found(aDesk, okta('ann'));
    await desk.book.found(aDesk, okta('ann'));
    expect(await accountOf(desk, 'ann')).toBe('00uann');
    expect(await typesIn(desk)).toEqual(['identity-found']);
    expect(desk.poked).toEqual([aDesk]);
  });

  test('takes another account, or the same by another address, as found anew', async () => {
    const desk = await aDeskWith();
    await desk.book.found(aDesk, okta('ann'));
    await desk.book.found(aDesk, okta('ann', '00uann', 'b'));
    await desk.book.found(aDesk, okta('ann', '00uother', 'b'));
    expect(await accountOf(desk, 'ann')).toBe('00uother');
    expect(await typesIn(desk)).toEqual(['identity-found', 'identity-found', 'identity-found']);
  });

  test('forgets what an admin names, and says whose it was', async () => {
    const desk = await aDeskWith();
    await desk.book.found(aDesk, okta('ann'));
    await desk.book.found(aDesk, okta('bob'));
    expect(await desk.book.forget(aDesk, admin, { service: 'okta@main', account: '00uann' })).toMatchObject({
      person: 'ann',
    });
    expect([await accountOf(desk, 'ann'), await accountOf(desk, 'bob')]).toEqual([undefined, '00ubob']);
    expect(await desk.book.forget(aDesk, admin, { service: 'okta@main', account: '00uann' })).toBe('nothing');
  });

  test('does not forget what was found after the word was said, however late it is heard', async () => {
    const desk = await aDeskWith();
    const before = { ...admin, at: desk.clock.now() };
    await desk.clock.advance(minutes(5));
    await desk.book.found(aDesk, okta('ann'));
    expect(await desk.book.forget(aDesk, before, { service: 'okta@main', account: '00uann' })).toBe(
      'nothing',
    );
    expect(await accountOf(desk, 'ann')).toBe('00uann');
  });

  test('records nothing while the ledger has diverged, and finds it again afterwards', async () => {
    const desk = await aDeskWith();
    await desk.store.setCursor(aDesk, { head: 'x', diverged: 'Somebody else wrote.' });
    await desk.book.found(aDesk, okta('ann'));
    expect(await accountOf(desk, 'ann')).toBeUndefined();
    await desk.store.setCursor(aDesk, { head: 'x' });
    await desk.book.found(aDesk, okta('ann'));
    expect(await accountOf(desk, 'ann')).toBe('00uann');
  });

  test('keeps no decision back where the disk does not take it: it says so in the log', async () => {
    const house = await aHouse();
    const store = { ...house.store, save: () => Promise.reject(new Error('The disk is full.')) };
    const book = createIdentityBook({ ...house.parts, store, recorded: () => undefined });
    await book.found(aDesk, okta('ann'));
    expect(house.heard.warnings).toEqual(['An account that was found could not be recorded']);
  });

  test('survives a restart', async () => {
    const before = await aDeskWith();
    await before.book.found(aDesk, okta('ann'));
    await before.store.close();
    const { disk, clock, branch } = before;
    expect(await accountOf(await aDeskWith(await aHouse({ disk, clock, branch })), 'ann')).toBe('00uann');
  });
});
