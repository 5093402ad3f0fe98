// Tells a random history to the pure domain, as the engine would, and shows each step to whoever judges it.
import { speaker, type BreakGlass, type Command, type Voice } from '../../src/domain/commands.ts';
import { decide } from '../../src/domain/decide.ts';
import type { Entry, NewEntry } from '../../src/domain/entries.ts';
import { sealEntries, type Line } from '../../src/domain/entry-line.ts';
import { evolve, refusalKey } from '../../src/domain/evolve.ts';
import type { Access, Answers, Facts, OpenReview, QuestionKind, QuestionOf } from '../../src/domain/facts.ts';
import { noIncident } from '../../src/domain/flow.ts';
import type { Flow } from '../../src/domain/flow.ts';
import { personId, plus, requestId, type Instant } from '../../src/domain/names.ts';
import type { RefusalCode } from '../../src/domain/refusals.ts';
import type { Request } from '../../src/domain/request.ts';
import { accountOf, noFacts } from '../builders/facts.ts';
import { aDesk, aThread, start } from '../builders/history.ts';
import { theTarget, type Deed, type FlowNow, type RandomHistory } from './random-history.ts';

/** The world as it is at one moment. */
export interface WorldNow {
  readonly links: { readonly [account: string]: string | undefined };
  readonly groups: { readonly [group: string]: readonly string[] | 'down' };
  readonly flow: Flow | 'removed' | 'unavailable';
  readonly access: Access;
  readonly reviews: readonly OpenReview[] | 'down';
}

export interface Step {
  readonly command: Command;
  readonly world: WorldNow;
  readonly now: Instant;
  readonly before: Request | undefined;
  readonly after: Request;
  readonly refusal: RefusalCode | undefined;
  readonly added: readonly { readonly entry: Entry; readonly line: Line }[];
  readonly lines: readonly { readonly entry: Entry; readonly line: Line }[];
}

export function tell(history: RandomHistory, judge: (step: Step) => void): Request | undefined {
  let now = start;
  let flow: FlowNow = 0;
  let world: WorldNow = {
    links: history.links,
    groups: history.groups,
    flow: history.flows[0] ?? 'removed',
    access: free,
    reviews: debtsOf(history.owes),
  };
  let request: Request | undefined;
  let lines: Step['lines'] = [];
  const voices: Voice[] = [];

  function give(command: Command): void {
    if (request === undefined && command.type !== 'request') return;
    const before = request;
    const { added, refusal } = conclude(command, before, world, now, lines.length);
    for (const { entry, line } of added) request = evolve(request, entry, line);
    lines = [...lines, ...added];
    if (request) judge({ command, world, now, before, after: request, refusal, added, lines });
  }

  const { breakGlass } = history;
  const account = asker(world, breakGlass !== undefined && history.isOnCall);
  const first = commandOf({ ...asking, account, form: history.form }, voices, { now, world });
  give(first.type === 'request' && breakGlass ? { ...first, breakGlass: meant(breakGlass, history) } : first);
  for (const deed of history.deeds) {
    if (deed.deed === 'wait') now = plus(now, deed.ms);
    else if (deed.deed === 'say')
      give(commandOf(deed.account === 'asker' ? { ...deed, account } : deed, voices, { now, world }));
    else if (deed.deed === 'report') give(deed.command);
    else if (deed.deed === 'flow') flow = deed.to;
    else world = changed(world, deed);
    const current = typeof flow === 'number' ? (history.flows[flow] ?? 'removed') : flow;
    if (current !== world.flow) world = { ...world, flow: current };
  }
  return request;
}

function debtsOf(owes: RandomHistory['owes']): WorldNow['reviews'] {
  if (owes === 'down') return owes;
  return owes.map(({ person, account, overdue }) => ({
    request: requestId('01JC0000000000000000000000'),
    flow: 'production',
    person: personId(person),
    account: accountOf(account),
    deadline: plus(start, overdue ? -1000 : 1000),
  }));
}

const free: Access = {
  resource: 'toy:prod',
  account: 'toy:ann',
  wanted: 'member',
  holds: 'none',
  covered: false,
  live: [],
};

const asking = {
  deed: 'say',
  type: 'request',
  again: undefined,
  ago: 0,
  also: {},
} as const;

function meant({ reason, confirm }: BreakGlass, { form }: RandomHistory): BreakGlass {
  return { reason, confirm: confirm === theTarget ? (form.target ?? '') : confirm };
}

