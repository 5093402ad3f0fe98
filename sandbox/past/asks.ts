// What people of the past ask for: forms filled in, with what is said about them afterwards.
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
  /** Asked there instead of on GitHub, where Slack takes it. */
  readonly onSlack?: boolean;
}

/** From the seed of the past: the same on every machine. */
export interface Chance {
  /** A whole number from 0 below `end`. */
  below(end: number): number;
  of<T>(choices: readonly [T, ...T[]]): T;
}

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

/** Production, for what is no emergency. */
export function production(chance: Chance, who: string, sayings: readonly Saying[], duration?: string): Life {
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

/** The same, with an incident. */
export function emergency(chance: Chance, life: Life): Life {
  const incident = `INC-${40 + chance.below(40)}`;
  const more = { Urgency: 'Emergency', 'Which incident is it?': incident };
  const title = titled(incident, String(life.answers['Why do you need access?']));
  return { ...life, title, answers: { ...life.answers, ...more } };
}

export function repositoryRole(
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

export function vault(chance: Chance, who: string, sayings: readonly Saying[]): Life {
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

export function migration(
  chance: Chance,
  who: string,
  downtime: 'yes' | 'no',
  sayings: readonly Saying[],
): Life {
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
export function titled(what: string, reason: string): string {
  return `${what}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
}
