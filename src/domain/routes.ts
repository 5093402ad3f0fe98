// Who is told that a step is asked, and when others are: routing has nothing to do with who may decide.
import { standings } from './approvals.ts';
import { coveredBy, recordedStandings } from './decide-matter.ts';
import { minutes } from './duration.ts';
import type { ForwardRef, NewEntry, Notice } from './entries.ts';
import { mayRun } from './hooks.ts';
import { noAnswerInTime } from './hooks-owed.ts';
import type { Route, Step } from './flow.ts';
import { destination, earlier, later, plus, type Destination, type Instant } from './names.ts';
import { isOver, openMatter, type Matter, type OwedHook, type Request } from './request.ts';

/** The request's own issue. */
export const onIssue = destination('github');
/** Whoever asked, by themselves. */
export const toRequester = destination('requester');

/** By which way somebody is told. */
export type Door = 'github' | 'slack' | 'email';

export function doorOf(to: Destination): Door {
  if (to === onIssue) return 'github';
  return to.startsWith('email:') ? 'email' : 'slack';
}

/** Everywhere that a card of this request is owed, whether it is there already or not: in the order in which they are told. */
export function cardPlaces(request: Request): readonly Destination[] {
  const known = request.messages.flatMap(({ notice, to }) => (notice === 'card' ? [to] : []));
  return [
    ...new Set([
      ...(request.policy.withoutIssue ? [] : [onIssue]),
      ...(request.source === 'slack' ? [toRequester] : []),
      ...toldToDecide(request),
      ...toldOfBreakGlass(request),
      ...known,
    ]),
  ];
}

/** Where those are told who decide on what is open now; never the issue, whose card mentions them. */
export function toldToDecide(request: Request): readonly Destination[] {
  const open = openMatter(request);
  if (open === undefined) return [];
  const { matter } = open;
  const told = openSteps(matter).flatMap((step) =>
    openRoutes(step, matter).flatMap((index) => step.routes?.[index]?.to ?? []),
  );
  return [...new Set(told)].filter((to) => to !== onIssue);
}

/** The steps that are asked now, of which somebody is told there. */
export function stepsToldAt(request: Request, to: Destination): readonly Step[] {
  const open = openMatter(request);
  if (open === undefined) return [];
  const { matter } = open;
  return openSteps(matter).filter((step) =>
    openRoutes(step, matter).some((index) => step.routes?.[index]?.to.includes(to)),
  );
}

/** Whoever would have been asked, and whoever reviews it. */
export function toldOfBreakGlass({ breakGlass, review }: Request): readonly Destination[] {
  if (breakGlass === undefined || review === undefined) return [];
  return [...new Set([...breakGlass.tell, ...review.tell])].filter((to) => to !== onIssue);
}

/** Whether the admins are told by name as well. */
export function tellsAdmins({ review }: Request, notice: Notice): boolean {
  if (notice === 'break-glass' || notice.startsWith('overdue-')) return true;
  if (notice === 'reviewed') return review?.closed?.outcome === 'concern';
  return notice.startsWith('review-') && notice !== 'review-1';
}

/** Whether whoever should be told next can be named by now, and when. */
interface Forwarding {
  readonly step: string;
  readonly route: number;
  readonly at: Instant;
  readonly why: 'delay' | 'undelivered';
}

/** When others are to be told next; undefined where all who can be are told, or nothing is to be decided. */
export function nextForwardAt(request: Request): Instant | undefined {
  return forwardings(request).reduce<Instant | undefined>(
    (first, { at }) => (first === undefined ? at : earlier(first, at)),
    undefined,
  );
}

/** What is due by now: one route of each step at a time. */
export function dueForwards(request: Request, now: Instant): readonly NewEntry[] {
  return forwardings(request)
    .filter(({ at }) => at <= now)
    .flatMap(({ step, route, why }) => forwardEntries(request, { step, route, why }, now));
}

const by = { system: 'sweep' } as const;
/** Whoever was to be told is told, code or no code. */
const codeHas = minutes(1);

