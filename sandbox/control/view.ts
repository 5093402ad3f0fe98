// What the page shows, as data.
import type { Beside } from '../beside.ts';
import { forgeryOf, type Forgery } from '../forgery.ts';
import type { GitHub } from '../github/github.ts';
import { issueForms } from '../github/issue-forms.ts';
import type { IssueForm } from '../github/issue-forms.ts';
import { reactionContents } from '../github/rows.ts';
import type { CommentRow, IssueRow, RepositoryRow } from '../github/rows.ts';
import { issueKey } from '../github/state.ts';
import { renderMarkdown } from '../markdown.ts';
import type { PastProgress } from '../past/play.ts';
import type { Delivery, Sandbox } from '../server.ts';
import { ledgerBranch } from '../verifier.ts';
import { ledgerLog } from '../views.ts';
import type { Holdings, LedgerCommit } from '../views.ts';
import type { WeatherSwitch } from '../switches.ts';
import { accountView, persons, type AccountView, type PersonView } from './persons.ts';
import { pullView, type PullView } from './pull-view.ts';
import { nextDeadline, standingOf, type Deadline, type Standing } from './standing.ts';

export interface IssueSummary {
  readonly number: number;
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly isPull: boolean;
  readonly author: string;
  readonly createdAt: string;
  readonly comments: number;
  readonly labels: ReadonlyArray<{ readonly name: string; readonly color: string }>;
  /** By the ledger; null for what is no request, or was refused. */
  readonly standing: Standing | null;
}

export interface ReactionView {
  readonly content: string;
  readonly logins: readonly string[];
}

export interface PostView {
  /** Null for the issue's own text. */
  readonly id: number | null;
  readonly author: AccountView;
  readonly association: string;
  readonly html: string;
  readonly body: string;
  readonly createdAt: string;
  readonly editedBy: string | null;
  readonly reactions: readonly ReactionView[];
}

export interface ThreadView extends IssueSummary {
  /** Null for an issue that is none. */
  readonly pull: PullView | null;
  readonly posts: readonly PostView[];
}

export interface DeliveryView {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly at: string;
  readonly redelivery: boolean;
  readonly status: string;
  readonly ok: boolean | null;
  readonly durationMs: number;
}

export interface ClockView {
  readonly now: string;
  readonly offsetMs: number;
  readonly next: Deadline | null;
}

export interface LedgerView extends LedgerCommit {
  /** A sentence for each entry, without the request's id; with the issue that it is about. */
  readonly sentences: ReadonlyArray<{ readonly text: string; readonly issue: number | null }>;
}

export interface PageView {
  readonly clock: ClockView;
  readonly app: Beside['app'] | null;
  readonly past: PastProgress | null;
  readonly weather: readonly WeatherSwitch[];
  /** Slack's; empty where there is none. */
  readonly slackWeather: readonly WeatherSwitch[];
  /** Troubles that strike once or a few times and then are over. */
  readonly troubles: number;
  readonly forgery: Forgery | null;
  readonly canVerify: boolean;
  readonly desk: string;
  readonly cloneUrl: string;
  readonly appUrl: string | null;
  readonly people: readonly PersonView[];
  readonly hasSlack: boolean;
  readonly issues: readonly IssueSummary[];
  readonly forms: readonly IssueForm[];
  readonly holdings: Holdings;
  readonly ledger: readonly LedgerView[];
  readonly ledgerSize: number;
  readonly deliveries: readonly DeliveryView[];
  readonly calls: number;
}

const MOST_SHOWN = 60;

export function pageView(sandbox: Sandbox, desk: RepositoryRow): PageView {
  const { github } = sandbox;
  const past = sandbox.beside?.past?.progress();
  const weather = sandbox.weather.switches();
  return {
    clock: {
      now: sandbox.clock.now().toISOString(),
      offsetMs: sandbox.clock.offset,
      next: nextDeadline(sandbox),
    },
    app: sandbox.beside?.app ?? null,
    past: past?.finished === false ? past : null,
    weather,
    slackWeather: sandbox.slack?.weather.switches() ?? [],
    troubles: sandbox.weather.single(),
    forgery: forgeryOf(sandbox) ?? null,
    canVerify: sandbox.beside?.verify != null,
    desk: github.fullName(desk),
    cloneUrl: `${sandbox.url}/${github.fullName(desk)}.git`,
    appUrl: sandbox.appUrl,
    people: persons(sandbox, desk),
    hasSlack: sandbox.slack !== null,
    issues: github.state.issues
      .in(desk.id)
      .map((row) => issueSummary(sandbox, row))
      .reverse(),
    forms: issueForms(github, desk),
    holdings: sandbox.holdings(),
    ...ledgerParts(sandbox),
    deliveries: sandbox.deliveries().slice(-MOST_SHOWN).reverse().map(deliveryView),
    calls: sandbox.requests.length,
  };
}

