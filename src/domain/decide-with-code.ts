// What the code of a flow says to a decision before it counts: nothing, that it does not count, or that the request is denied.
import type { Voice } from './commands.ts';
import type { NewEntry } from './entries.ts';
import { isUnknown, type Unknown } from './facts.ts';
import type { Flow, Step } from './flow.ts';
import { eventOfDecision } from './hook-events.ts';
import {
  denialBy,
  hookEntries,
  mayRun,
  standsFor,
  type Concluded,
  type HookAnswer,
  type HookAwaited,
  type HookBefore,
  type HookDecision,
  type HookEvent,
} from './hooks.ts';
import type { DeskId, Instant, PersonId } from './names.ts';
import type { Refusal } from './refusals.ts';
import type { Request, RuleApproval } from './request.ts';
import type { Denial } from './rules.ts';
import type { Bench } from './verdict.ts';

export interface Deciding {
  readonly request: Request;
  /** As it is now. */
  readonly flow: Flow;
  readonly hook: HookBefore;
  readonly voice: Voice;
}

export interface Said {
  readonly by: PersonId;
  readonly steps: readonly string[];
  readonly message?: string;
  readonly as?: 'admin';
  readonly isLast?: boolean;
}

export type Heard =
  { readonly entries: readonly NewEntry[]; readonly denial?: Denial } | { readonly refusal: Refusal };

const nothingSaid: Heard = { entries: [] };

/**
 * Code that comes to no answer may have been there to stop an approval: then none counts but an admin's, who stands in
 * with a reason. It never keeps anybody from denying.
 */
export function askHook({ request, flow, hook, voice }: Deciding, said: Said, { inquiry }: Bench): Heard {
  const code = mayRun(flow, hook);
  if (code === undefined) return nothingSaid;
  const { by, steps, message, as, isLast } = said;
  const decision = {
    by,
    source: as ?? 'person',
    at: voice.at,
    steps,
    ...(message !== undefined && { message }),
  } as const;
  const event = eventOfDecision(request, flow, { decision, ...(isLast !== undefined && { isLast }) });
  const answer = inquiry.hook(request.desk, { flow: flow.ref, code, hook, event });
  if (isUnknown(answer)) {
    if (hook === 'on_approve' && as !== 'admin')
      return { refusal: { code: 'code-unavailable', hook, why: answer.unknown } };
    return { entries: hookEntries(hook, answer) };
  }
  if (answer.answer === 'ignore') return { refusal: { code: 'ignored-by-code', message: answer.message } };
  if (answer.answer === 'deny' && hook === 'on_approve')
    return concludeDenial(
      { hook, reason: answer.reason },
      {
        ...{ desk: request.desk, flow, at: voice.at },
        event: (own) => eventOfDecision(request, flow, { decision: own }),
      },
      { inquiry },
    );
  return { entries: hookEntries(hook, answer) };
}

/** A decision of the code's own, and the hooks that follow from it. */
interface OwnDecision {
  readonly desk: DeskId;
  readonly flow: Flow;
  readonly at: Instant;
  readonly event: (decision: HookDecision) => HookEvent;
}

export interface Own extends OwnDecision {
  readonly hook: 'on_request' | 'on_lapse';
  /** All that are asked. */
  readonly steps: readonly Step[];
  /** Whether nothing is missing once it stands for these. */
  readonly isLast: (approval: RuleApproval) => boolean;
}

/**
 * What the code concludes by itself. The hooks of that decision are asked once each, and what they say is not asked about
 * again, so that no circle is possible. One that comes to no answer lets the code's own approval not count.
 */
export function conclude(answer: HookAnswer | Unknown, own: Own, bench: Pick<Bench, 'inquiry'>): Concluded {
  if (isUnknown(answer)) return nothingConcluded;
  const { hook, steps, at } = own;
  if (answer.answer === 'deny') return concludeDenial({ hook, reason: answer.reason }, own, bench);
  if (answer.answer !== 'approve') return nothingConcluded;
  const strange = answer.steps?.find((name) => !isStep(name, own));
  if (strange !== undefined) return { entries: [misnamed(hook, strange)] };
  const stands = standsFor(steps, answer.steps);
  if (stands.length === 0) return nothingConcluded;
  const { reason } = answer;
  const approval = { rule: hook, steps: stands, because: reason, by: 'code' } as const;
  const decision = { source: 'code', at, steps: stands, message: reason } as const;
  const said = askOwn('on_approve', { decision, isLast: own.isLast(approval) }, own, bench);
  if (said === undefined) return { entries: [], approval };
  const entries = hookEntries('on_approve', said);
  if (isUnknown(said) || said.answer === 'ignore') return { entries };
  if (said.answer !== 'deny') return { entries, approval };
  return concludeDenial({ hook: 'on_approve', reason: said.reason }, own, bench);
}

const nothingConcluded: Concluded = { entries: [] };

/** One that does not apply to this request is one all the same. */
function isStep(name: string, { flow, steps }: Own): boolean {
  return [...flow.approval.steps, ...steps].some((step) => step.name === name);
}

/** Somebody meant another step: to drop it without a word would let nobody find out. */
function misnamed(hook: HookBefore | HookAwaited, name: string): NewEntry {
  const shown = /^[A-Za-z0-9_-]{1,63}$/.test(name) ? `“${name}”` : 'something';
  const problem = `It stands for ${shown}, which is no step of the flow.`;
  return { type: 'hook-failed', by: { system: 'code' }, data: { hook, problem } };
}

function concludeDenial(
  { hook, reason }: { readonly hook: HookBefore | HookAwaited; readonly reason: string },
  own: OwnDecision,
  bench: Pick<Bench, 'inquiry'>,
): Concluded {
  const decision = { source: 'code', at: own.at, steps: [], message: reason } as const;
  const said = askOwn('on_deny', { decision }, own, bench);
  const entries = said === undefined ? [] : hookEntries('on_deny', said);
  if (said !== undefined && !isUnknown(said) && said.answer === 'ignore') return { entries };
  return { entries, denial: denialBy(hook, { reason }) };
}

/** Undefined where the flow has no such hook. */
function askOwn(
  hook: 'on_approve' | 'on_deny',
  { decision, isLast }: { readonly decision: HookDecision; readonly isLast?: boolean },
  { desk, flow, event }: OwnDecision,
  { inquiry }: Pick<Bench, 'inquiry'>,
): HookAnswer | Unknown | undefined {
  const code = mayRun(flow, hook);
  if (code === undefined) return undefined;
  const told = { ...event(decision), ...(isLast !== undefined && { isLast }) };
  return inquiry.hook(desk, { flow: flow.ref, code, hook, event: told });
}
