// Linking an account on Slack, as people do it and as somebody would who wants to be another.
import { describe, expect, test } from 'vitest';
import { aHouse } from '../../test/builders/house.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { testOutside } from '../../test/outside.ts';
import type { SlackUser } from '../clients/slack/answers.ts';
import { readSample } from '../desk/sample-desk.ts';
import type { Voice } from '../domain/commands.ts';
import { minutes } from '../domain/duration.ts';
import { account, deskId, hash, personId, type Account, type DeskId } from '../domain/names.ts';
import { createIdentityBook } from '../engine/identity-book.ts';
import { createLinkBook, linksIn } from '../engine/link-book.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Store } from '../engine/ports/store.ts';
import { createDirectory } from './directory.ts';
import { createLinking } from './linking.ts';
import { personGroup } from './person.ts';
import { roleGroup } from './role.ts';
import type { SlackLookups } from './slack-lookups.ts';

const desk = deskId('github', 1);
const other = deskId('github', 2);
const acme = 'T07ACME00';

const settings = `version: 1
admins: [person:max]
domains: { link_by_email: [acme.com] }
guests:
  customer: { label: Customer Inc., slack_users: [U07GUEST0] }
`;
const people = `people:
  ann: { name: Ann, github: { login: ann-o, id: 1 }, slack: U07ANN000 }
  bob: { name: Bob, github: { login: bob-l, id: 2 } }
  dora: { name: Dora, email: dora@acme.com, github: { login: dora-k, id: 3 } }
  max: { name: Max, email: max@gmail.com, github: { login: max-p, id: 4 } }
  zoe: { name: Zoe, role: guest, github: { login: zoe-z, id: 9 } }
`;

const aUser = (id: string, more: Partial<SlackUser> = {}): SlackUser => ({
  id,
  team: acme,
  handle: id.slice(3, -3).toLowerCase(),
  name: id,
  isEmailConfirmed: true,
  isBot: false,
  isDeactivated: false,
  isRestricted: false,
  isUltraRestricted: false,
  isStranger: false,
  ...more,
});
const everybody: readonly SlackUser[] = [
  aUser('U07ANN000'),
  aUser('U07BOB000', { email: 'bob@home.example' }),
  aUser('U07DORA00', { email: 'dora@acme.com' }),
  aUser('U07MAX000', { email: 'max@gmail.com' }),
  aUser('U07MALLO0', { name: 'Bob Lindqvist', email: 'mallory@acme.com' }),
  aUser('U07GUEST0', { isRestricted: true }),
  aUser('U07NORA00', { isRestricted: true }),
  aUser('U07ROBOT0', { isBot: true }),
];

const slackAccount = (user: string, team = acme): Account => account('slack', `${team}/${user}`);
const [bob, mallory] = [slackAccount('U07BOB000'), slackAccount('U07MALLO0')];

