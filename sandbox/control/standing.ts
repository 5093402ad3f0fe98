// Where each request stands, for the page: whom it waits for, and what happens next if nobody does anything.
import { loginOf, membersOf } from './groups.ts';
import { stepsOf } from '../ledger-index.ts';
import type { LedgerEntry, LedgerRequest, LedgerStatus, LedgerStep } from '../ledger-index.ts';
import type { Sandbox } from '../server.ts';

export interface Standing {
  readonly status: LedgerStatus;
  readonly deadline: string | null;
  readonly requester: string;
  /** Logins of those who can decide now. */
  readonly waitsFor: readonly string[];
  /** "Production access → Production". */
  readonly what: string;
}

export interface Deadline {
  readonly at: string;
  readonly issue: number | null;
  readonly what: string;
}

export function standingOf(sandbox: Sandbox, request: LedgerRequest): Standing {
  const { status, deadline } = request;
  const requester = requesterOf(sandbox, request);
  return { status, deadline, requester, waitsFor: waitsFor(sandbox, request), what: whatOf(request) };
}

export function nextDeadline(sandbox: Sandbox): Deadline | null {
  const now = sandbox.clock.now().toISOString();
  const next = sandbox.ledger
    .requests()
    .flatMap((request) =>
      request.deadline !== null && request.deadline > now ? [{ ...request, at: request.deadline }] : [],
    )
    .sort((a, b) => (a.at < b.at ? -1 : 1))[0];
  if (!next) return null;
  const verb = next.status === 'pending' ? 'lapses' : 'ends';
  return { at: next.at, issue: next.issue, what: `${requesterOf(sandbox, next)}’s ${whatOf(next)} ${verb}` };
}

function whatOf({ flow, target }: LedgerRequest): string {
  return target === '' || flow.startsWith(target) ? flow : `${flow} → ${target}`;
}

/** Whoever asked on Slack is called as on GitHub. */
function requesterOf(sandbox: Sandbox, { entries, requester }: LedgerRequest): string {
  const person = entries[0]?.by.person;
  return person == null ? requester : loginOf(sandbox, person);
}

/** By the pinned policy, as far as it can be read from outside; the app itself asks the people's groups anew. */
function waitsFor(sandbox: Sandbox, request: LedgerRequest): string[] {
  const matter = openMatter(request);
  if (matter === undefined) return [];
  const { steps, entries } = matter;
  const given = entries.filter(({ type }) => type === 'approval-given' || type === 'overridden');
  const byRule = entries.flatMap(({ type, data }) => (type === 'rule-applied' ? texts(data['steps']) : []));
  const has = (login: string): boolean =>
    given.some(
      ({ by }) => by.via?.name === login || (by.person != null && loginOf(sandbox, by.person) === login),
    );
  const met = (name: string): boolean => {
    const step = steps.find((each) => each.name === name);
    const said = given.filter(({ data }) => texts(data['eligible']).includes(name)).length;
    return byRule.includes(name) || said >= (step?.count ?? 1);
  };
  const groups = steps
    .filter(({ name, needs }) => !met(name) && needs.every(met))
    .flatMap(({ approvers }) => approvers);
  const logins = groups.flatMap((group) => membersOf(sandbox, group));
  const requester = requesterOf(sandbox, request);
  return [...new Set(logins)].filter((login) => login !== requester && !has(login)).sort();
}

interface Matter {
  readonly steps: readonly LedgerStep[];
  readonly entries: readonly LedgerEntry[];
}

/** What waits for people: the request itself, or that its access may last longer. */
function openMatter({ status, steps, entries }: LedgerRequest): Matter | undefined {
  if (status === 'pending') return { steps, entries };
  if (status !== 'active') return undefined;
  const last = entries.findLastIndex(({ type }) => extensionTypes.has(type));
  const asked = entries[last];
  return asked?.type === 'extension-asked'
    ? { steps: stepsOf(asked.data['steps']), entries: entries.slice(last) }
    : undefined;
}

const extensionTypes: ReadonlySet<string> = new Set(['extension-asked', 'extension-denied', 'extended']);

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
