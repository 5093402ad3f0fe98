// The kinds of requests that a past is made of: who asks for what, and what people then do, in minutes after it was asked.
import type { FormAnswers } from '../github/issue-forms.ts';

export interface Saying {
  /** Minutes after it was asked. */
  readonly after: number;
  readonly who: string;
  /** A comment; null closes the issue. */
  readonly text: string | null;
}

export interface Life {
  readonly who: string;
  readonly form: string;
  readonly title: string;
  readonly answers: FormAnswers;
  readonly sayings: readonly Saying[];
}

/** From the seed of the past: the same on every machine. */
export interface Chance {
  /** A whole number from 0 below `end`. */
  below(end: number): number;
  of<T>(choices: readonly [T, ...T[]]): T;
}

type Kind = (chance: Chance, who: string) => Life;

const reasons = [
  'Backfill of the orders that the import lost',
  'The nightly job hangs; look at its locks',
  'A customer sees two invoices for one order',
  'Reindex the catalogue after the outage',
  'Check what the new query plan does under load',
  'Clean up test accounts from the spring sale',
  'Compare the balances with the bank’s file',
  'Find out why the queue does not drain',
  'Rotate the credentials of the mail relay',
] as const;

const repositoryWork = [
  'Cut the release branch and protect it',
  'Move the labels to the new scheme',
  'Set up the deploy environment',
  'Merge the long-lived branch before the freeze',
] as const;

const vaultWork = [
  'Restore the export that failed last night',
  'Their keys expire tomorrow; put the new ones in',
  'They ask for proof that the old keys are gone',
] as const;

const fromData = ['bob-l', 'yuki-t'] as const;

/** Somebody of the data team, and never the person who asks. */
function decider(chance: Chance, who: string): string {
  return who === 'bob-l' ? 'yuki-t' : chance.of(fromData);
}

function production(chance: Chance, who: string, sayings: readonly Saying[], duration?: string): Life {
  const reason = chance.of(reasons);
  return {
    who,
    form: 'production-access.yml',
    title: titled('Production access', reason),
    answers: {
      Flow: 'production-access',
      Target: 'production',
      Duration: duration ?? chance.of(['30m', '30m', '1h', '4h']),
      'Why do you need access?': reason,
      Urgency: 'Normal',
    },
    sayings,
  };
}

function repositoryRole(
  chance: Chance,
  who: string,
  role: string,
  repository: string,
  sayings: readonly Saying[],
): Life {
  const reason = chance.of(repositoryWork);
  return {
    who,
    form: 'repository-role.yml',
    title: titled(`${role} on ${repository}`, reason),
    answers: {
      Flow: 'repository-role',
      Target: 'repository',
      Duration: chance.of(['1h', '8h']),
      Repository: repository,
      Role: role,
      'What will you do there?': reason,
    },
    sayings,
  };
}

function vault(chance: Chance, who: string, sayings: readonly Saying[]): Life {
  const customer = `C1047${10 + chance.below(80)}`;
  return {
    who,
    form: 'vault.yml',
    title: `Customer vault of ${customer}`,
    answers: {
      Flow: 'vault',
      Target: 'customer-keys',
      Duration: chance.of(['15m', '30m', '1h']),
      'Customer number': customer,
      'What do you need the keys for?': chance.of(vaultWork),
    },
    sayings,
  };
}

function migration(chance: Chance, who: string, downtime: 'yes' | 'no', sayings: readonly Saying[]): Life {
  const pull = 200 + chance.below(90);
  return {
    who,
    form: 'run-migration.yml',
    title: `Run the migration of app#${pull}`,
    answers: {
      Flow: 'run-migration',
      'The pull request with the migration': `https://github.com/acme/app/pull/${pull}`,
      'Will users notice?': downtime,
    },
    sayings,
  };
}

/** People say what it is about, so that it is found again. */
function titled(what: string, reason: string): string {
  return `${what}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
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
  emergency: (chance, who) => {
    const life = production(chance, who, [
      { after: 10, who: decider(chance, who), text: '/approve' },
      { after: 400, who, text: null },
    ]);
    const number = 40 + chance.below(40);
    const more = { Urgency: 'Emergency', 'Which incident is it?': `INC-${number}` };
    return { ...life, title: `Production access for INC-${number}`, answers: { ...life.answers, ...more } };
  },
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
  granted: 30,
  givenBack: 15,
  takenAway: 4,
  emergency: 6,
  ownApproval: 3,
  denied: 7,
  unanswered: 4,
  withdrawn: 4,
  pushRole: 11,
  maintainRole: 6,
  vaultOpened: 10,
  vaultDenied: 4,
  migrationRun: 7,
  migrationWithDowntime: 3,
  whoAreYou: 2,
};

/** What a visitor finds: one access that has just ended, one that goes on, and requests that wait for Dora and for Bob. */
export const present: ReadonlyArray<{ readonly beforeNow: number; readonly life: Life }> = [
  {
    beforeNow: 85,
    life: presentProduction('kofi-m', '4h', 'Watch the payments while the new gateway takes over'),
  },
  { beforeNow: 45, life: presentProduction('ines-c', '30m', 'A customer sees two invoices for one order') },
  {
    beforeNow: 25,
    life: {
      who: 'lena-f',
      form: 'vault.yml',
      title: 'Customer vault of C104711',
      answers: {
        Flow: 'vault',
        Target: 'customer-keys',
        Duration: '30m',
        'Customer number': 'C104711',
        'What do you need the keys for?': 'Restore the export that failed last night',
      },
      sayings: [{ after: 5, who: 'bob-l', text: '/approve' }],
    },
  },
  { beforeNow: 6, life: { ...presentProduction('ann-o', '30m', 'Backfill of order 4711'), sayings: [] } },
];

function presentProduction(who: string, duration: string, reason: string): Life {
  return {
    who,
    form: 'production-access.yml',
    title: titled('Production access', reason),
    answers: {
      Flow: 'production-access',
      Target: 'production',
      Duration: duration,
      'Why do you need access?': reason,
      Urgency: 'Normal',
    },
    sayings: [{ after: 10, who: 'yuki-t', text: '/approve' }],
  };
}