async function aDesk(besides: (store: Store) => Partial<Store> = () => ({})) {
  const clock = createVirtualClock();
  const { parts } = await aHouse({ clock });
  const store = { ...parts.store, ...besides(parts.store) };
  const world = { people, settings, users: everybody, isDown: false, own: acme };
  const desks = {
    desk: async () =>
      readSample({ 'flows/countersign.yml': world.settings, 'flows/people.yml': world.people }),
  };
  const whenUp = async <T>(answer: T): Promise<T> => {
    if (world.isDown) throw new Failure('Slack does not answer.', { transient: true });
    return answer;
  };
  const slack: SlackLookups = {
    of: async () => ({
      workspace: world.own,
      lookUps: {
        user: (id) => whenUp(world.users.find((each) => each.id === id)),
        userByEmail: (email) => whenUp(world.users.find((each) => each.email === email)),
        channel: async () => undefined,
        members: async () => [],
        group: async () => undefined,
        groupMembers: async () => [],
      },
    }),
  };
  const directory = createDirectory({
    desks,
    groups: [personGroup, roleGroup],
    clock,
    outside: testOutside({ clock }),
    slack,
    links: linksIn(store),
  });
  const book = createLinkBook({ ...parts, store, recorded: () => undefined });
  const identities = createIdentityBook({ ...parts, store, recorded: () => undefined });
  let minted = 0;
  const aLife = () =>
    createLinking({
      ...{ desks, served: [desk, other], directory, slack, clock, book: () => book },
      identities: () => identities,
      secret: () => `SECRET${String((minted += 1)).padStart(2, '0')}ABCDEFGHIJKL`.slice(0, 20),
      nameOf: async () => 'Acme Inc.',
    });
  let linking = aLife();
  let said = 0;
  const voice = (name: string, id: number, more: Partial<Voice> = {}): Voice => {
    said += 1;
    return {
      ...{ surface: 'github', account: account('github', id), name, ref: `C${said}`, at: clock.now() },
      ...more,
    };
  };
  const settle = <T>(work: Promise<T>): Promise<T> => clock.settle(work);
  /** Of each desk. */
  async function lines(of: Account): Promise<readonly string[]> {
    const asked = await settle(linking.ask(of));
    if ('refusal' in asked) throw new Error(asked.refusal.code);
    return asked.offers.map(({ line }) => line.replace('/link ', ''));
  }
  const line = async (of: Account): Promise<string> => (await lines(of))[0] ?? '';
  return {
    world,
    clock,
    voice,
    lines,
    line,
    restart: () => void (linking = aLife()),
    ask: (of: Account) => settle(linking.ask(of)),
    bring: (by: Voice, text: string, at: DeskId = desk) => settle(linking.bring(at, by, text)),
    confirm: (by: Voice, word: string, at: DeskId = desk) => settle(linking.confirm(at, by, word)),
    identities,
    unlink: (by: Voice, named?: string) => settle(linking.unlink(desk, by, named)),
    /** All of it. */
    async link(of: Account, name: string, id: number) {
      const brought = await settle(linking.bring(desk, voice(name, id), await line(of)));
      if ('refusal' in brought) return brought;
      return settle(linking.confirm(desk, voice(name, id), brought.word));
    },
    who: async (of: Account, at: DeskId = desk) => settle(directory.person(at, of)),
  };
}

const refused = (code: string, more: object = {}) => ({ refusal: { code, ...more } });

describe('an account on Slack', () => {
  test('is somebody’s once they have said its line on GitHub and confirmed what it means', async () => {
    const { line, bring, confirm, who, voice } = await aDesk();
    const text = await line(bob);
    expect(text).toBe('bob (T07ACME00/U07BOB000) SECRET01ABCDEFGHIJKL');
    const brought = await bring(voice('bob-l', 2), text);
    expect(brought).toEqual({
      asks: { account: bob, handle: 'bob', name: 'U07BOB000', workspace: 'Acme Inc.' },
      person: 'bob',
      word: 'SECRET03',
    });
    expect(await who(bob)).toBeNull();
    const linked = await confirm(voice('bob-l', 2), 'secret03');
    expect(linked).toMatchObject({ linked: { account: bob }, person: 'bob' });
    expect(await who(bob)).toBe('bob');
  });

  test('is asked about for each desk that has its workspace, and is nobody’s in the others', async () => {
    const { lines, bring, confirm, who, voice } = await aDesk();
    const [, second = ''] = await lines(bob);
    expect(await bring(voice('bob-l', 2), second)).toEqual(refused('link-not-valid', { why: 'code' }));
    const brought = await bring(voice('bob-l', 2), second, other);
    if (!('word' in brought)) throw new Error('It was refused.');
    expect(await confirm(voice('bob-l', 2), brought.word)).toEqual(
      refused('link-not-valid', { why: 'answer' }),
    );
    expect(await confirm(voice('bob-l', 2), brought.word, other)).toMatchObject({ person: 'bob' });
    expect(await who(bob, other)).toBe('bob');
    expect(await who(bob)).toBeNull();
  });

  test.each([
    ['a guest who is declared', slackAccount('U07GUEST0'), 'guest'],
    ['a guest of the workspace', slackAccount('U07NORA00'), 'not-a-colleague'],
    ['a bot', slackAccount('U07ROBOT0'), 'not-a-colleague'],
    ['whom Slack does not know', slackAccount('U07NOBODY'), 'not-a-colleague'],
    ['somebody of another workspace', slackAccount('U07BOB000', 'T9CUST000'), 'other-workspace'],
  ])('gets no line where it is of %s', async (_, of, why) => {
    const { ask } = await aDesk();
    expect(await ask(of)).toEqual(refused('may-not-link', { why }));
  });

  test('gets none where it is known already, and hears by what', async () => {
    const { ask } = await aDesk();
    const known = await ask(slackAccount('U07ANN000'));
    expect(known).toMatchObject({ offers: [], known: [{ person: 'ann', by: 'people' }, {}] });
    expect(await ask(slackAccount('U07DORA00'))).toMatchObject({
      known: [{ person: 'dora', by: 'e-mail' }, {}],
    });
  });
});

