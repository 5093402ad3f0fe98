import { describe, expect, test } from 'vitest';
import { readSample } from '../desk/sample-desk.ts';
import { account, deskId, personId, type Account, type PersonId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import { createRoster } from './roster.ts';

const desk = deskId('github', 1);
const ann = personId('ann');

function rosterOf(people: string, owners: Readonly<Record<string, PersonId>> = {}) {
  return createRoster({
    desks: { desk: async () => readSample({ 'flows/people.yml': people }) },
    directory: { person: async (_desk, of: Account) => owners[of] ?? null },
  });
}

const named = 'people:\n  bob: { name: Bob, github: { login: bob-l, id: 2 } }\n';

describe('somebody is among the people of a desk', () => {
  test('where people.yml names them, or whoever has the account that they spoke with', async () => {
    const github = account('github', 1);
    expect(await rosterOf(named).isHere(desk, personId('bob'))).toBe(true);
    expect(await rosterOf(named).isHere(desk, ann)).toBe(false);
    expect(await rosterOf(named).isHere(desk, ann, github)).toBe(false);
    expect(await rosterOf(named, { [github]: personId('bob') }).isHere(desk, ann, github)).toBe(true);
  });

  test('not where the account is a guest’s, whom no file names', async () => {
    const slack = account('slack', 'T1/U1');
    expect(await rosterOf(named, { [slack]: personId('slack:T1/U1') }).isHere(desk, ann, slack)).toBe(false);
  });

  test.each([
    ['is broken', 'people: [\n'],
    ['has a mistake in one line', `${named}  eve: { nmae: Eve }\n`],
    ['names nobody', 'people: {}\n'],
  ])('or nobody can tell, where the file %s', async (_, people) => {
    await expect(rosterOf(people).isHere(desk, ann)).rejects.toBeInstanceOf(Failure);
  });
});
