// The check of pull requests that touch flows: what is wanted is kept until it is done, and what no webhook asked for is found by reading again.
import { minutes, hours } from '../../../domain/duration.ts';
import { parseInstant, plus, type DeskId, type Instant, type Milliseconds } from '../../../domain/names.ts';
import type { ProposedChange } from '../../../desk/change/review-change.ts';
import type { GitHubApp } from '../../../clients/github/github-app.ts';
import type { ErrorChannel } from '../../../engine/error-channel.ts';
import { Failure } from '../../../engine/ports/failure.ts';
import type { Clock } from '../../../engine/ports/clock.ts';
import type { Log } from '../../../engine/ports/log.ts';
import { repositoryOf, type Repository } from '../github-place.ts';
import { readInstant } from '../read-delivery.ts';
import type { Bookmarks } from '../recover.ts';
import { newestRun, sendRun, type CheckRun } from './check-runs.ts';
import { commitForms, obstacleTo } from './commit-forms.ts';
import type { Judge } from './judge-apart.ts';
import { readCheckDelivery, type Wanted } from './read-check-delivery.ts';
import { readProposal, type ProposalParts, type ReadFilesAt } from './read-proposal.ts';
import { renderNotChecked, renderVerdict, type CheckOutput } from './render-check.ts';
import { readPull, touchesFlows, type PullFacts } from './touched-flows.ts';
import { createWantedChecks, maxTries, mostWanted } from './wanted-checks.ts';

export interface FlowCheckParts {
  readonly github: GitHubApp;
  readonly desks: readonly DeskId[];
  /** Our app's account: its slug and `[bot]`. */
  readonly botLogin: string;
  readonly at: ReadFilesAt;
  readonly lookUpGroup: ProposalParts['lookUpGroup'];
  readonly lookUpSlack?: NonNullable<ProposalParts['lookUpSlack']>;
  readonly seeCode: ProposalParts['seeCode'];
  readonly inForce: ProposalParts['inForce'];
  readonly judge: Judge;
  readonly errors: Pick<ErrorChannel, 'raise' | 'clear'>;
  readonly bookmarks: Bookmarks;
  readonly clock: Clock;
  readonly log: Log;
}

export interface FlowCheck {
  /** Whether a webhook was about this; what it asks for is durable when it resolves. */
  accept(event: string, payload: unknown): Promise<boolean>;
  /** What the bell rings for: does one check of each desk, if one is wanted. */
  beat(): Promise<void>;
  /** Looks at the pull requests that changed since the last time. Returns how many. */
  lookAgain(): Promise<number>;
}

const margin: Milliseconds = minutes(10);
const firstLook: Milliseconds = hours(24);
const maxPages = 10;
const problemKey = 'check';