/** The commits of the newest requests, in sentences. */
function ledgerParts(sandbox: Sandbox): Pick<PageView, 'ledger' | 'ledgerSize'> {
  const requests = sandbox.ledger.requests();
  const issues = new Map(requests.map(({ id, issue }) => [id, issue]));
  const log = ledgerLog(sandbox.github, sandbox.github.fullName(sandbox.desk), ledgerBranch, MOST_SHOWN);
  return {
    ledger: log.map((commit) => ({ ...commit, sentences: sentencesOf(commit, issues) })),
    ledgerSize: requests.reduce((sum, { entries }) => sum + entries.length, 0),
  };
}

/** The body has a line for each entry where the subject does not say all. */
function sentencesOf(
  { message }: LedgerCommit,
  issues: ReadonlyMap<string, number | null>,
): LedgerView['sentences'] {
  const [subject = '', ...rest] = message.split('\n');
  const lines = rest.filter((line) => line.startsWith('- ')).map((line) => line.slice(2));
  return (lines.length > 0 ? lines : [subject]).map((line) => {
    const id = /\b[0-9A-HJKMNP-TV-Z]{26}\b/.exec(line)?.[0] ?? '';
    return { text: line.replace(id, '').replaceAll(/ {2,}/g, ' ').trim(), issue: issues.get(id) ?? null };
  });
}

function issueSummary(sandbox: Sandbox, row: IssueRow): IssueSummary {
  const { github } = sandbox;
  const request = row.repository_id === sandbox.desk.id ? sandbox.ledger.byIssue(row.number) : undefined;
  return {
    standing: request ? standingOf(sandbox, request) : null,
    number: row.number,
    title: row.title,
    state: row.state,
    isPull: row.pull !== undefined,
    author: github.accountById(row.user_id).login,
    createdAt: row.created_at,
    comments: github.state.comments.in(issueKey(row.repository_id, row.number)).length,
    labels: row.label_ids.flatMap((id) => {
      const label = github.state.labels.get(id);
      return label ? [{ name: label.name, color: label.color }] : [];
    }),
  };
}

export function threadView(sandbox: Sandbox, row: IssueRow): ThreadView {
  const { github } = sandbox;
  const comments = github.state.comments.in(issueKey(row.repository_id, row.number));
  return {
    ...issueSummary(sandbox, row),
    pull: row.pull ? pullView(github, row, row.pull) : null,
    posts: [firstPost(github, row), ...comments.map((comment) => commentPost(github, comment))],
  };
}

function firstPost(github: GitHub, row: IssueRow): PostView {
  return {
    id: null,
    ...postParts(github, row, row.body ?? ''),
    createdAt: row.created_at,
    editedBy: row.edited_at ? github.accountById(row.user_id).login : null,
    reactions: reactionViews(github, `issue/${row.id}`),
  };
}

function commentPost(github: GitHub, row: CommentRow): PostView {
  return {
    id: row.id,
    ...postParts(github, row, row.body),
    createdAt: row.created_at,
    editedBy: row.edited_by_id === undefined ? null : github.accountById(row.edited_by_id).login,
    reactions: reactionViews(github, `comment/${row.id}`),
  };
}

function postParts(
  github: GitHub,
  row: { readonly repository_id: number; readonly user_id: number },
  body: string,
): Pick<PostView, 'author' | 'association' | 'html' | 'body'> {
  const repository = github.repositoryById(row.repository_id);
  const account = github.accountById(row.user_id);
  const membership = github.state.organizationMembers.get(`${repository.owner_id}/${account.id}`);
  return {
    author: accountView(account),
    association: membership?.state === 'active' ? 'Member' : '',
    html:
      body === ''
        ? '<p><em>No description provided.</em></p>'
        : renderMarkdown(body, github.fullName(repository)),
    body,
  };
}

function reactionViews(github: GitHub, subject: string): ReactionView[] {
  const rows = github.state.reactions.in(subject);
  return reactionContents
    .map((content) => ({
      content,
      logins: rows
        .filter((row) => row.content === content)
        .map((row) => github.accountById(row.user_id).login),
    }))
    .filter((one) => one.logins.length > 0);
}

function deliveryView(delivery: Delivery): DeliveryView {
  const { outcome } = delivery;
  const code = outcome?.status_code ?? 0;
  return {
    id: delivery.id,
    guid: delivery.guid,
    event: delivery.event,
    action: delivery.action,
    at: delivery.at,
    redelivery: delivery.redelivery,
    status: outcome ? (code === 0 ? outcome.status : `${code} ${outcome.status}`) : 'on its way',
    ok: outcome ? code >= 200 && code < 300 : null,
    durationMs: Math.round((outcome?.duration ?? 0) * 1000),
  };
}
