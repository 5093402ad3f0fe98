// countersign people list and check: on the sandbox's GitHub and Slack as the app's settings name them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPeopleDesk, type DeskChange, type PeopleDesk } from '../../../../test/people-commands.ts';
import { identityKey, type Identity } from '../../../domain/identities.ts';
import { hash, instant, personId } from '../../../domain/names.ts';
import type { LedgerNow } from '../../operator-desk.ts';
import { peopleCheckCommand } from './check.ts';
import { peopleListCommand } from './list.ts';

let desk: PeopleDesk;
beforeAll(async () => {
  desk = await startPeopleDesk();
});
afterAll(() => desk.stop());

const list = (args: readonly string[] = [], change?: DeskChange) => desk.run(peopleListCommand, args, change);
const check = (args: readonly string[] = [], change?: DeskChange) =>
  desk.run(peopleCheckCommand, args, change);

const withLedger =
  (now: Partial<LedgerNow>): DeskChange =>
  ({ ledger }) => ({ ledger: async () => ({ ...(await ledger()), ...now }) });

function identity(person: string, service: string, id: string): readonly [string, Identity] {
  const found = { person: personId(person), service, account: id, basis: hash('00') };
  return [identityKey(found), { ...found, at: instant(0) }];
}

describe('people list', () => {
  test('has everybody in columns, and asks GitHub who is an admin by a team', async () => {
    const { code, out, err } = await list();
    expect([code, err]).toEqual([0, '']);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(13);
    expect(lines[0]).toMatch(/^PERSON +NAME +ROLE +GITHUB +SLACK +ACCOUNTS$/);
    expect(lines.filter((line) => / admin /.test(line)).map((line) => line.split(' ')[0])).toEqual(['max']);
    const column = lines[0]?.indexOf('GITHUB') ?? 0;
    expect(lines.slice(1).map((line) => line.slice(column - 2, column))).toEqual(Array(12).fill('  '));
    expect(lines.find((line) => line.startsWith('ines'))?.indexOf('ines-c')).toBe(column);
    expect(out).toMatch(/^cleo +Cleo Duarte +guest +– +T9CUST000\/U09CLEO00 +–$/m);
  });

  test('has what the ledger says besides people.yml, while it holds', async () => {
    const identities = new Map([identity('ann', 'okta', '00uANN'), identity('bob', 'okta', '00uBOB')]);
    const change: DeskChange = (known) => ({
      ...withLedger({ identities })(known),
      accountSources: async (person) => ({
        trustedDomains: ['acme.com'],
        // Bob's was found by another address than he has now.
        kept: () => (person === personId('ann') ? '00uANN' : undefined),
      }),
    });
    const { out } = await list(['--json'], change);
    const { people } = JSON.parse(out);
    expect(people[0]).toEqual({
      ...{ person: 'ann', name: 'Ann Ortega', role: 'member', email: 'ann@acme.com', manager: 'bob' },
      github: { login: 'ann-o', id: 583231 },
      slack: { workspace: null, user: 'U07ANN000', by: 'people' },
      accounts: [{ service: 'okta', account: '00uANN', by: 'e-mail' }],
      admin: false,
    });
    expect(people[1]).toMatchObject({ person: 'bob', accounts: [] });
    expect((await list([], change)).out).toMatch(/^ann .* okta 00uANN \(by e-mail\)$/m);
  });

  test('ends with 3 where it cannot be found out who is an admin, and says why', async () => {
    const { code, out, err } = await list([], () => ({
      directory: { belongs: async () => ({ unknown: 'GitHub does not answer.' }) },
    }));
    expect([code, err]).toEqual([3, 'Who is an admin could not be found out: GitHub does not answer.\n']);
    expect(out).toContain('member, admin?');
  });

  test('is called wrongly with a person, or a desk that there is not', async () => {
    expect(await list(['ann'])).toMatchObject({ code: 2, err: expect.stringContaining('people check') });
    expect(await list(['--desk', 'acme/other'])).toMatchObject({ code: 2 });
  });
});

