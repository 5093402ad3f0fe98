// Changes of a flow that show what its check can say, for whoever has none in mind.
export interface FlowExample {
  readonly label: string;
  /** What the check will say to it. */
  readonly tells: string;
  /** Of the pull request. */
  readonly title: string;
  readonly path: string;
  readonly was: string;
  readonly is: string;
}

const path = 'flows/production-access.yml';

export const flowExamples: readonly FlowExample[] = [
  {
    label: 'Misspell a key',
    tells: 'Said at the line, with what you meant.',
    title: 'Tidy up who may ask',
    path,
    was: '\nrequesters: ',
    is: '\nrequestors: ',
  },
  {
    label: 'Let everybody ask',
    tells: 'All is well written; so it says who gains.',
    title: 'Everybody may ask for production',
    path,
    was: 'requesters: [team:acme/engineering]',
    is: 'requesters: [role:member]',
  },
  {
    label: 'Approve your own',
    tells: 'Two scenarios say that nobody does.',
    title: 'Requesters approve themselves',
    path,
    was: '\napproval:\n',
    is: '\napproval:\n  allow_self_approval: true\n',
  },
  {
    label: 'Break a scenario',
    tells: 'Ten times a day is too often? One knows better.',
    title: 'Ten times in a day is enough',
    path,
    was: "requester.requests('1d') > 20",
    is: "requester.requests('1d') > 10",
  },
];

/** Undefined where the flow has become another one, or is like that already. */
export function changedBy({ was, is }: FlowExample, text: string): string | undefined {
  return text.includes(was) && !text.includes(is) ? text.replace(was, () => is) : undefined;
}
