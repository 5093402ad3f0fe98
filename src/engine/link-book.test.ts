import { describe, expect, test } from 'vitest';
import { aHouse, type House } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { noon, someone } from '../../test/builders/request.ts';
import { parseDeskLine } from '../domain/desk-entry-line.ts';
import { minutes } from '../domain/duration.ts';
import { account, personId } from '../domain/names.ts';
import { createLinkBook, type LinkBook } from './link-book.ts';

const onSlack = account('slack', 'T07ACME00/U07EVE000');

const linked = (by = 'eve', on = onSlack) =>
  ({
    type: 'linked',
    by: someone(by, `linked-by-${by}`),
    data: { account: on, name: 'eve', person: personId(by), proof: { asked: noon, brought: 'C1' } },
  }) as const;
const unlinked = (by = 'eve') =>
  ({ type: 'unlinked', by: someone(by, 'u1'), data: { account: onSlack, person: personId('eve') } }) as const;

interface Desk extends House {
  readonly book: LinkBook;
  readonly poked: string[];
}

async function aDeskWith(of?: House): Promise<Desk> {
  const house = of ?? (await aHouse());
  const poked: string[] = [];
  return Object.assign(house, {
    poked,
    book: createLinkBook({ ...house.parts, recorded: (desk) => void poked.push(desk) }),
  });
}

const typesIn = async ({ store }: House): Promise<readonly string[]> =>
  ((await store.deskStream(aDesk))?.lines ?? []).flatMap((line) => {
    const parsed = parseDeskLine(line);
    return 'entry' in parsed ? [parsed.entry.type] : [];
  });

describe('the book of links', () => {
  test('is empty where nobody has linked anything', async () => {
    const { book } = await aDeskWith();
    expect([...(await book.of(aDesk))]).toEqual([]);
  });

  test('knows a link at once, tells the committer, and lets go of it again', async () => {
    const desk = await aDeskWith();
    expect(await desk.book.record(aDesk, () => linked())).toBe('recorded');
    expect((await desk.book.of(aDesk)).get(onSlack)).toMatchObject({ person: 'eve', ref: 'linked-by-eve' });
    expect(desk.poked).toEqual([aDesk]);
    expect(await desk.book.record(aDesk, () => unlinked())).toBe('recorded');
    expect((await desk.book.of(aDesk)).get(onSlack)).toBeUndefined();
    expect(await typesIn(desk)).toEqual(['linked', 'unlinked']);
  });

  test('of two that race, the second sees what the first has recorded', async () => {
    const desk = await aDeskWith();
    // Two processes' worth of turnstiles before one store.
    const other = createLinkBook({ ...desk.parts, recorded: () => undefined });
    const seen: number[] = [];
    const once = (book: LinkBook, by: string) =>
      book.record(aDesk, (links) => {
        seen.push(links.size);
        return links.has(onSlack) ? undefined : linked(by);
      });
    const said = await Promise.all([once(desk.book, 'eve'), once(other, 'bob')]);
    expect([...said].sort()).toEqual(['nothing', 'recorded']);
    expect(seen.at(-1)).toBe(1);
    expect(await typesIn(desk)).toEqual(['linked']);
  });

  test('takes no link while the ledger has diverged, and lets one go all the same', async () => {
    const desk = await aDeskWith();
    await desk.book.record(aDesk, () => linked());
    await desk.store.setCursor(aDesk, { head: 'x', diverged: 'Somebody else wrote.' });
    const other = account('slack', 'T07ACME00/U07OTHER0');
    expect(await desk.book.record(aDesk, () => linked('bob', other))).toBe('frozen');
    expect(await desk.book.record(aDesk, () => unlinked())).toBe('recorded');
    await desk.store.setCursor(aDesk, { head: 'x', diverged: 'It is broken.', isBroken: true });
    expect(await desk.book.record(aDesk, () => unlinked())).toBe('frozen');
  });

  test('does not let a day fill the ledger', async () => {
    const desk = await aDeskWith();
    for (let number = 0; number < 200; number += 1)
      await desk.book.record(aDesk, () => linked(`p${number}`, account('slack', `T1/U${number}`)));
    expect(await desk.book.record(aDesk, () => linked())).toBe('too-many');
    expect(await desk.book.record(aDesk, () => unlinked())).toBe('recorded');
    await desk.clock.advance(minutes(24 * 60));
    expect(await desk.book.record(aDesk, () => linked())).toBe('recorded');
  });

  test('survives a restart', async () => {
    const before = await aDeskWith();
    await before.book.record(aDesk, () => linked());
    await before.store.close();
    const { disk, clock, branch } = before;
    const after = await aDeskWith(await aHouse({ disk, clock, branch }));
    expect((await after.book.of(aDesk)).get(onSlack)).toMatchObject({ person: 'eve' });
  });
});