describe('people check', () => {
  test('finds somebody on GitHub, on Slack, and in the services that they may ask access of', async () => {
    const { code, out, err } = await check(['ann', 'cleo']);
    expect([code, err]).toEqual([0, expect.stringMatching(/^vault\/customer-keys is not looked at\. .*\n$/)]);
    expect(out).toMatch(/^ {2}✓ GitHub +ann-o \(583231\)$/m);
    expect(out).toMatch(/^ {2}✓ Slack +U07ANN000 \(ann\)$/m);
    expect(out).toMatch(/^ {2}✓ github-team +github:583231$/m);
    expect(out).toMatch(
      /^cleo: Cleo Duarte\n {2}– GitHub +no account\n {2}– Slack .*another workspace.*\n\n/m,
    );
    expect(out).toMatch(/2 people: all is well\.\n$/);
  });

  test('tells a login that was changed, and an account on Slack that is switched off, and ends with 1', async () => {
    desk.sandbox.world.renamePerson('kofi-m', 'kofi-n');
    desk.sandbox.slack?.company.changeUser('U07KOFI00', { deleted: true });
    const { code, out } = await check(['kofi']);
    expect(code).toBe(1);
    expect(out).toMatch(/✗ GitHub +583238 is called kofi-n there by now, and not kofi-m\..*`login: kofi-n`/);
    expect(out).toMatch(/✗ Slack +U07KOFI00 is deactivated there\. .*people link kofi slack/);
    expect(out).toMatch(/1 person: something is wrong with 1\.\n$/);
  });

  test('asks of services by the flows that a person may ask for, and tells what is missing from what is down', async () => {
    const asked: string[] = [];
    const looked =
      (missing: 'no-identity' | 'unavailable'): DeskChange =>
      ({ access }) => ({
        access: {
          ...access,
          look: async (_desk, { type }, _settings, person) => {
            asked.push(`${type} ${person}`);
            if (missing === 'unavailable') return { missing, why: 'Okta does not answer.' };
            return { missing, service: 'Okta', why: 'people.yml has no `accounts.okta` for this person.' };
          },
        },
        directory: { belongs: async (_desk, person) => person === personId('ann') },
      });
    const wrong = await check(['ann', 'bob', 'gil', '--json'], looked('no-identity'));
    expect(wrong.code).toBe(1);
    expect(new Set(asked.map((each) => each.split(' ')[1]))).toEqual(new Set(['ann']));
    const [ann, bob] = JSON.parse(wrong.out).people;
    expect(ann.findings).toContainEqual({
      ...{ place: 'github-team', state: 'wrong' },
      says: 'people.yml has no `accounts.okta` for this person.',
    });
    expect(bob.findings.map(({ place }: { place: string }) => place)).toEqual(['GitHub', 'Slack']);
    const down = await check(['ann'], looked('unavailable'));
    expect([down.code, down.out]).toEqual([
      3,
      expect.stringMatching(/\? github-team +Okta does not answer\./),
    ]);
  });

  test('finds who is written nowhere on Slack by the trusted address, and who has no account at all', async () => {
    const without =
      (email: string | undefined): DeskChange =>
      ({ files }) => {
        const {
          github: _github,
          slack: _slack,
          email: _email,
          ...rest
        } = files.people.persons.get(personId('dora')) ?? {
          ...{ id: personId('dora'), name: 'Dora', role: 'member' },
        };
        const dora = { ...rest, ...(email !== undefined && { email }) } as const;
        return { files: { ...files, people: { ...files.people, persons: new Map([[dora.id, dora]]) } } };
      };
    expect((await check(['dora'], without('dora@acme.com'))).out).toMatch(
      /– GitHub +no account.*\n {2}✓ Slack +U07DORA00 \(dora\), by the e-mail address/,
    );
    const nowhere = await check(['dora'], without(undefined));
    expect(nowhere.code).toBe(1);
    expect(nowhere.out).toMatch(/✗ GitHub +no account\. countersign people link dora github LOGIN/);
  });

  test('says how far it is of many, where no machine reads', async () => {
    const { err } = await check([], ({ files }) => {
      const [ann] = files.people.persons.values();
      if (ann === undefined) throw new Error('There is nobody.');
      const many = Array.from({ length: 41 }, (_, at) => ({ ...ann, id: personId(`ann${at}`) }));
      return {
        files: {
          ...files,
          flows: new Map(),
          people: { ...files.people, persons: new Map(many.map((each) => [each.id, each])) },
        },
      };
    });
    expect(err).toBe('Looked at 20 of 41 people.\nLooked at 40 of 41 people.\n');
  });

  test('is called wrongly with somebody whom there is not', async () => {
    expect(await check(['anm'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean “ann”?'),
    });
  });
});