describe('a line', () => {
  test('is good once, also where two say it at once', async () => {
    const { line, bring, voice } = await aDesk();
    const text = await line(bob);
    const said = await Promise.all([bring(voice('bob-l', 2), text), bring(voice('max-p', 4), text)]);
    expect(said.map((each) => 'refusal' in each)).toEqual([false, true]);
    expect(await bring(voice('bob-l', 2), text)).toEqual(refused('link-not-valid', { why: 'code' }));
  });

  test('is answered as before where the same comment comes twice, at once or later', async () => {
    const { line, bring, confirm, voice } = await aDesk();
    const [text, by] = [await line(bob), voice('bob-l', 2)];
    const [once, twice] = await Promise.all([bring(by, text), bring(by, text)]);
    expect(once).toEqual(twice);
    expect(await bring(by, text)).toEqual(once);
    if (!('word' in once)) throw new Error('It was refused.');
    const yes = voice('bob-l', 2);
    const confirmed = await Promise.all([confirm(yes, once.word), confirm(yes, once.word)]);
    expect(confirmed).toMatchObject([{ person: 'bob' }, { person: 'bob' }]);
  });

  test('is too old after ten minutes, and so is what it asked', async () => {
    const { line, bring, confirm, clock, voice } = await aDesk();
    const old = await line(bob);
    await clock.advance(minutes(10));
    expect(await bring(voice('bob-l', 2), old)).toEqual(refused('link-not-valid', { why: 'code' }));
    const brought = await bring(voice('bob-l', 2), await line(bob));
    if (!('word' in brought)) throw new Error('It was refused.');
    await clock.advance(minutes(10));
    expect(await confirm(voice('bob-l', 2), brought.word)).toEqual(
      refused('link-not-valid', { why: 'answer' }),
    );
  });

  test('is confirmed once: what was undone since is not done again by the same word', async () => {
    const { line, bring, confirm, unlink, voice, who } = await aDesk();
    const brought = await bring(voice('bob-l', 2), await line(bob));
    if (!('word' in brought)) throw new Error('It was refused.');
    await confirm(voice('bob-l', 2), brought.word);
    await unlink(voice('bob-l', 2));
    expect(await confirm(voice('bob-l', 2), brought.word)).toEqual(
      refused('link-not-valid', { why: 'answer' }),
    );
    expect(await who(bob)).toBeNull();
  });

  test('is worth nothing after a restart, and nothing once there is a newer one', async () => {
    const { line, bring, restart, voice } = await aDesk();
    const first = await line(bob);
    const second = await line(bob);
    expect(await bring(voice('bob-l', 2), first)).toEqual(refused('link-not-valid', { why: 'code' }));
    restart();
    expect(await bring(voice('bob-l', 2), second)).toEqual(refused('link-not-valid', { why: 'code' }));
  });

  test('says whose account it is, and is burnt where somebody made it say something else', async () => {
    const { line, bring, voice } = await aDesk();
    const text = await line(mallory);
    const code = text.split(' ').at(-1) ?? '';
    const disguised = `bob (T07ACME00/U07BOB000) ${code}`;
    expect(await bring(voice('bob-l', 2), disguised)).toEqual(refused('link-not-valid', { why: 'changed' }));
    expect(await bring(voice('bob-l', 2), text)).toEqual(refused('link-not-valid', { why: 'code' }));
    const bare = await line(mallory);
    expect(await bring(voice('bob-l', 2), bare.split(' ').at(-1) ?? '')).toMatchObject(
      refused('link-not-valid', { why: 'changed' }),
    );
  });

  test('that somebody was talked into saying makes nobody anybody: only their own answer does', async () => {
    const { line, bring, confirm, who, voice } = await aDesk();
    const brought = await bring(voice('bob-l', 2), await line(mallory));
    // It names who asked as Slack knows them, whatever they were told.
    expect(brought).toMatchObject({ asks: { account: mallory, handle: 'mal' } });
    if (!('word' in brought)) throw new Error('It was refused.');
    // Mallory reads the word on the issue, and has an account on GitHub, too.
    expect(await confirm(voice('max-p', 4), brought.word)).toEqual(
      refused('link-not-valid', { why: 'answer' }),
    );
    expect(await confirm(voice('mallory', 66), brought.word)).toMatchObject(refused('unlinked-account'));
    expect(await who(mallory)).toBeNull();
  });

  test('is not used up where Slack does not answer just then', async () => {
    const { line, bring, world, voice } = await aDesk();
    const [text, by] = [await line(bob), voice('bob-l', 2)];
    world.isDown = true;
    await expect(bring(by, text)).rejects.toMatchObject({ transient: true });
    world.isDown = false;
    expect(await bring(by, text)).toMatchObject({ person: 'bob' });
  });
});