/** Where the flow's code has a say in it, it is asked first; once its time is over, others are told all the same. */
function forwardEntries(request: Request, forward: ForwardRef, now: Instant): readonly NewEntry[] {
  const told: NewEntry = { type: 'forwarded', by, data: forward };
  if (mayRun(request.policy, 'on_forward') === undefined) return [told];
  const awaited = awaitedForward(request, forward.step, forward.route);
  if (awaited) return [noAnswerInTime(awaited), told];
  const data = { hook: 'on_forward', until: plus(now, codeHas), forward } as const;
  return [{ type: 'hook-awaited', by, data }];
}

function awaitedForward({ code }: Request, step: string, route: number): OwedHook | undefined {
  return code?.owed.find(({ forward }) => forward?.step === step && forward.route === route);
}

function forwardings(request: Request): readonly Forwarding[] {
  const open = openMatter(request);
  if (open === undefined || isOver(request)) return [];
  const askedAt = open.extension?.at ?? request.requestedAt;
  return openSteps(open.matter).flatMap((step) => nextOf(step, open.matter, { request, askedAt }) ?? []);
}

function nextOf(
  step: Step,
  matter: Matter,
  { request, askedAt }: { readonly request: Request; readonly askedAt: Instant },
): Forwarding | undefined {
  const routes = step.routes ?? [];
  const told = openRoutes(step, matter);
  const passed = [...told, ...(matter.heldBack?.[step.name] ?? [])];
  const rest = routes.flatMap((route, index) => (passed.includes(index) ? [] : [{ route, index }]));
  const [next] = rest;
  if (next === undefined) return undefined;
  const name = step.name;
  const awaited = rest.find(({ index }) => awaitedForward(request, name, index));
  const until = awaited && awaitedForward(request, name, awaited.index)?.until;
  if (awaited && until) return { step: name, route: awaited.index, at: until, why: 'delay' };
  // Nobody of those before it could be told, or there are none: it is the turn of the next at once.
  const isInVain = told.every((index) => isUndelivered(routes[index], request));
  if (isInVain && (told.length > 0 || next.route.after === undefined))
    return { step: name, route: next.index, at: request.lastAt, why: 'undelivered' };
  const delayed = rest.find(({ route }) => route.after !== undefined);
  if (delayed?.route.after === undefined) return undefined;
  const at = plus(openSince(step, matter, askedAt), delayed.route.after);
  return { step: name, route: delayed.index, at, why: 'delay' };
}

function isUndelivered(route: Route | undefined, { undelivered }: Request): boolean {
  return route !== undefined && route.to.every((to) => undelivered.some((each) => each.to === to));
}

/** The first is told as soon as the step is asked, unless it says how much later. */
function openRoutes({ name, routes }: Step, { forwarded, heldBack }: Matter): readonly number[] {
  const [first] = routes ?? [];
  const held = heldBack?.[name] ?? [];
  const later = (forwarded[name] ?? []).filter((index) => !held.includes(index));
  return first === undefined || first.after !== undefined
    ? later
    : [0, ...later.filter((index) => index > 0)];
}

function openSteps(matter: Matter): readonly Step[] {
  const asksSomebody = matter.stepsInForce.some(({ routes }) => routes !== undefined && routes.length > 0);
  if (!asksSomebody) return [];
  return recordedStandings(matter).flatMap(({ step, state }) => (state === 'open' ? [step] : []));
}

/** From when on a step was asked: at once, or once the approvals were in that it waits for. */
function openSince(step: Step, matter: Matter, askedAt: Instant): Instant {
  if (step.needs.length === 0) return askedAt;
  const covered = coveredBy(matter.ruleApprovals);
  for (let count = 0; count < matter.approvals.length; count += 1) {
    const voters = matter.approvals.slice(0, count).map(({ person, eligible }) => ({ person, eligible }));
    const standing = standings(matter.stepsInForce, voters, covered);
    const isOpen = standing.some((each) => each.step.name === step.name && each.state !== 'waiting');
    if (isOpen) return later(askedAt, matter.approvals[count - 1]?.at ?? askedAt);
  }
  return later(askedAt, matter.approvals.at(-1)?.at ?? askedAt);
}
