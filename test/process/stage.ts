// What people do in a test of the real process, and what they expect to come of it.
import { nodeId } from '../../sandbox/github/links.ts';
import type { FormAnswers } from '../../sandbox/github/issue-forms.ts';
import type { CommentRow, IssueRow } from '../../sandbox/github/rows.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { Request, Status } from '../../src/domain/request.ts';
import { answerMarker } from '../../src/surfaces/github/marker.ts';
import { ledgerView, type LedgerView } from './ledger-view.ts';
import { until as waitUntil } from './until.ts';

/** A command that somebody said: by the time the day is over it is in the ledger, once, or answered, once. */
export interface Said {
  /** GitHub's signed id of the comment or issue. */
  readonly ref: string;
  readonly what: string;
  readonly fate: 'recorded' | 'refused';
}

/** A request, by what asked for it, and how it has to end. */
export interface Wanted {
  readonly ref: string;
  readonly what: string;
  readonly end: Status;
}

export interface OurComment {
  readonly issue: number;
  readonly body: string;
  /** `card:ID`, `notice:ID:active`, `answer:…`; undefined where it carries none. */
  readonly marker: string | undefined;
}

export interface Stage {
  readonly sandbox: Sandbox;
  readonly ledger: LedgerView;
  readonly said: readonly Said[];
  readonly wanted: readonly Wanted[];
  /** Through an issue form. The number of the issue. */
  asks(who: string, form: string, answers: FormAnswers, end: Status): number;
  /** Through the text of an issue: `/request …`. */
  asksInText(who: string, body: string, end: Status): number;
  /** In a comment on an issue that is about something else: resolves with the number of the issue that it gets. */
  asksInComment(who: string, issue: number, body: string, end: Status): Promise<number>;
  /** Asks in vain. */
  asksInVain(who: string, form: string, answers: FormAnswers): Promise<void>;
  says(who: string, issue: number, text: string): void;
  /** Resolves once it was answered. */
  saysInVain(who: string, issue: number, text: string): Promise<void>;
  until(what: string, isSo: () => boolean): Promise<void>;
  untilStatus(issue: number, status: Status): Promise<Request>;
  untilCard(issue: number): Promise<OurComment>;
}

/** `patienceMs`: how long people wait for the app; for long, unless said. */
export function createStage(sandbox: Sandbox, patienceMs?: number): Stage {
  const until: Stage['until'] = (what, isSo) => waitUntil(what, isSo, patienceMs);
  const ledger = ledgerView(sandbox);
  const said: Said[] = [];
  const wanted: Wanted[] = [];

  function note(ref: string, what: string, fate: Said['fate']): string {
    said.push({ ref, what, fate });
    return ref;
  }

  function ask(row: IssueRow | CommentRow, what: string, end: Status): void {
    const ref = refOf(row);
    note(ref, what, 'recorded');
    wanted.push({ ref, what, end });
  }

  async function untilAnswered(ref: string, what: string): Promise<void> {
    await until(`an answer to ${what}`, () =>
      ourComments(sandbox).some(({ marker }) => marker === answerTo(ref)),
    );
  }

  async function untilStatus(issue: number, status: Status): Promise<Request> {
    await until(`#${issue} to be ${status}`, () => ledger.at(issue)?.phase.status === status);
    const request = ledger.at(issue);
    if (request === undefined) throw new Error(`The request of #${issue} has gone.`);
    return request;
  }

  return {
    sandbox,
    ledger,
    said,
    wanted,
    asks(who, form, answers, end) {
      const row = sandbox.as(who).submitForm(form, answers);
      ask(row, `${who} asks by ${form} in #${row.number}`, end);
      return row.number;
    },
    asksInText(who, body, end) {
      const row = sandbox.as(who).openIssue({ title: 'I need something', body });
      ask(row, `${who} asks “${body}” in #${row.number}`, end);
      return row.number;
    },
    async asksInComment(who, issue, body, end) {
      const row = sandbox.as(who).comment(issue, body);
      const ref = refOf(row);
      ask(row, `${who} asks “${body}” on #${issue}`, end);
      const thread = (): number | undefined =>
        ledger.requests().find(({ requester }) => requester.via.ref === ref)?.thread?.issue;
      await until(`an issue for “${body}”`, () => thread() !== undefined);
      return thread() ?? 0;
    },
    async asksInVain(who, form, answers) {
      const row = sandbox.as(who).submitForm(form, answers);
      const what = `${who} asks in vain in #${row.number}`;
      await untilAnswered(note(refOf(row), what, 'refused'), what);
    },
    says(who, issue, text) {
      note(refOf(sandbox.as(who).comment(issue, text)), `${who} says “${text}” on #${issue}`, 'recorded');
    },
    async saysInVain(who, issue, text) {
      const what = `${who} says “${text}” in vain on #${issue}`;
      await untilAnswered(note(refOf(sandbox.as(who).comment(issue, text)), what, 'refused'), what);
    },
    until,
    untilStatus,
    async untilCard(issue) {
      const card = (): OurComment | undefined =>
        ourComments(sandbox).find((it) => it.issue === issue && it.marker?.startsWith('card:'));
      await until(`the card of #${issue}`, () => card() !== undefined);
      return card() ?? { issue, body: '', marker: undefined };
    },
  };
}

/** All that the app wrote in comments. */
export function ourComments({ github }: Sandbox): readonly OurComment[] {
  const bot = github.account('countersign[bot]')?.id;
  return github.state.comments
    .all()
    .filter(({ user_id }) => user_id === bot)
    .map(({ number, body }) => ({ issue: number, body, marker: markerOf(body) }));
}

/** The issues that the app opened. */
export function ourIssues({ github }: Sandbox): readonly OurComment[] {
  const bot = github.account('countersign[bot]')?.id;
  return github.state.issues
    .all()
    .filter(({ user_id }) => user_id === bot)
    .map(({ number, body }) => ({ issue: number, body: body ?? '', marker: markerOf(body ?? '') }));
}

/** The marker of our answer to what has this signed id. */
export function answerTo(ref: string): string | undefined {
  return markerOf(answerMarker(ref));
}

function markerOf(body: string): string | undefined {
  return /<!-- countersign:(\S+) -->\s*$/.exec(body)?.[1];
}

function refOf(row: IssueRow | CommentRow): string {
  return nodeId('title' in row ? 'issue' : 'comment', row.repository_id, row.id);
}