describe('nobody links', () => {
  test('who is not in people.yml, or is a guest there', async () => {
    const { line, bring, voice } = await aDesk();
    const text = await line(bob);
    expect(await bring(voice('eve-s', 77), text)).toMatchObject(refused('unlinked-account'));
    expect(await bring(voice('zoe-z', 9), text)).toEqual(refused('may-not-link', { why: 'guest' }));
    // It was not theirs to use.
    expect(await bring(voice('bob-l', 2), text)).toMatchObject({ person: 'bob' });
  });

  test('a second account: not beside people.yml, nor an e-mail address, nor a link', async () => {
    const { link, world } = await aDesk();
    expect(await link(mallory, 'ann-o', 1)).toEqual(refused('has-another-account', { person: 'ann' }));
    expect(await link(mallory, 'dora-k', 3)).toEqual(refused('has-another-account', { person: 'dora' }));
    expect(await link(bob, 'bob-l', 2)).toMatchObject({ person: 'bob' });
    expect(await link(mallory, 'bob-l', 2)).toEqual(refused('has-another-account', { person: 'bob' }));
    // Also where Slack does not show the one that is written down.
    world.users = everybody.filter(({ id }) => id !== 'U07ANN000');
    expect(await link(mallory, 'ann-o', 1)).toEqual(refused('has-another-account', { person: 'ann' }));
  });

  test('what is another’s, be it only by the address that Slack has confirmed', async () => {
    const { link } = await aDesk();
    const max = slackAccount('U07MAX000');
    expect(await link(max, 'bob-l', 2)).toEqual(refused('account-taken', { account: max, person: 'max' }));
    expect(await link(max, 'max-p', 4)).toMatchObject({ person: 'max' });
  });

  test('two accounts at once, or one account to two', async () => {
    const { line, bring, confirm, voice, who } = await aDesk();
    const first = await bring(voice('bob-l', 2), await line(bob));
    const second = await bring(voice('bob-l', 2), await line(mallory));
    const third = await bring(voice('max-p', 4), await line(bob));
    if (!('word' in first) || !('word' in second) || !('word' in third)) throw new Error('Refused.');
    const answers = await Promise.all([
      confirm(voice('bob-l', 2), first.word),
      confirm(voice('bob-l', 2), second.word),
      confirm(voice('max-p', 4), third.word),
    ]);
    expect(answers).toMatchObject([
      { person: 'bob' },
      refused('has-another-account'),
      refused('account-taken', { person: 'bob' }),
    ]);
    expect([await who(bob), await who(mallory)]).toEqual(['bob', null]);
  });

  test('while the ledger is not as it should be', async () => {
    const { link, who } = await aDesk(() => ({
      cursor: async () => ({ head: 'x', diverged: 'Somebody wrote.' }),
    }));
    expect(await link(bob, 'bob-l', 2)).toMatchObject(refused('desk-frozen'));
    expect(await who(bob)).toBeNull();
  });
});

