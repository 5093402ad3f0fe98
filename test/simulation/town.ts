// The world outside the app: people and their teams, the desk's flows, what the target really holds, and what people see.
import type { CodeOffer } from '../../src/domain/hooks.ts';
import type { BreakGlass, PersonCommand, Voice } from '../../src/domain/commands.ts';
import type { ReviewOutcome } from '../../src/domain/entries.ts';
import type { Answers } from '../../src/domain/facts.ts';
import type { Flow } from '../../src/domain/flow.ts';
import {
  account,
  deskId,
  personId,
  type Account,
  type Instant,
  type Milliseconds,
} from '../../src/domain/names.ts';
import { broken } from './broken.ts';
import { theFlows } from './town-flows.ts';

export const theDesk = deskId('github', 1);

/** From least to most. */
export const levels = ['none', 'read', 'write', 'admin'] as const;
export type Level = (typeof levels)[number];

/** As strategies call it, and how much it is: more than what has a lower number. */
const ranks: { readonly [holding: string]: number | undefined } = {
  none: 0,
  pending: 0,
  read: 1,
  ...{ write: 2, member: 2, MEMBER: 2, maintain: 2, viewer: 2 },
  ...{ admin: 3, maintainer: 3, MANAGER: 3, editor: 3, assigned: 3, granted: 3 },
};

export function rank(holding: string): number {
  return ranks[holding] ?? broken(4, `Nobody knows how much ${holding} is.`);
}

/** What goes with a decision, or with the wish for more time. */
export interface Also {
  readonly message?: string;
  /** Of an approval: grants less. Of an extension: by how much. */
  readonly duration?: Milliseconds;
  readonly as?: 'admin';
  readonly outcome?: ReviewOutcome;
}

/** What somebody wrote on GitHub. */
export interface Comment {
  readonly ref: string;
  readonly name: string;
  readonly at: Instant;
  readonly command: 'request' | 'approve' | 'deny' | 'revoke' | 'cancel' | 'extend' | 'review';
  readonly form?: {
    readonly flow: string;
    readonly target?: string;
    readonly duration?: string;
    readonly breakGlass?: BreakGlass;
  };
  readonly also?: Also;
  isEdited: boolean;
}

export interface Message {
  readonly ref: string;
  /** `card ID` or `NOTICE ID`. */
  readonly marker: string;
  shows: string;
}

export interface Issue {
  readonly number: number;
  readonly comments: Comment[];
  messages: Message[];
}

export interface Town {
  /** Account name → person. */
  readonly links: Map<string, string>;
  readonly teams: Map<string, Set<string>>;
  /** Groups that nobody can look up now. */
  readonly unlisted: Set<string>;
  readonly flows: Map<string, Flow>;
  /** Of every flow, in a town where they have any. */
  code?: CodeOffer;
  readonly issues: Issue[];
  /** Cards and notices on Slack, each for one destination. */
  readonly slack: Message[];
  /** Account → what it holds of the one repository. */
  readonly holdings: Map<string, string>;
  /** Where that is no toy. */
  target?: ServedTarget;
  /** What ran after an approval, by its key: which request and action it was. */
  readonly ran: Map<string, { readonly request: string; readonly index: number }>;
  /** What it held when nothing of ours was live. */
  readonly standing: Map<string, string>;
  /** Who was told, and when last, that nothing is decided until somebody has looked at the ledger. */
  readonly turnedAway: Map<string, Instant>;
  /** When a disk was lost, and what each account held in that moment. */
  lastLoss?: { readonly at: Instant; readonly holdings: ReadonlyMap<string, string> };
  /** Who belonged where from when to when; an open end is now. */
  readonly stays: Stay[];
}

/** A real service, where one person of the town has an account. */
export interface ServedTarget {
  readonly account: string;
  readonly person: string;
  /** The flow as it is where this is what it gives access to. */
  flowOf(flow: Flow): Flow;
}

export interface Stay {
  readonly person: string;
  readonly group: string;
  readonly from: Instant;
  to?: Instant;
}

export const names = [
  'ann-o',
  'bob-l',
  'dora-k',
  'max-p',
  'eve-s',
  'ann@slack',
  'bob@slack',
  'dora@slack',
] as const;

/** What is said on Slack is a press on a card: it comes at once or never, and cannot be read again. */
export function isOnSlack(name: string): boolean {
  return name.endsWith('@slack');
}

export function accountOf(name: string): Account {
  return account(isOnSlack(name) ? 'slack' : 'github', name);
}

const firstLinks = [
  ['ann-o', 'ann'],
  ['bob-l', 'bob'],
  ['dora-k', 'dora'],
  ['max-p', 'max'],
  ['ann@slack', 'ann'],
  ['bob@slack', 'bob'],
  ['dora@slack', 'dora'],
] as const;
/** All whom people.yml names. */
export const everybody = 'people';

const firstTeams: readonly (readonly [string, readonly string[]])[] = [
  ['team:acme/engineering', ['ann', 'bob']],
  ['team:acme/data', ['bob', 'dora']],
  ['team:acme/security', ['dora', 'max']],
  ['role:admin', ['max']],
  ['role:member', ['ann', 'bob', 'dora', 'max']],
  ['team:acme/on-call', ['bob']],
  ['team:acme/barred', []],
  ['team:acme/frozen', []],
  [everybody, ['ann', 'bob', 'dora', 'max']],
];

