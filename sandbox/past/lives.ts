// The kinds of requests that a past is made of: who asks for what, and what people then do, in minutes after it was asked.
import { emergency, migration, production, repositoryRole, vault, type Chance, type Life } from './asks.ts';

type Kind = (chance: Chance, who: string) => Life;

const fromData = ['bob-l', 'yuki-t'] as const;

const onCall = ['kofi-m', 'priya-r'] as const;
const offCall = ['ann-o', 'lena-f', 'ines-c', 'anastasia-papadopoulou'] as const;

/** Somebody of the data team, and never the person who asks. */
function decider(chance: Chance, who: string): string {
  return who === 'bob-l' ? 'yuki-t' : chance.of(fromData);
}

const kinds = {
  /** Granted, and taken back by itself. */
  granted: (chance, who) =>
    production(chance, who, [
      {
        after: 20,
        who: decider(chance, who),
        text: chance.of([
          '/approve',
          '/approve looks right',
          '/approve go ahead',
          '/approve only reads, please',
        ]),
      },
      { after: 600, who, text: null },
    ]),
  givenBack: (chance, who) =>
    production(
      chance,
      who,
      [
        { after: 10, who: decider(chance, who), text: '/approve' },
        { after: 50, who, text: chance.of(['/revoke done, thanks', '/revoke that was quick', '/revoke']) },
        { after: 70, who, text: null },
      ],
      '1h',
    ),
  takenAway: (chance, who) =>
    production(
      chance,
      who,
      [
        { after: 10, who: decider(chance, who), text: '/approve for the incident' },
        { after: 60, who: decider(chance, who), text: '/revoke the incident is over' },
      ],
      '4h',
    ),
  /** Whoever is on call needs nobody: a rule of the flow approves. */
  onCall: (chance) => {
    const who = chance.of(onCall);
    return emergency(chance, production(chance, who, [{ after: 400, who, text: null }]));
  },
  /** It is an emergency, but not of somebody on call: people decide. */
  emergency: (chance) => {
    const who = chance.of(offCall);
    return emergency(
      chance,
      production(chance, who, [
        { after: 10, who: decider(chance, who), text: '/approve' },
        { after: 400, who, text: null },
      ]),
    );
  },
  /** For less than was asked. */
  grantedLess: (chance, who) =>
    production(
      chance,
      who,
      [
        {
          after: 20,
          who: decider(chance, who),
          text: chance.of(['/approve for 30m', '/approve for 1h that should do']),
        },
        { after: 600, who, text: null },
      ],
      '4h',
    ),
  extended: (chance, who) =>
    production(
      chance,
      who,
      [
        { after: 10, who: decider(chance, who), text: '/approve' },
        {
          after: 110,
          who,
          text: chance.of(['/extend 1h the import is slower than I thought', '/extend 2h']),
        },
        { after: 150, who: decider(chance, who), text: chance.of(['/approve', '/approve take your time']) },
        { after: 900, who, text: null },
      ],
      '4h',
    ),
  notExtended: (chance, who) =>
    production(
      chance,
      who,
      [
        { after: 10, who: decider(chance, who), text: '/approve' },
        { after: 110, who, text: '/extend 4h I would like to watch it over the evening' },
        { after: 150, who: decider(chance, who), text: '/deny Priya is on call tonight, she will watch it' },
        { after: 900, who, text: null },
      ],
      '4h',
    ),
  /** The data team is away, and Max is an admin. */
  stoodIn: (chance, who) =>
    production(chance, who, [
      { after: 40, who, text: 'Bob and Yuki are both on the train. @max-p?' },
      {
        after: 80,
        who: 'max-p',
        text: '/approve as admin Bob and Yuki are on their way to the offsite, and the shop is down',
      },
      { after: 600, who, text: null },
    ]),
  /** Why is it not approved yet? The answer names the step, and who could. */
  asksWhy: (chance, who) =>
    production(chance, who, [
      { after: 60, who, text: '/why' },
      { after: 100, who: decider(chance, who), text: '/approve sorry, I was at lunch' },
      { after: 900, who, text: null },
    ]),
  ownApproval: (chance, who) =>
    production(chance, who, [
      { after: 10, who, text: '/approve' },
      { after: 20, who, text: 'Right, it takes somebody else. @bob-l, could you have a look?' },
      { after: 40, who: decider(chance, who), text: '/approve of course' },
      { after: 600, who, text: null },
    ]),
  denied: (chance, who) =>
    production(chance, who, [
      {
        after: 20,
        who: decider(chance, who),
        text: chance.of([
          '/deny the replica is enough for this',
          '/deny not during the sale',
          '/deny which customer is this about?',
        ]),
      },
      { after: 60, who, text: null },
    ]),
  unanswered: (chance, who) =>
    production(chance, who, [
      { after: 190, who, text: 'Anybody? It can wait until tomorrow, but not longer.' },
    ]),
  withdrawn: (chance, who) =>
    production(chance, who, [
      { after: 20, who, text: chance.of(['/cancel found it in the logs', '/cancel']) },
      { after: 30, who, text: null },
    ]),
  pushRole: (chance, who) =>
    repositoryRole(chance, who, chance.of(['push', 'triage']), 'shop', [
      { after: 30, who: decider(chance, who), text: '/approve' },
      { after: 1000, who, text: null },
    ]),
  maintainRole: (chance, who) =>
    repositoryRole(chance, who, chance.of(['maintain', 'admin']), chance.of(['shop', 'app']), [
      { after: 20, who: 'max-p', text: '/approve fine with me' },
      { after: 60, who: 'dora-k', text: chance.of(['/approve', '/approve until the release is out']) },
    ]),
  vaultOpened: (chance, who) =>
    vault(chance, who, [
      { after: 10, who: decider(chance, who), text: '/approve' },
      { after: 30, who: 'dora-k', text: chance.of(['/approve one customer, short: fine', '/approve']) },
      { after: 300, who, text: null },
    ]),
  vaultDenied: (chance, who) =>
    vault(chance, who, [
      { after: 10, who: decider(chance, who), text: '/approve' },
      { after: 40, who: 'dora-k', text: '/deny please ask the customer first' },
    ]),
  migrationRun: (chance, who) =>
    migration(chance, who, 'no', [
      { after: 20, who: 'dora-k', text: '/approve the index is built concurrently' },
      { after: 40, who: decider(chance, who), text: '/approve I ran it on a copy' },
    ]),
  migrationWithDowntime: (chance, who) =>
    migration(chance, who, 'yes', [
      { after: 20, who: 'dora-k', text: '/approve it takes two minutes at most' },
      { after: 30, who: decider(chance, who), text: '/approve nobody is on the site at that hour' },
      { after: 60, who: 'max-p', text: '/approve the status page says so' },
    ]),
  whoAreYou: (chance) =>
    production(chance, 'eve-s', [
      { after: 30, who: 'max-p', text: 'I will add you to people.yml this week.' },
    ]),
} as const satisfies Readonly<Record<string, Kind>>;

export type LifeKind = keyof typeof kinds;

export function lifeOf(kind: LifeKind, chance: Chance, who: string): Life {
  return kinds[kind](chance, who);
}

/** How often each kind comes: what goes well comes most. */
export const mix: Readonly<Record<LifeKind, number>> = {
  granted: 22,
  givenBack: 13,
  takenAway: 4,
  onCall: 5,
  emergency: 3,
  grantedLess: 3,
  extended: 3,
  notExtended: 1,
  stoodIn: 2,
  asksWhy: 2,
  ownApproval: 3,
  denied: 7,
  unanswered: 4,
  withdrawn: 4,
  pushRole: 10,
  maintainRole: 6,
  vaultOpened: 9,
  vaultDenied: 3,
  migrationRun: 6,
  migrationWithDowntime: 3,
  whoAreYou: 2,
};
