// What a visitor finds today: who has access, what has just ended, and what waits for whom.
import { titled, type Life } from './asks.ts';

/** One access that has just ended, one that goes on, one that a rule gave, and requests that wait for Dora, a customer and Bob. */
export const present: ReadonlyArray<{ readonly beforeNow: number; readonly life: Life }> = [
  {
    beforeNow: 85,
    life: presentProduction('kofi-m', '4h', 'Watch the payments while the new gateway takes over'),
  },
  { beforeNow: 45, life: presentProduction('ines-c', '30m', 'A customer sees two invoices for one order') },
  { beforeNow: 35, life: onCall('priya-r', '4h', 'The nightly job hangs; look at its locks', 'INC-87') },
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
  {
    beforeNow: 15,
    life: {
      who: 'kofi-m',
      form: 'customer-data.yml',
      title: 'Customer data of C104726',
      answers: {
        Flow: 'customer-data',
        Target: 'customer-data',
        Duration: '30m',
        'Customer number': 'C104726',
        'What are you looking for?': 'Why your export of this morning stopped halfway',
      },
      sayings: [{ after: 4, who: 'bob-l', text: '/approve' }],
    },
  },
  {
    beforeNow: 2,
    life: { ...presentProduction('ann-o', '30m', 'Backfill of order 4711'), sayings: [], onSlack: true },
  },
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

function onCall(who: string, duration: string, reason: string, incident: string): Life {
  const life = presentProduction(who, duration, reason);
  const more = { Urgency: 'Emergency', 'Which incident is it?': incident };
  return {
    ...life,
    title: titled(incident, reason),
    answers: { ...life.answers, ...more },
    sayings: [],
  };
}
