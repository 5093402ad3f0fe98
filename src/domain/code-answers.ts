// Where a flow's own code answers in the place of its YAML: who is asked, who may ask now, and whose account it is.
import { isUnknown } from './facts.ts';
import type { Flow, FlowStep, Source } from './flow.ts';
import { eventOfAsking, eventOfPrompt, eventOfRequest } from './hook-events.ts';
import { mayAnswer, mayRun, type AnswerQuestion, type HookOfPrompt, type HookQuestion } from './hooks.ts';
import type { DeskId, Instant, PersonId } from './names.ts';
import type { OpenMatter, Request } from './request.ts';
import { stepOfRequester, stepsAsked, type Examination, type Occasion } from './rules.ts';
import type { Bench, Verdict } from './verdict.ts';

export interface Asked {
  readonly steps: readonly FlowStep[];
  readonly by?: 'code';
  /** The code was to say it, and came to no answer: then it is as the YAML says. */
  readonly problem?: string;
}

export function whoIsAsked(examination: Examination, { inquiry }: Bench): Asked {
  const { occasion } = examination;
  const { flow, desk, requester } = occasion;
  const written = (): readonly FlowStep[] => stepsAsked(flow.approval.steps, examination);
  const code = mayAnswer(flow, 'approval');
  if (code === undefined) return { steps: written() };
  const answer = inquiry.approval(desk, { flow: flow.ref, code, event: eventOfAsking(occasion) });
  if (isUnknown(answer)) return { steps: written(), problem: answer.unknown };
  return { steps: answer.map((step) => stepOfRequester(step, requester.person)), by: 'code' };
}

/**
 * What the flow asks as it is now. At the commit that the request is pinned to, its code has said so already; what came of
 * that is pinned, and a second answer may not add to it.
 */
export function whoIsAskedNow(
  request: Request,
  open: OpenMatter,
  examination: Examination,
  bench: Bench,
): readonly FlowStep[] {
  const { flow } = examination.occasion;
  const isSaid = mayAnswer(flow, 'approval') !== undefined && flow.ref.commit === request.flow.commit;
  return isSaid && open.extension === undefined ? open.pinned : whoIsAsked(examination, bench).steps;
}

export interface Asking {
  readonly desk: DeskId;
  readonly flow: Flow;
  readonly person: PersonId;
  readonly source: Source;
  readonly at: Instant;
}

/** Besides the groups that may ask, and never instead of them. What cannot be told lets nobody pass. */
export function refuseUnavailable(asking: Asking, { inquiry }: Bench): Verdict | undefined {
  const { flow, desk } = asking;
  const question = availability(asking);
  if (question === undefined) return undefined;
  const answer = inquiry.available(desk, question);
  if (answer === 'open') return undefined;
  if (isUnknown(answer))
    return { refusal: { code: 'code-unavailable', hook: 'available', why: answer.unknown } };
  return { refusal: { code: 'not-available', flow: flow.label, why: answer.why } };
}

/** A hook of the form that asks. Undefined where the flow has none. */
export function promptFor(
  hook: HookOfPrompt,
  { flow, person, source, at }: Asking,
): HookQuestion | undefined {
  const code = mayRun(flow, hook);
  return code && { flow: flow.ref, code, hook, event: eventOfPrompt(flow, { person, source, at }) };
}

/** Undefined where no code has a say in who may ask. */
export function availability({ flow, person, source, at }: Asking): AnswerQuestion | undefined {
  const code = mayAnswer(flow, 'available');
  return code && { flow: flow.ref, code, event: eventOfPrompt(flow, { person, source, at }) };
}

/** Of somebody who asks. */
export function identityFor(occasion: Occasion): { readonly identity?: AnswerQuestion } {
  const { flow } = occasion;
  const code = mayAnswer(flow, 'identity');
  return code ? { identity: { flow: flow.ref, code, event: eventOfAsking(occasion) } } : {};
}

/** Of a request: by the code that it is pinned to. */
export function identityOf(request: Request): { readonly identity?: AnswerQuestion } {
  const code = mayAnswer(request.policy, 'identity');
  return code ? { identity: { flow: request.flow, code, event: eventOfRequest(request) } } : {};
}
