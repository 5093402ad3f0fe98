// May it last longer? A decision on the total, with the rules and the steps of the flow as it is now.
import { allMet, standings, tighten } from './approvals.ts';
import { speaker, type CommandOf } from './commands.ts';
import { refuseUnavailable, whoIsAsked } from './code-answers.ts';
import { coveredBy, extended, isLeft } from './decide-matter.ts';
import { mayAsk } from './decide-request.ts';
import type { NewEntry } from './entries.ts';
import type { ExtendOffer, Flow } from './flow.ts';
import { answerFailed } from './hooks.ts';
import type { Milliseconds } from './names.ts';
import type { Refusal } from './refusals.ts';
import { isOver, type Phase, type Request } from './request.ts';
import { examine, judgeRules, ruleEntries } from './rules.ts';
import { flowUnavailable, isRequester, type Bench, type Verdict } from './verdict.ts';

type Active = Extract<Phase, { status: 'active' }>;

export function extend(command: CommandOf<'extend'>, request: Request, bench: Bench): Verdict {
  const { voice, message } = command;
  const { phase } = request;
  const person = bench.inquiry.person(voice.account);
  if (person === null)
    return { refusal: { code: 'unlinked-account', name: voice.name, account: voice.account } };
  if (isOver(request)) return { refusal: { code: 'too-late', status: phase.status } };
  if (phase.status !== 'active') return { refusal: { code: 'not-extendable', why: 'not-active' } };
  if (!isRequester(request, person, bench))
    return { refusal: { code: 'not-the-requester', requester: request.requester.person, what: 'extend' } };
  if (phase.extension) return { refusal: { code: 'extension-open', total: phase.extension.total } };
  const answer = bench.inquiry.flow(request.desk, request.flow.name);
  if ('missing' in answer) return { refusal: flowUnavailable(request, bench) };
  const { flow } = answer;
  const total = totalOf(command, request, phase, flow);
  if ('refusal' in total) return total;
  const barred = mayAskStill(command, request, flow, bench);
  if (barred) return barred;

  const examination = examine(
    {
      desk: request.desk,
      flow,
      form: request.form,
      duration: total.ms,
      requester: { person: request.requester.person, name: request.requester.via.name },
      source: voice.surface,
      at: voice.at,
      request: request.id,
      historyUntil: request.requester.at ?? request.requestedAt,
    },
    bench,
  );
  const who = whoIsAsked(examination, bench);
  const steps = tighten(request.policy.steps, who.steps);
  const findings = judgeRules(flow.rules, steps, examination);
  if (findings.denial) return { refusal: { code: 'denied-by-rule', ...findings.denial } };
  const asked: NewEntry = {
    type: 'extension-asked',
    by: speaker(voice, person),
    data: {
      total: total.ms,
      ...(message !== undefined && { message }),
      steps,
      ...(findings.judged && { judged: findings.judged }),
    },
  };
  const isDone = findings.holds.length === 0 && allMet(standings(steps, [], coveredBy(findings.approvals)));
  return {
    entries: [
      asked,
      ...(who.problem === undefined ? [] : [answerFailed('approval', who.problem)]),
      ...ruleEntries(findings),
      ...(isDone ? [extended(phase, total.ms)] : []),
    ],
  };
}

/** All of it together, within what the pinned and the current flow allow. */
function totalOf(
  { by, voice }: CommandOf<'extend'>,
  { policy, extensions, form, breakGlass }: Request,
  { grant, expiresAt }: Active,
  flow: Flow,
): { readonly ms: Milliseconds } | { readonly refusal: Refusal } {
  const offer = offered(policy.extend, flow.extend);
  const isGranted = flow.access?.targets.some(({ name }) => name === form.target?.name) ?? false;
  if (offer === undefined || !isGranted) return { refusal: { code: 'not-extendable', why: 'not-offered' } };
  if (grant.duration === 'until-revoked') return { refusal: { code: 'not-extendable', why: 'no-end' } };
  if (extensions.given >= offer.times) return { refusal: { code: 'not-extendable', why: 'often-enough' } };
  if (!isLeft(expiresAt, voice.at)) return { refusal: { code: 'too-late', status: 'deescalating' } };
  // What nobody approved never lasts longer, whoever approves more of it.
  const most = Math.min(offer.maxTotal, ...mostByBreakGlass(breakGlass, flow));
  if (breakGlass && most <= grant.duration)
    return { refusal: { code: 'not-extendable', why: 'break-glass' } };
  const ms = by === undefined ? Math.min(grant.duration * 2, most) : grant.duration + by;
  return ms > most || ms <= grant.duration
    ? { refusal: { code: 'extension-too-long', total: Math.max(ms, grant.duration), most } }
    : { ms };
}

function mostByBreakGlass(broken: Request['breakGlass'], flow: Flow): readonly Milliseconds[] {
  return broken ? [broken.max, flow.breakGlass?.max ?? broken.max] : [];
}

/** Only where both allow it, and then the less of the two. */
function offered(one: ExtendOffer | undefined, other: ExtendOffer | undefined): ExtendOffer | undefined {
  if (one === undefined || other === undefined) return undefined;
  return { maxTotal: Math.min(one.maxTotal, other.maxTotal), times: Math.min(one.times, other.times) };
}

/** Whoever may not ask for it any more may not ask for more of it. */
function mayAskStill(
  { voice }: CommandOf<'extend'>,
  { form, requester, desk }: Request,
  flow: Flow,
  bench: Bench,
): Verdict | undefined {
  const target = flow.access?.targets.find(({ name }) => name === form.target?.name);
  return (
    mayAsk(flow, flow.requesters, requester.person, bench) ??
    (target?.requesters && mayAsk(flow, target.requesters, requester.person, bench)) ??
    refuseUnavailable({ desk, flow, person: requester.person, source: voice.surface, at: voice.at }, bench)
  );
}