export function createTown(now: Instant): Town {
  const town: Town = {
    links: new Map(firstLinks),
    teams: new Map(firstTeams.map(([name, members]) => [name, new Set(members)])),
    unlisted: new Set(),
    flows: new Map(theFlows.map((flow) => [flow.ref.name, flow])),
    issues: [],
    slack: [],
    holdings: new Map(),
    ran: new Map(),
    standing: new Map(),
    turnedAway: new Map(),
    stays: [],
  };
  for (const [group, members] of town.teams)
    for (const person of members) town.stays.push({ person, group, from: now });
  for (const [name, person] of town.links) link(town, name, person, now);
  for (const [name, flow] of town.flows) setFlow(town, name, flow, now);
  return town;
}

/** People, teams and flows are as they were at first. */
export function restore(town: Town, now: Instant): void {
  for (const [name, person] of firstLinks) if (town.links.get(name) !== person) link(town, name, person, now);
  for (const [group, members] of firstTeams) {
    for (const person of town.teams.get(group) ?? [])
      if (!members.includes(person)) leave(town, group, person, now);
    for (const person of members) join(town, group, person, now);
  }
  for (const flow of theFlows)
    if (town.flows.get(flow.ref.name) !== flow) setFlow(town, flow.ref.name, flow, now);
}

export function join(town: Town, group: string, person: string, now: Instant): void {
  const team = town.teams.get(group);
  if (team === undefined || team.has(person)) return;
  team.add(person);
  town.stays.push({ person, group, from: now });
}

export function leave(town: Town, group: string, person: string, now: Instant): void {
  town.teams.get(group)?.delete(person);
  end(town, (stay) => stay.person === person && stay.group === group, now);
}

/** `undefined` unlinks. Kept as a stay in the group of the account. */
export function link(town: Town, name: string, person: string | undefined, now: Instant): void {
  end(town, ({ group }) => group === `account:${name}`, now);
  if (person === undefined) town.links.delete(name);
  else {
    town.links.set(name, person);
    town.stays.push({ person, group: `account:${name}`, from: now });
  }
}

/** `undefined` removes it. Kept as a stay of the flow's commit. */
export function setFlow(town: Town, name: string, flow: Flow | undefined, now: Instant): void {
  end(town, ({ group }) => group === `flow:${name}`, now);
  if (flow === undefined) town.flows.delete(name);
  else {
    const here = town.target?.flowOf(flow) ?? flow;
    town.flows.set(name, town.code ? { ...here, code: town.code } : here);
    town.stays.push({ person: flow.ref.commit, group: `flow:${name}`, from: now });
  }
}

function end(town: Town, which: (stay: Stay) => boolean, now: Instant): void {
  for (const stay of town.stays) if (stay.to === undefined && which(stay)) stay.to = now;
}

/** Links and groups may change while a decision is being taken: only what was so all the time can be held against it. */
export const inDoubt: Milliseconds = 120_000;

/** Whether the person belonged to the group at some time between the two moments. */
export function belonged(town: Town, person: string, group: string, from: Instant, to: Instant): boolean {
  return town.stays.some(
    (stay) => stay.person === person && stay.group === group && stay.from <= to && (stay.to ?? to) >= from,
  );
}

export function voiceOf({ name, ref, at }: Comment): Voice {
  return { surface: isOnSlack(name) ? 'slack' : 'github', account: accountOf(name), name, ref, at };
}

export function commandOf(comment: Comment, issue: Issue): PersonCommand {
  const voice = voiceOf(comment);
  const { command, form } = comment;
  if (command !== 'request') return sayingOf(comment);
  const { target, duration, breakGlass } = form ?? {};
  return {
    type: 'request',
    desk: theDesk,
    flow: form?.flow ?? '',
    form: {
      fields: {},
      ...(target !== undefined && { target }),
      ...(duration !== undefined && { duration }),
    },
    voice,
    ...(breakGlass && { breakGlass }),
    thread: { surface: 'github', repository: 'acme/access', issue: issue.number },
  };
}

function sayingOf(comment: Comment): Exclude<PersonCommand, { type: 'request' }> {
  const voice = voiceOf(comment);
  const { message, duration, as, outcome = 'fine' } = comment.also ?? {};
  const said = message === undefined ? {} : { message };
  const ms = duration === undefined ? {} : { duration };
  switch (comment.command) {
    case 'approve':
      return { type: 'approve', voice, ...said, ...ms, ...(as && { as }) };
    case 'extend':
      return { type: 'extend', voice, ...said, ...(duration !== undefined && { by: duration }) };
    case 'review':
      return { type: 'review', voice, outcome, ...said };
    case 'deny':
    case 'revoke':
      return { type: comment.command, voice, ...said };
    default:
      return { type: 'cancel', voice };
  }
}

export function personOf(town: Town, name: string): ReturnType<typeof personId> | null {
  const person = town.links.get(name.replace(/^(github|slack):/, ''));
  return person === undefined ? null : personId(person);
}

export function personAt({ target }: Town, account: string): string {
  return account === target?.account ? target.person : account.replace(/^toy:/, '');
}

export function flowAnswer(town: Town, name: string): Answers['flow'] {
  const flow = town.flows.get(name);
  return flow ? { flow } : { missing: 'unknown-flow', known: [...town.flows.keys()] };
}

/** Whether it was so all the time between the two moments. */
export function belongedAlways(
  town: Town,
  person: string,
  group: string,
  from: Instant,
  to: Instant,
): boolean {
  return town.stays.some(
    (stay) => stay.person === person && stay.group === group && stay.from <= from && (stay.to ?? to) >= to,
  );
}