export function createFlowCheck(parts: FlowCheckParts): FlowCheck {
  const { github, desks, botLogin, judge, errors, bookmarks, clock, log } = parts;
  const wishes = createWantedChecks(parts);
  /** Heads that need no check any more, by pull request. */
  const settled = new Map<string, string>();
  const appSlug = botLogin.replace(/\[bot\]$/, '');

  /** False where it is to be tried again. */
  async function attempt(desk: DeskId, wanted: Wanted, tries: number, asked: () => void): Promise<boolean> {
    try {
      await check(desk, wanted, asked, tries >= maxTries);
      errors.clear(desk, problemKey);
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown';
      log.warn('The flows of a pull request could not be checked now', {
        desk,
        sha: wanted.sha,
        tries,
        error: why,
      });
      if (error instanceof Failure && error.transient && tries < maxTries) return false;
      errors.raise(desk, {
        key: problemKey,
        kind: 'check-failed',
        what: `${wanted.pull === undefined ? wanted.sha.slice(0, 7) : `Pull request ${wanted.pull}`}: ${why}`,
      });
      return true;
    }
  }

  async function check(desk: DeskId, wanted: Wanted, asked: () => void, isLastTry: boolean): Promise<void> {
    const repository = counted(await repositoryOf(github, desk), asked);
    // Of a commit alone GitHub does not say whose it is; several pull requests may have it.
    const pulls = wanted.pull === undefined ? await openPullsWith(repository, wanted.sha) : [wanted.pull];
    for (const number of pulls) {
      const pull = await readPull(repository, number);
      if (!pull.isOpen) continue;
      if (wanted.forms) await makeForms(repository, desk, { pull, sha: wanted.sha, asked });
      else await checkPull(repository, desk, { pull, wanted, asked, isLastTry });
    }
  }

  async function checkPull(
    repository: Repository,
    desk: DeskId,
    {
      pull,
      wanted,
      asked,
      isLastTry,
    }: {
      readonly pull: PullFacts;
      readonly wanted: Wanted;
      readonly asked: () => void;
      readonly isLastTry: boolean;
    },
  ): Promise<void> {
    const sha = pull.head;
    const externalId = externalIdOf(desk, pull);
    const newest = await newestRun(repository, sha, { externalId, appSlug });
    const isDone = newest?.isCompleted === true;
    const isNeeded = isDone
      ? isAskedAfter(newest, wanted)
      : newest !== undefined || (await touchesFlows(repository, pull));
    if (isNeeded) {
      const read = (): Promise<ProposedChange> =>
        readProposal({ desk, pull }, repository, { ...parts, asked });
      const output = await outputFor(desk, sha, read, isLastTry);
      await sendRun(repository, { sha, externalId, output, begun: isDone ? undefined : newest });
      const { conclusion } = output;
      log.info('The flows of a pull request were checked', { desk, pull: pull.number, sha, conclusion });
    }
    noteSettled(desk, pull.number, sha);
  }

  /** Whoever pressed the button looked at this very commit. */
  async function makeForms(
    repository: Repository,
    desk: DeskId,
    { pull, sha, asked }: { readonly pull: PullFacts; readonly sha: string; readonly asked: () => void },
  ): Promise<void> {
    if (pull.head !== sha) return log.info('These issue forms are those of an older commit', { desk, sha });
    const obstacle = obstacleTo(pull, repository);
    if (obstacle !== undefined)
      throw new Failure(`No issue forms were committed: ${obstacle}.`, { transient: false });
    const { forms } = await judge(await readProposal({ desk, pull }, repository, { ...parts, asked }));
    const isDone = await commitForms(repository, pull, forms);
    log.info(isDone ? 'Issue forms were committed' : 'Issue forms needed no commit', { desk, sha });
  }

  async function outputFor(
    desk: DeskId,
    sha: string,
    read: () => Promise<ProposedChange>,
    isLastTry: boolean,
  ): Promise<CheckOutput> {
    try {
      return renderVerdict(await judge(await read()));
    } catch (error) {
      if (error instanceof Failure && error.transient && !isLastTry) throw error;
      if (error instanceof Failure) return renderNotChecked(error.message);
      log.error('Flows could not be judged', {
        desk,
        sha,
        error: error instanceof Error ? error.message : 'unknown',
      });
      return renderNotChecked('Something went wrong in Countersign itself; its log says what.');
    }
  }

  function noteSettled(desk: DeskId, pull: number, sha: string): void {
    const key = `${desk} ${pull}`;
    settled.delete(key);
    settled.set(key, sha);
    for (const oldest of settled.keys()) {
      if (settled.size <= 5000) break;
      settled.delete(oldest);
    }
  }

  async function lookAgainAt(desk: DeskId): Promise<number> {
    const mark = `flow-checks-looked ${desk}`;
    const startedAt = clock.now();
    const marked = parseInstant((await bookmarks.bookmark(mark)) ?? '');
    const since = marked === undefined ? plus(startedAt, -firstLook) : plus(marked, -margin);
    const pulls = await pullsSince(await repositoryOf(github, desk), since);
    const unknown = pulls.filter(({ pull, sha }) => settled.get(`${desk} ${pull}`) !== sha);
    for (const each of unknown.slice(0, mostWanted)) await wishes.want(desk, each);
    await bookmarks.setBookmark(mark, startedAt);
    return unknown.length;
  }

  return {
    async accept(event, payload) {
      const read = readCheckDelivery(event, payload);
      if (read === undefined) return false;
      if (!desks.includes(read.desk)) return true;
      await wishes.want(read.desk, read.wanted);
      return true;
    },
    async beat() {
      await Promise.all(desks.map((desk) => wishes.doNext(desk, (...next) => attempt(desk, ...next))));
    },
    async lookAgain() {
      let count = 0;
      for (const desk of desks) {
        try {
          count += await lookAgainAt(desk);
        } catch (error) {
          if (!(error instanceof Failure) || error.transient) throw error;
          const what = `Pull requests cannot be listed: ${error.message}`;
          errors.raise(desk, { key: problemKey, kind: 'check-failed', what });
        }
      }
      return count;
    },
  };
}

/** Tells of each call. Looking at what touches no flow takes them too: of a pull request with 3,000 files, thirty. */
function counted(repository: Repository, asked: () => void): Repository {
  return {
    ...repository,
    at(...where) {
      asked();
      return repository.at(...where);
    },
  };
}

/** A commit of a fork is in no branch here, and GitHub does not say of it which pull requests it belongs to. */
async function openPullsWith(repository: Repository, sha: string): Promise<readonly number[]> {
  const open = await pullsSince(repository, undefined);
  return open.filter((each) => each.sha === sha).map(({ pull }) => pull);
}

/** The open ones that changed since, newest first. */
async function pullsSince(
  { owner, repo, at }: Repository,
  since: Instant | undefined,
): Promise<readonly { readonly pull: number; readonly sha: string }[]> {
  const found: { readonly pull: number; readonly sha: string }[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const { data } = await at('read').rest.pulls.list({
      owner,
      repo,
      state: 'open',
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
      page,
    });
    const changed = data.filter(
      ({ updated_at }) => since === undefined || (readInstant(updated_at) ?? since) >= since,
    );
    found.push(...changed.map(({ number, head }) => ({ pull: number, sha: head.sha })));
    if (changed.length < 100) break;
  }
  return found;
}

/** Whether it was asked for once more after this run had been made. */
function isAskedAfter({ id, completedAt }: CheckRun, { again }: Wanted): boolean {
  if (again === undefined) return false;
  if ('run' in again) return id <= again.run;
  return completedAt === undefined || Date.parse(completedAt) <= Date.parse(again.since);
}

/** A commit may be of several desks and pull requests: who proposes it makes a difference. */
function externalIdOf(desk: DeskId, { number, head }: PullFacts): string {
  return `${desk} ${number} ${head}`;
}
