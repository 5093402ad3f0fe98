// Access that does not wait for approval: who may have it, of which targets, for how long, and what they have to say for it.
import type { BreakGlass, CommandOf, RawForm } from './commands.ts';
import type { BrokenGlass } from './entries.ts';
import { isUnknown, type OpenReview } from './facts.ts';
import type { BreakGlassOffer, DurationOffer, Flow, GrantedFor, Step } from './flow.ts';
import { confirmation, maxFieldLength } from './form.ts';
import type { PersonId } from './names.ts';
import type { FormProblem, Refusal } from './refusals.ts';
import { placesOf } from './review.ts';
import { onIssue } from './routes.ts';
import { isLegible } from './safe-word.ts';
import type { Bench } from './verdict.ts';

/** What a request is judged by that does not wait. */
export interface OpenedGlass {
  readonly offer: BreakGlassOffer;
  readonly reason: string;
  /** The flow with what can be had this way, and with a confirmation. */
  readonly flow: Flow;
  readonly form: RawForm;
  /** What is wrong with more than the form itself. */
  readonly problems: readonly FormProblem[];
}

/** Where a problem with the reason is: no field has such a name. */
export const breakGlassReason = 'break-glass';

/** Whether this person may, here and now. What cannot be found out is a no. */
export function openGlass(
  command: CommandOf<'request'> & { readonly breakGlass: BreakGlass },
  flow: Flow,
  person: PersonId,
  bench: Bench,
): OpenedGlass | { readonly refusal: Refusal } {
  const offer = flow.breakGlass;
  if (offer === undefined || flow.access === undefined)
    return { refusal: { code: 'break-glass-not-offered', flow: flow.label } };
  const refusal = notTheirs(offer, flow, person, bench) ?? inDebt(command, flow, person, bench);
  if (refusal) return { refusal };
  const { breakGlass, form } = command;
  return {
    offer,
    reason: breakGlass.reason.trim(),
    flow: behindGlass(flow, offer),
    form: filledIn(form, flow, breakGlass),
    problems: [...targetProblems(form, flow, offer), ...reasonProblems(breakGlass)],
  };
}

function notTheirs(
  { who }: BreakGlassOffer,
  { label }: Flow,
  person: PersonId,
  { inquiry }: Bench,
): Refusal | undefined {
  const answers = who.map((group) => inquiry.belongs(person, group));
  if (answers.includes(true)) return undefined;
  const unknown = answers.find(isUnknown);
  return unknown
    ? { code: 'lookup-failed', what: `whether you may break the glass for ${label}`, why: unknown.unknown }
    : { code: 'not-for-break-glass', flow: label, groups: who };
}

function inDebt(
  { desk }: CommandOf<'request'>,
  { label }: Flow,
  person: PersonId,
  bench: Bench,
): Refusal | undefined {
  const open = bench.inquiry.reviews(desk);
  if (isUnknown(open))
    return {
      code: 'lookup-failed',
      what: `whether a review of yours is overdue, so that you could break the glass for ${label}`,
      why: open.unknown,
    };
  const [overdue] = reviewsOf(person, open, bench).filter(({ deadline }) => deadline <= bench.now);
  return overdue && { code: 'review-overdue', flow: overdue.flow, request: overdue.request };
}

/** Theirs by the person that they were, and by the links as they are now. */
function reviewsOf(person: PersonId, open: readonly OpenReview[], { inquiry }: Bench): readonly OpenReview[] {
  return open.filter((each) => each.person === person || inquiry.person(each.account) === person);
}

/** The targets that can be had this way, each no longer than is allowed, and only with its name typed. */
export function behindGlass(flow: Flow, { targets: names, max }: BreakGlassOffer): Flow {
  const { access } = flow;
  if (access === undefined) return flow;
  const targets = access.targets.filter(({ name }) => names?.includes(name) ?? true);
  const durations = shortEnough(access.durations, max);
  return { ...flow, confirm: 'typed', access: { ...access, targets, durations } };
}

/** What of the flow's durations can be had without approval. */
export function shortEnough({ options, default: usual }: DurationOffer, max: number): DurationOffer {
  const isShort = (option: GrantedFor): boolean => option !== 'until-revoked' && option <= max;
  const short = options.filter(isShort);
  const longest = short.reduce<GrantedFor>((one, other) => (one > other ? one : other), 0);
  return { options: short, default: isShort(usual) ? usual : longest };
}

/** Who is in a hurry says the reason once, though the flow may ask for one of its own. */
function filledIn(form: RawForm, { fields }: Flow, { reason, confirm }: BreakGlass): RawForm {
  const isAsked = fields.some(({ name, type }) => name === 'reason' && type === 'string');
  const isGiven = Object.hasOwn(form.fields, 'reason') && form.fields['reason'] !== undefined;
  return {
    ...form,
    fields: {
      ...form.fields,
      ...(isAsked && !isGiven && { reason: reason.trim() }),
      ...(confirm !== '' && { [confirmation]: confirm.trim() }),
    },
  };
}

function targetProblems(
  { target: asked }: RawForm,
  { access }: Flow,
  { targets: names }: BreakGlassOffer,
): readonly FormProblem[] {
  const target = access?.targets.find(({ name, label }) => name === asked || label === asked);
  if (target === undefined || names === undefined || names.includes(target.name)) return [];
  const sentence = `${target.label} cannot be had by break-glass: only ${names.join(', ')}.`;
  return [{ at: 'target', code: 'not-an-option', sentence }];
}

function reasonProblems({ reason }: BreakGlass): readonly FormProblem[] {
  const at = breakGlassReason;
  if (!isLegible(reason))
    return [{ at, code: 'required', sentence: 'Say why it cannot wait for approval: reason="…".' }];
  if (reason.length <= maxFieldLength) return [];
  const sentence = `The reason is longer than ${maxFieldLength} characters.`;
  return [{ at, code: 'too-long', sentence }];
}

/** What is kept of it: whoever would have been asked hears of it at once, and so does the environment. */
export function brokenGlass(
  { offer, reason }: OpenedGlass,
  steps: readonly Step[],
  requester: PersonId,
): BrokenGlass {
  const routes = steps.flatMap(({ routes: of = [] }) => of.flatMap(({ to }) => to));
  const tell = [...new Set([...routes, ...placesOf(offer, requester)])].filter((to) => to !== onIssue);
  return { reason, max: offer.max, tell };
}