describe('a link', () => {
  test('gives way to people.yml, and ends with the person or their account on GitHub', async () => {
    const { link, who, world } = await aDesk();
    await link(bob, 'bob-l', 2);
    world.people = people.replace('name: Bob,', 'name: Bob, slack: U07BOB002,');
    expect(await who(bob)).toBeNull();
    world.people = people.replace('slack: U07ANN000', 'slack: U07BOB000');
    expect(await who(bob)).toBe('ann');
    // Another Bob, who has shown nothing.
    world.people = people.replace('bob-l, id: 2', 'bob-x, id: 22');
    expect(await who(bob)).toBeNull();
    world.people = people;
    expect(await who(bob)).toBe('bob');
  });

  test('is undone by either side, and by an admin who names the account', async () => {
    const { link, unlink, who, voice } = await aDesk();
    await link(bob, 'bob-l', 2);
    expect(await unlink(voice('bob-l', 2))).toEqual({ unlinked: [bob] });
    expect(await who(bob)).toBeNull();
    await link(bob, 'bob-l', 2);
    expect(await unlink(voice('bob', 0, { surface: 'slack', account: bob }))).toEqual({ unlinked: [bob] });
    await link(bob, 'bob-l', 2);
    expect(await unlink(voice('max-p', 4), 'T07ACME00/U07BOB000')).toEqual({ unlinked: [bob] });
    expect(await who(bob)).toBeNull();
    expect(await unlink(voice('bob-l', 2))).toEqual(refused('nothing-to-unlink'));
    expect(await unlink(voice('max-p', 4), `${bob}`)).toEqual(refused('nothing-to-unlink', { account: bob }));
  });

  test('is undone by nobody else', async () => {
    const { link, unlink, who, voice } = await aDesk();
    await link(bob, 'bob-l', 2);
    expect(await unlink(voice('ann-o', 1), bob)).toEqual(refused('may-not-unlink', { account: bob }));
    expect(await unlink(voice('ann-o', 1))).toEqual(refused('nothing-to-unlink'));
    expect(await unlink(voice('eve-s', 77))).toMatchObject(refused('unlinked-account'));
    expect(await who(bob)).toBe('bob');
  });

  test('is not undone by a comment from before it that is heard again', async () => {
    const { link, unlink, who, voice, clock } = await aDesk();
    const old = voice('bob-l', 2);
    await clock.advance(minutes(1));
    await link(bob, 'bob-l', 2);
    expect(await unlink(old)).toEqual(refused('nothing-to-unlink'));
    expect(await who(bob)).toBe('bob');
  });
});

describe('an account that was found by an e-mail address', () => {
  const found = { person: personId('bob'), service: 'okta@main', account: '00uBOB', basis: hash('ab') };

  test('is let go of by an admin, who names it, and by nobody else', async () => {
    const { identities, unlink, voice } = await aDesk();
    await identities.found(desk, found);
    expect(await unlink(voice('bob-l', 2), 'okta@main:00uBOB')).toEqual(
      refused('may-not-forget', { account: 'okta@main:00uBOB' }),
    );
    expect((await identities.of(desk)).size).toBe(1);
    expect(await unlink(voice('max-p', 4), 'okta@main:00uBOB')).toMatchObject({
      forgotten: { person: 'bob' },
    });
    expect((await identities.of(desk)).size).toBe(0);
    expect(await unlink(voice('max-p', 4), 'okta@main:00uBOB')).toEqual(
      refused('nothing-to-forget', { account: 'okta@main:00uBOB' }),
    );
    expect(await unlink(voice('eve-s', 77), 'okta@main:00uBOB')).toMatchObject(refused('unlinked-account'));
  });
});
