// Plays the past: people act as the script says, the real app answers over HTTP, and the clock is moved from one stop to the next.
import { nodeId } from '../github/links.ts';
import type { CommentRow } from '../github/rows.ts';
import type { PastRow } from '../github/state.ts';
import { issueKey } from '../github/state.ts';
import type { LedgerRequest } from '../ledger-index.ts';
import type { Sandbox } from '../server.ts';
import { askOnSlack } from './on-slack.ts';
import { pastDays, scriptOf, type Act } from './script.ts';

export interface PastProgress {
  readonly done: number;
  readonly of: number;
  /** Requests that were asked so far. */
  readonly requests: number;
  readonly finished: boolean;
}

export interface PlayedPast {
  progress(): PastProgress;
  /** Leaves out what is left of the earlier days, and goes on with what a visitor finds. */
  hurry(): void;
  stop(): void;
  /** Resolves once the clock shows the machine's time, or it was stopped. */
  readonly ended: Promise<void>;
}

/** Less than the app waits for an answer: acts so near are one stop. */
const stopMs = 24_000;
/** The app is silent for so long before time goes on. */
const silenceMs = 15;
/**
 * What is expected may take the app a while, or time of the clock: what nothing waits for is written to the ledger after
 * ten seconds, and what failed is tried again. A push cuts short no call that is under way.
 */
const rounds = 60;
const longestRoundMs = 400;
const firstHelpMs = 11_000;
const helpMs = 3000;
/** Whoever was answered, and is in no ledger by then, was refused. */
const refusedAfterMs = 1500;

export function playPast(
  sandbox: Sandbox,
  row: PastRow,
  changed: (progress: PastProgress) => void,
): PlayedPast {
  const { github, clock, ledger } = sandbox;
  const script = scriptOf(new Date(row.beganAt));
  const began = Date.parse(row.beganAt);
  let state = row;
  let isStopped = false;
  let isHurried = false;

  async function play(): Promise<void> {
    sandbox.enforceLimits(false);
    while (!isStopped && state.done < script.acts.length) {
      if (isHurried && state.done < script.presentAt) state = keep({ done: script.presentAt });
      await appIsUp();
      const first = script.acts[state.done];
      if (first) await stopAt(first);
    }
    await goToToday();
    if (isStopped) return;
    sandbox.enforceLimits(true);
    state = keep({ finished: true });
  }

  /** Slack's library takes nothing that was signed minutes ago by the clock of this machine. */
  async function goToToday(): Promise<void> {
    await deadlinesUntil(Date.now());
    if (!isStopped) clock.moveTo(new Date());
  }

  async function stopAt(first: Act): Promise<void> {
    const at = began + first.at * 1000;
    await deadlinesUntil(at);
    const expected: Array<() => boolean> = [];
    for (
      let act = script.acts[state.done];
      act && act.at * 1000 + began < at + stopMs;
      act = script.acts[state.done]
    ) {
      if (isStopped) return;
      clock.moveTo(new Date(began + act.at * 1000));
      const done = await perform(act);
      if (done) expected.push(done);
      if (isHurried && state.done < script.presentAt) break;
    }
    await settle(() => expected.every((isDone) => isDone()) && !isUnderWay());
  }

  /** Stops at each deadline on the way, so that the app keeps it when it comes. */
  async function deadlinesUntil(end: number): Promise<void> {
    for (;;) {
      const next = Math.min(
        ...open()
          .map(({ deadline }) => Date.parse(deadline ?? ''))
          .filter((at) => at > 0),
      );
      if (isStopped || !(next < end)) return;
      clock.moveTo(new Date(next + 200));
      await settle(() => !isUnderWay() && open().every(({ deadline }) => Date.parse(deadline ?? '') > next));
      if (open().some(({ deadline }) => Date.parse(deadline ?? '') <= next)) return;
    }
  }

  function open(): readonly LedgerRequest[] {
    return ledger.requests().filter(({ deadline }) => deadline !== null);
  }

  function isUnderWay(): boolean {
    return ledger.requests().some(({ status }) => status === 'approved' || status === 'ending');
  }

  /** Gives what must be seen before time goes on. */
  async function perform(act: Act): Promise<(() => boolean) | undefined> {
    if (act.do === 'ask') {
      const { who, form, title, answers } = act.asked;
      if (act.asked.onSlack) await goToToday();
      const asked = await askOnSlack(sandbox, act.asked, settle);
      if (asked !== undefined) {
        state = keep({ done: state.done + 1, issues: { ...state.issues, [act.life]: asked } });
        return () => botComments(asked) > 0;
      }
      const { number } = sandbox.as(who).submitForm(form, answers, { title });
      state = keep({ done: state.done + 1, issues: { ...state.issues, [act.life]: number } });
      const since = Date.now();
      const isWritten = (): boolean =>
        ledger.byIssue(number) !== undefined || Date.now() - since > refusedAfterMs;
      return () => botComments(number) > 0 && isWritten();
    }
    const number = state.issues[act.life];
    state = keep({ done: state.done + 1 });
    if (number === undefined) return undefined;
    const person = sandbox.as(act.who);
    if (act.text === null) {
      person.closeIssue(number);
      return undefined;
    }
    const isCommand = act.text.startsWith('/');
    await settle(() => botComments(number) > 0);
    if (isCommand && !isOpen(number)) return undefined;
    const before = botComments(number);
    const comment = await person.comment(number, act.text);
    return isCommand ? () => botComments(number) > before || isRecorded(number, comment) : undefined;
  }

  /** Whatever the flow says by now: nobody says a command to what is over. */
  function isOpen(issue: number): boolean {
    const status = ledger.byIssue(issue)?.status;
    return status === 'pending' || status === 'active';
  }

  function isRecorded(issue: number, { id, repository_id }: CommentRow): boolean {
    const ref = nodeId('comment', repository_id, id);
    return ledger.byIssue(issue)?.entries.some(({ by }) => by.via?.ref === ref) ?? false;
  }

  function botComments(issue: number): number {
    return github.state.comments.in(issueKey(sandbox.desk.id, issue)).filter(({ app_id }) => app_id !== null)
      .length;
  }

  async function settle(isDone: () => boolean): Promise<void> {
    for (let round = 0; round < rounds && !isStopped; round += 1) {
      await appIsUp();
      await sandbox.quiet(silenceMs);
      if (isDone()) return;
      clock.push(round === 0 ? firstHelpMs : helpMs);
      await new Promise((resolve) => setTimeout(resolve, Math.min(longestRoundMs, silenceMs * 1.5 ** round)));
    }
  }

  /** Nobody acts in the past while the app is down: it was all answered. */
  async function appIsUp(): Promise<void> {
    while (!isStopped && sandbox.beside?.app.state !== 'up') {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  function keep(change: Partial<PastRow>): PastRow {
    const next = { ...state, ...change, reachedAt: clock.now().toISOString() };
    github.state.pasts.put(next);
    state = next;
    changed(progress());
    return next;
  }

  function progress(): PastProgress {
    const { done, finished, issues } = state;
    return { done, of: script.acts.length, requests: Object.keys(issues).length, finished };
  }

  return {
    progress,
    hurry: () => void (isHurried = true),
    stop: () => void (isStopped = true),
    ended: play(),
  };
}

/** Where a past begins: fourteen days before now. */
export function newPast(now: Date): PastRow {
  const beganAt = new Date(now.getTime() - pastDays * 24 * 3_600_000).toISOString();
  return { name: 'past', beganAt, reachedAt: beganAt, done: 0, issues: {}, finished: false };
}