/** Somebody who may ask, so that most histories have something to tell. */
function asker({ links, groups, flow }: WorldNow, isUrgent: boolean): string {
  const mayAsk = (person: string | undefined): boolean =>
    typeof flow === 'object' && flow.requesters.some((each) => groups[each]?.includes(person ?? '') === true);
  const who = typeof flow === 'object' && isUrgent ? (flow.breakGlass?.who ?? []) : [];
  const able = Object.keys(links).filter((name) => mayAsk(links[name]));
  const isOnCall = (person: string | undefined): boolean =>
    who.some((each) => groups[each]?.includes(person ?? '') === true);
  return able.find((name) => isOnCall(links[name])) ?? able[0] ?? 'a1';
}

type Saying = Extract<Deed, { deed: 'say' }>;

function commandOf(
  { type, account, again, ago, form, also }: Saying,
  voices: Voice[],
  { now, world }: { readonly now: Instant; readonly world: WorldNow },
): Command {
  const repeated = again === undefined ? undefined : voices[again];
  const voice: Voice = repeated ?? {
    surface: 'github',
    account: accountOf(account),
    name: account,
    ref: `V${voices.length}`,
    at: plus(now, -ago),
  };
  if (repeated === undefined) voices.push(voice);
  const { message, duration, as } = also;
  const said = message === undefined ? {} : { message };
  if (type === 'approve')
    return { type, voice, ...said, ...(duration !== undefined && { duration }), ...(as && { as }) };
  if (type === 'extend') return { type, voice, ...said, ...(duration !== undefined && { by: duration }) };
  if (type === 'review') return { type, voice, ...said, outcome: also.outcome ?? 'fine' };
  if (type !== 'request') return { type, voice, ...said };
  const isOfAccess = typeof world.flow === 'object' && world.flow.access !== undefined;
  const filled = isOfAccess ? form : { fields: form.fields };
  return { type, voice, desk: aDesk, flow: 'production', form: filled, thread: aThread };
}

/** As the engine does: one decision on the facts, and a refusal is recorded once. */
function conclude(
  command: Command,
  request: Request | undefined,
  world: WorldNow,
  now: Instant,
  count: number,
): Pick<Step, 'added' | 'refusal'> {
  // Nothing known: it may ask, and must not fall over.
  decide(command, request, noFacts, now);
  const decision = decide(command, request, factsIn(world), now);
  if ('needs' in decision) throw new Error(`It asks for more: ${JSON.stringify(decision.needs)}`);
  const refusal = 'refusal' in decision ? decision.refusal.code : undefined;
  const entries =
    'entries' in decision ? decision.entries : refused(command, request, world, decision.refusal.code);
  const added = sealEntries(entries, {
    request: request?.id ?? requestId('01JD0000000000000000000000'),
    flow: request?.flow ?? { name: 'production', commit: 'c0ffee' },
    after: request,
    at: now,
    mint: () => `E${count}`,
  });
  return { added, refusal };
}

function refused(
  command: Command,
  request: Request | undefined,
  { links }: WorldNow,
  code: string,
): readonly NewEntry[] {
  if (request === undefined || !('voice' in command)) return [];
  if (request.refused.includes(refusalKey(command.voice.account, code))) return [];
  const person = links[command.voice.name];
  const by = speaker(command.voice, person === undefined ? null : personId(person));
  return [{ type: 'refused', by, data: { command: command.type, code } }];
}

function changed(world: WorldNow, deed: Extract<Deed, { deed: 'link' | 'group' | 'access' }>): WorldNow {
  if (deed.deed === 'link') return { ...world, links: { ...world.links, [deed.account]: deed.person } };
  if (deed.deed === 'access') return { ...world, access: deed.access };
  return { ...world, groups: { ...world.groups, [deed.group]: deed.members } };
}

export function factsIn({ links, groups, flow, access, reviews }: WorldNow): Facts {
  const answers: { [K in QuestionKind]: (question: QuestionOf<K>) => Answers[K] } = {
    person: ({ account }) => {
      const person = links[account.replace('github:', '')];
      return person === undefined ? null : personId(person);
    },
    belongs: ({ person, group }) => {
      const members = groups[group] ?? [];
      return members === 'down' ? { unknown: 'It does not answer.' } : members.includes(person);
    },
    flow: () => {
      if (flow === 'removed') return { missing: 'unknown-flow', known: [] };
      return flow === 'unavailable' ? { missing: 'unavailable', why: 'It does not answer.' } : { flow };
    },
    access: () => access,
    incident: () => noIncident,
    history: () => ({ requests: 0, granted: 0, denied: 0 }),
    options: () => [],
    hook: () => ({ answer: 'go-on' }),
    approval: () => ({ unknown: 'It does not answer.' }),
    available: () => 'open',
    reviews: () => (reviews === 'down' ? { unknown: 'It does not answer.' } : reviews),
  };
  return {
    get<K extends QuestionKind>(question: QuestionOf<K>): Answers[K] | undefined {
      return answers[question.ask](question);
    },
  };
}
