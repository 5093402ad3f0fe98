// Says in an issue of the desk that somebody tries a target, before anything is granted: a trial is approved by nobody, and so never silent.
import type { GitHubApp } from '../../clients/github/github-app.ts';
import { GitHubFailure } from '../../clients/github/failure.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { repositoryOf, type OperatorDesk } from '../operator-desk.ts';
import type { Trial, TrialOutcome } from './trial.ts';

export interface TrialRecord {
  readonly url: string;
  /** It is closed where nothing is left, and stays open else. */
  close(outcome: TrialOutcome): Promise<void>;
}

/** Throws `Failure` where it cannot be said: then nothing is tried. */
export async function openTrialRecord(
  desk: Pick<OperatorDesk, 'id' | 'github'>,
  trial: Trial,
): Promise<TrialRecord> {
  const place = await placeOf(desk);
  const { offered, person } = trial;
  const title = `countersign try: ${offered.flow}/${offered.target} for ${person}`;
  const { data } = await inOurWords('opening the issue', () =>
    place.octokit.rest.issues.create({ ...place.repository, title, body: opening(trial) }),
  );
  const issue = { ...place.repository, issue_number: data.number };
  return {
    url: data.html_url,
    async close(outcome) {
      const body = closing(trial, outcome);
      await inOurWords('saying how it ended', () =>
        place.octokit.rest.issues.createComment({ ...issue, body }),
      );
      if (outcome.isLeft) return;
      await inOurWords('closing the issue', () =>
        place.octokit.rest.issues.update({ ...issue, state: 'closed' }),
      );
    },
  };
}

async function placeOf({ id, github }: { readonly id: OperatorDesk['id']; readonly github: GitHubApp }) {
  const { installation, owner, name } = await inOurWords('finding the desk', () =>
    github.forRepositoryId(repositoryOf({ id })),
  );
  return { octokit: installation.at('card'), repository: { owner, repo: name } };
}

function opening(trial: Trial): string {
  return [
    'Somebody with the credentials of the app tries whether this can be granted and taken back. **Nobody approved it**, and the ledger does not know of it: the access is to be gone within minutes, and this issue is closed then.',
    facts(trial),
    'If this issue stays open, the command was cut off: look at the account there, and take away what is too much.',
  ].join('\n\n');
}

function closing(trial: Trial, { steps, isLeft }: TrialOutcome): string {
  const lines = steps.map(
    ({ name, ms, says, failure }) =>
      `- ${failure === undefined ? '✓' : '✗'} ${name}, ${ms} ms: ${code(says)}`,
  );
  const end = isLeft
    ? `**It could not be seen to be gone.** Take it away by hand:\n\n${facts(trial)}`
    : 'It is gone, and what was there before is there.';
  return [...(lines.length > 0 ? [lines.join('\n')] : ['Nothing was granted.']), end].join('\n\n');
}

function facts({ offered, person, account, resource, wanted, before }: Trial): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Flow and target', `${offered.flow}/${offered.target}`],
    ['Person', person],
    ['Account', account],
    ['Resource', resource],
    ['Is given for a moment', wanted],
    ['Had before', before],
  ];
  return rows.map(([name, value]) => `- ${name}: ${code(value)}`).join('\n');
}

/** Nothing in it mentions, links or breaks out. */
function code(text: string): string {
  return `\`${text.replace(/[`\p{Cc}]/gu, '·')}\``;
}

async function inOurWords<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    throw new Failure(`GitHub did not allow ${what} of the trial: ${error.message}`, {
      transient: error.transient,
    });
  }
}
