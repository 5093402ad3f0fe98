// Who is who on Slack, and who is in its groups: against a small Slack of the test's own.
import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { testOutside } from '../../test/outside.ts';
import type { SlackChannel, SlackGroup, SlackUser } from '../clients/slack/answers.ts';
import { readSample } from '../desk/sample-desk.ts';
import type { Link, Links } from '../domain/links.ts';
import { account, deskId, group, personId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import { createDirectory } from './directory.ts';
import { guestGroup } from './guest.ts';
import { managerGroup } from './superior.ts';
import { personGroup } from './person.ts';
import { roleGroup } from './role.ts';
import { slackChannelGroup } from './slack-channel.ts';
import { slackGroup } from './slack-group.ts';
import type { SlackLookups } from './slack-lookups.ts';

const desk = deskId('github', 1);
const clock = createVirtualClock();
const acme = 'T07ACME00';
const customer = 'T9CUST000';

const settings = `version: 1
admins: [person:bob]
domains: { link_by_email: [acme.com] }
guests:
  customer: { label: Customer Inc., slack_workspaces: [${customer}], slack_users: [U07GUEST0], people: [zoe] }
  narrow: { label: Narrow, slack_workspaces: [${customer}], slack_users: [U07GUEST0], email_domains: [customer.com] }
`;
const people = `people:
  ann: { name: Ann, github: { login: ann-o, id: 1 }, slack: U07ANN000, manager: bob }
  bob: { name: Bob, email: bob@acme.com, github: { login: bob-l, id: 2 } }
  max: { name: Max, email: max@gmail.com, slack: { workspace: ${acme}, user: U07MAX000 } }
  far: { name: Far, slack: { workspace: T8OTHER00, user: U08FAR000 } }
  cleo: { name: Cleo, role: guest, slack: { workspace: ${customer}, user: U09CLEO00 } }
  zoe: { name: Zoe, role: guest, github: { login: zoe-z, id: 9 } }
`;

const aUser = (id: string, more: Partial<SlackUser> = {}): SlackUser => ({
  id,
  team: acme,
  handle: id,
  name: id,
  isEmailConfirmed: true,
  isBot: false,
  isDeactivated: false,
  isRestricted: false,
  isUltraRestricted: false,
  isStranger: false,
  ...more,
});
const aChannel = (name: string, more: Partial<SlackChannel> = {}): SlackChannel => ({
  id: `C07${name.toUpperCase()}`,
  name,
  isPrivate: true,
  isShared: false,
  isArchived: false,
  isMember: true,
  isDirect: false,
  ...more,
});
const aGroup = (handle: string, more: Partial<SlackGroup> = {}): SlackGroup => ({
  id: `S07${handle.toUpperCase()}`,
  handle,
  name: handle,
  isDisabled: false,
  ...more,
});

const aLink = (person: string, github: number): Link => ({
  person: personId(person),
  through: account('github', github),
  saidAt: clock.now(),
  ref: 'C2',
});
const onAcme = (user: string, link: Link) => [account('slack', `${acme}/${user}`), link] as const;

interface World {
  readonly users?: readonly SlackUser[];
  readonly channels?: readonly SlackChannel[];
  readonly groups?: readonly SlackGroup[];
  /** Of each channel and group. */
  readonly members?: readonly string[];
  readonly isDown?: true;
  readonly isNotConnected?: true;
  readonly links?: Links;
  readonly settings?: string;
  readonly people?: string;
}

const everybody: readonly SlackUser[] = [
  aUser('U07ANN000', { email: 'ann@acme.com' }),
  aUser('U07BOB000', { email: 'Bob@acme.com' }),
  aUser('U07MAX000', { email: 'max@acme.com' }),
  aUser('U07GUEST0', { email: 'gil@customer.com', isRestricted: true, isUltraRestricted: true }),
  aUser('U09CLEO00', { team: customer, isStranger: true }),
  aUser('U09OTHER0', { team: customer, isStranger: true, email: 'x@customer.com' }),
];

function directory(world: World = {}) {
  const { users = everybody, channels = [], groups = [], members = [] } = world;
  const whenUp = <T>(answer: T): Promise<T> =>
    world.isDown
      ? Promise.reject(new Failure('Slack does not answer.', { transient: true }))
      : Promise.resolve(answer);
  const slack: SlackLookups = {
    of: () =>
      world.isNotConnected
        ? Promise.resolve(undefined)
        : Promise.resolve({
            workspace: acme,
            lookUps: {
              user: (id) => whenUp(users.find((each) => each.id === id)),
              userByEmail: (email) =>
                whenUp(users.find((each) => each.email?.toLowerCase() === email.toLowerCase())),
              channel: (name) => whenUp(channels.find((each) => each.name === name || each.id === name)),
              members: () => whenUp(members),
              group: (name) => whenUp(groups.find((each) => each.handle === name || each.id === name)),
              groupMembers: () => whenUp(members),
            },
          }),
  };
  const files = readSample({
    'flows/countersign.yml': world.settings ?? settings,
    'flows/people.yml': world.people ?? people,
  });
  expect(files.diagnostics).toEqual([]);
  const links = world.links;
  const made = createDirectory({
    desks: { desk: async () => files },
    groups: [
      personGroup,
      roleGroup,
      managerGroup,
      slackGroup({ slack }),
      slackChannelGroup({ slack }),
      guestGroup({ slack }),
    ],
    clock,
    outside: testOutside({ clock }),
    slack,
    ...(links && { links: async () => links }),
  });
  return {
    identify: (workspace: string, user: string) =>
      clock.settle(made.identify(desk, account('slack', `${workspace}/${user}`))),
    person: (workspace: string, user: string) =>
      clock.settle(made.person(desk, account('slack', `${workspace}/${user}`))),
    belongs: (who: string, where: string) => clock.settle(made.belongs(desk, personId(who), group(where))),
  };
}

describe('whose account on Slack it is', () => {
  test('is told by people.yml, with and without the own workspace written out', async () => {
    const { person } = directory({ isDown: true });
    expect(await person(acme, 'U07ANN000')).toBe('ann');
    expect(await person(acme, 'U07MAX000')).toBe('max');
    expect(await person(customer, 'U09CLEO00')).toBe('cleo');
  });

  test('is another’s where the same user id comes from another workspace', async () => {
    expect(await directory().person('T8OTHER00', 'U07ANN000')).toBeNull();
    expect(await directory().person('T8OTHER00', 'U07MAX000')).toBeNull();
    expect(await directory().person('T8OTHER00', 'U07BOB000')).toBeNull();
  });

  test('is a declared guest’s own, by workspace or by user, and in no file by name', async () => {
    const { person } = directory();
    expect(await person(customer, 'U09OTHER0')).toBe(`slack:${customer}/U09OTHER0`);
    expect(await person(acme, 'U07GUEST0')).toBe(`slack:${acme}/U07GUEST0`);
    expect(await person('T8OTHER00', 'U07GUEST0')).toBeNull();
  });

  test('is told by a confirmed e-mail address of the own workspace, where its domain is trusted', async () => {
    expect(await directory().person(acme, 'U07BOB000')).toBe('bob');
    const bobAs = (more: Partial<SlackUser>) =>
      directory({ users: [aUser('U07BOB000', { email: 'bob@acme.com', ...more })] }).person(
        acme,
        'U07BOB000',
      );
    expect(await bobAs({})).toBe('bob');
    expect(await bobAs({ isEmailConfirmed: false })).toBeNull();
    expect(await bobAs({ isRestricted: true })).toBeNull();
    expect(await bobAs({ isStranger: true })).toBeNull();
    expect(await bobAs({ team: customer })).toBeNull();
    expect(await bobAs({ isDeactivated: true })).toBeNull();
    expect(await bobAs({ isBot: true })).toBeNull();
    expect(await bobAs({ email: 'bob@customer.com' })).toBeNull();
  });

  test('is nobody’s by an e-mail address from another workspace, or of a domain that is not trusted', async () => {
    const stranger = aUser('U08BOB000', { team: 'T8OTHER00', email: 'bob@acme.com', isStranger: true });
    expect(await directory({ users: [stranger] }).person('T8OTHER00', 'U08BOB000')).toBeNull();
    const untrusted = settings.replace('link_by_email: [acme.com]', 'link_by_email: [gmail.com]');
    expect(await directory({ settings: untrusted }).person(acme, 'U07BOB000')).toBeNull();
    expect(
      await directory({ settings: settings.replace('link_by_email: [acme.com]', '') }).person(
        acme,
        'U07BOB000',
      ),
    ).toBeNull();
  });

  test('is not told by e-mail of somebody whose account is written in people.yml', async () => {
    const second = aUser('U07ANN002', { email: 'ann@acme.com' });
    const listed = people.replace('name: Ann,', 'name: Ann, email: ann@acme.com,');
    expect(await directory({ users: [second], people: listed }).person(acme, 'U07ANN002')).toBeNull();
  });

  describe('that they proved is theirs', () => {
    const newcomer = 'U07NEW000';
    const users = [...everybody, aUser(newcomer)];
    const bob = aLink('bob', 2);

    test('is told by that, where nothing else tells it', async () => {
      const links = new Map([onAcme(newcomer, bob), onAcme('U07ANN000', bob)]);
      const { person, identify } = directory({ links, users });
      expect(await person(acme, newcomer)).toBe('bob');
      expect(await identify(acme, newcomer)).toEqual({ person: 'bob', by: 'link' });
      expect(await identify(acme, 'U07ANN000')).toEqual({ person: 'ann', by: 'people' });
    });

    test.each([
      ['whose account on GitHub is another person’s by now', aLink('bob', 1)],
      ['whose account on GitHub is nobody’s any more', aLink('bob', 77)],
      ['who is gone', aLink('gone', 2)],
      ['who is a guest', aLink('zoe', 9)],
      ['whom people.yml gives another account there', aLink('ann', 1)],
    ])('is nobody’s once it was of one %s', async (_, link) => {
      const world = { links: new Map([onAcme(newcomer, link)]), users };
      expect(await directory(world).person(acme, newcomer)).toBeNull();
    });

    test.each([
      ['a guest', { isRestricted: true }],
      ['a bot', { isBot: true }],
      ['gone', { isDeactivated: true }],
      ['a stranger', { isStranger: true }],
      ['of another workspace', { team: customer }],
    ])('is nobody’s once it is %s', async (_, more) => {
      const links = new Map([onAcme(newcomer, bob)]);
      expect(await directory({ links, users: [aUser(newcomer, more)] }).person(acme, newcomer)).toBeNull();
      expect(await directory({ links, users: [] }).person(acme, newcomer)).toBeNull();
    });

    test('is nobody’s in another workspace, and waits for Slack where it is down', async () => {
      const links = new Map([[account('slack', `T8OTHER00/${newcomer}`), bob], onAcme(newcomer, bob)]);
      expect(await directory({ links, users }).person('T8OTHER00', newcomer)).toBeNull();
      await expect(directory({ links, isDown: true }).person(acme, newcomer)).rejects.toMatchObject({
        transient: true,
      });
    });
  });

  test('is neither known nor unknown while Slack does not answer, where only it could tell', async () => {
    await expect(directory({ isDown: true }).person(acme, 'U07BOB000')).rejects.toMatchObject({
      transient: true,
    });
  });
});

describe.each([
  ['a Slack group', 'slack-group:data', { groups: [aGroup('data')] }],
  ['a private channel', 'slack-channel:data', { channels: [aChannel('data')] }],
] as const)('being in %s', (_, where, there) => {
  const members = everybody.map(({ id }) => id);

  test('is being one of its members, by the account on Slack', async () => {
    expect(await directory({ ...there, members }).belongs('ann', where)).toBe(true);
    expect(await directory({ ...there, members }).belongs('max', where)).toBe(true);
    expect(await directory({ ...there, members: ['U07MAX000'] }).belongs('ann', where)).toBe(false);
    expect(await directory({ ...there, members: [] }).belongs('ann', where)).toBe(false);
  });

  test('is found by e-mail or by a proof where people.yml has no account', async () => {
    expect(await directory({ ...there, members }).belongs('bob', where)).toBe(true);
    const links = new Map([onAcme('U07NEW000', aLink('bob', 2))]);
    const users = [aUser('U07NEW000')];
    expect(await directory({ ...there, members: ['U07NEW000'], users, links }).belongs('bob', where)).toBe(
      true,
    );
    expect(await directory({ ...there, members: ['U07NEW000'], users }).belongs('bob', where)).toBe(false);
    const stale = new Map([onAcme('U07NEW000', aLink('bob', 1))]);
    const world = { ...there, members: ['U07NEW000'], users, links: stale };
    expect(await directory(world).belongs('bob', where)).toBe(false);
  });

  test.each([
    ['a bot', { isBot: true }],
    ['whoever left', { isDeactivated: true }],
    ['a guest of several channels', { isRestricted: true }],
    ['a guest of one channel', { isUltraRestricted: true }],
    ['a stranger', { isStranger: true }],
    ['somebody of another workspace', { team: customer }],
  ])('is nothing for %s', async (_who, more) => {
    const users = [aUser('U07ANN000', more)];
    expect(await directory({ ...there, members, users }).belongs('ann', where)).toBe(false);
  });

  test('is nothing for who has the same user id in another workspace', async () => {
    const same = people.replace('user: U08FAR000', 'user: U07ANN000').replace('slack: U07ANN000, ', '');
    expect(await directory({ ...there, members, people: same }).belongs('far', where)).toBe(false);
  });

  test('is nothing for who has an account in another workspace, or is a guest', async () => {
    expect(await directory({ ...there, members: [...members, 'U08FAR000'] }).belongs('far', where)).toBe(
      false,
    );
    expect(await directory({ ...there, members }).belongs('cleo', where)).toBe(false);
    expect(await directory({ ...there, members }).belongs(`slack:${acme}/U07GUEST0`, where)).toBe(false);
  });

  test('is unknown where it is not there, where Slack is not, and where none is connected', async () => {
    expect(await directory({ members }).belongs('ann', where)).toHaveProperty('unknown');
    expect(await directory({ ...there, members, isDown: true }).belongs('ann', where)).toEqual({
      unknown: 'Slack does not answer.',
    });
    expect(await directory({ ...there, members, isNotConnected: true }).belongs('ann', where)).toEqual({
      unknown: 'No Slack workspace is connected for this desk.',
    });
  });
});

test('a group that was switched off is unknown', async () => {
  const world = { groups: [aGroup('data', { isDisabled: true })], members: ['U07ANN000'] };
  expect(await directory(world).belongs('ann', 'slack-group:data')).toHaveProperty('unknown');
});

test.each([
  [
    'public',
    { isPrivate: false },
    'The channel #data is public: anybody could join it and decide. Make it private.',
  ],
  [
    'shared with another workspace',
    { isShared: true },
    'The channel #data is shared with another workspace: who is in it, is not ours to say. Name one that is not.',
  ],
  ['archived', { isArchived: true }, 'The channel #data is archived.'],
  [
    'one that the app is not in',
    { isMember: false },
    'The app is not in the channel #data: invite it there.',
  ],
])('a channel that is %s lets nobody decide, and says why', async (_, more, unknown) => {
  const world = { channels: [aChannel('data', more)], members: ['U07ANN000'] };
  expect(await directory(world).belongs('ann', 'slack-channel:data')).toEqual({ unknown });
});

describe('a manager', () => {
  test('is who people.yml says', async () => {
    expect(await directory().belongs('bob', 'manager:ann')).toBe(true);
    expect(await directory().belongs('max', 'manager:ann')).toBe(false);
    expect(await directory().belongs('ann', 'manager:bob')).toBe(false);
    expect(await directory().belongs('ann', 'manager:nobody')).toBe(false);
  });
});

describe('a guest', () => {
  test('belongs by their workspace, by their user id, or by their name', async () => {
    const { belongs } = directory();
    expect(await belongs('cleo', 'guest:customer')).toBe(true);
    expect(await belongs('zoe', 'guest:customer')).toBe(true);
    expect(await belongs(`slack:${customer}/U09OTHER0`, 'guest:customer')).toBe(true);
    expect(await belongs(`slack:${acme}/U07GUEST0`, 'guest:customer')).toBe(true);
    expect(await belongs(`slack:T8OTHER00/U07GUEST0`, 'guest:customer')).toBe(false);
    expect(await belongs(`slack:${acme}/U07ANN000`, 'guest:customer')).toBe(false);
  });

  test('belongs to no other group, and nobody else to a group of guests', async () => {
    const { belongs } = directory();
    expect(await belongs(`slack:${customer}/U09OTHER0`, 'role:member')).toBe(false);
    expect(await belongs('cleo', 'person:cleo')).toBe(false);
    expect(await belongs('ann', 'guest:customer')).toBe(false);
    expect(await belongs('nobody', 'guest:customer')).toBe(false);
  });

  test('is narrowed by an e-mail domain, and unknown where no address is to be seen', async () => {
    const { belongs } = directory();
    expect(await belongs(`slack:${acme}/U07GUEST0`, 'guest:narrow')).toBe(true);
    expect(await belongs('cleo', 'guest:narrow')).toEqual({
      unknown:
        'The guests narrow need an e-mail address at customer.com, and that of Cleo is not to be seen.',
    });
    const users = [aUser('U07GUEST0', { email: 'gil@elsewhere.com', isRestricted: true })];
    expect(await directory({ users }).belongs(`slack:${acme}/U07GUEST0`, 'guest:narrow')).toBe(false);
  });

  test('is none once their account is gone, a bot’s, or not to be seen', async () => {
    const who = `slack:${acme}/U07GUEST0`;
    for (const more of [{ isDeactivated: true }, { isBot: true }])
      expect(await directory({ users: [aUser('U07GUEST0', more)] }).belongs(who, 'guest:customer')).toBe(
        false,
      );
    expect(await directory({ users: [] }).belongs(who, 'guest:customer')).toHaveProperty('unknown');
  });

  test('is never all of the desk’s own workspace, though somebody lists it', async () => {
    const listed = settings.replace(`slack_workspaces: [${customer}]`, `slack_workspaces: [${acme}]`);
    const newcomer = aUser('U07NEW000');
    const world = { settings: listed, users: [...everybody, newcomer] };
    expect(await directory(world).person(acme, 'U07NEW000')).toBeNull();
    expect(await directory(world).belongs(`slack:${acme}/U07NEW000`, 'guest:customer')).toBe(false);
  });

  test('is unknown where nobody declared the group', async () => {
    expect(await directory().belongs('cleo', 'guest:nobody')).toEqual({
      unknown: 'There are no guests nobody in countersign.yml.',
    });
  });
});
