// One recorded request, decided again under a desk: what it would come to, or what would have to be known to say so.
import type { Command, RawForm } from '../../domain/commands.ts';
import { decide, type Decision } from '../../domain/decide.ts';
import type { NewEntry } from '../../domain/entries.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Step } from '../../domain/flow.ts';
import { printGrantedFor } from '../../domain/duration.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { Request } from '../../domain/request.ts';
import type { Desk } from '../desk.ts';
import { usable } from './membership.ts';
import { factsOf, gateOf, type Doubts, type Setting } from './replay-facts.ts';
import { replayForm } from './replay-flow.ts';

export type Outcome =
  /** `why`: the end of a sentence, without what anybody typed. */
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'denied'; readonly rule: string }
  | { readonly is: 'automatic'; readonly rules: readonly string[] }
  /** Those that no rule stands for; `held` by rules that might deny and cannot be judged. */
  | { readonly is: 'asks'; readonly steps: readonly Step[]; readonly held: readonly string[] }
  | { readonly is: 'unclear'; readonly lacks: string };

/** Conditions that could not tell are noted in `doubts`; the outcome is then one of several. */
export function replayUnder(request: Request, setting: Setting, doubts: Doubts): Outcome {
  const { name } = request.flow;
  const { desk, inForce } = setting;
  const flow = usable(desk.flows.get(name));
  if (desk.closed !== undefined) return refused('the desk takes no requests');
  if (flow === undefined)
    return refused(desk.flows.has(name) ? `the flow ${name} is broken` : `there is no flow ${name}`);
  const old = usable(inForce.flows.get(name));
  const form = replayForm(request, flow, desk === inForce ? undefined : old, doubts);
  if (form.lacks !== undefined) return { is: 'unclear', lacks: `what was to be answered to ${form.lacks}` };
  const replayed = { answer: { flow: form.flow }, ...gateOf(request, { flow, inForce: old }, setting) };
  const facts = factsOf(request, setting, replayed, doubts);
  return outcomeOf(decideAgain(request, form.raw, facts), request);
}

function decideAgain(request: Request, form: RawForm, facts: Facts): Decision {
  const { via, at } = request.requester;
  const command: Command = {
    type: 'request',
    desk: request.desk,
    flow: request.flow.name,
    form,
    id: request.id,
    voice: { ...via, surface: request.source, at: at ?? request.requestedAt },
  };
  return decide(command, undefined, facts, request.requestedAt);
}

function outcomeOf(decision: Decision, request: Request): Outcome {
  if ('needs' in decision) throw new Error('A replay has an answer to every question.');
  if ('refusal' in decision) return ofRefusal(decision.refusal, request);
  const { entries } = decision;
  const denied = entries.flatMap((entry) => (entry.type === 'denied' ? [entry.data.rule ?? ''] : []));
  if (denied[0] !== undefined) return { is: 'denied', rule: denied[0] };
  const standing = entries.flatMap((entry) =>
    entry.type === 'rule-applied' && entry.data.effect === 'approve' ? [entry.data] : [],
  );
  if (entries.some(({ type }) => type === 'approved'))
    return { is: 'automatic', rules: standing.map(({ rule }) => rule) };
  const covered = new Set(standing.flatMap(({ steps = [] }) => steps));
  const held = entries.flatMap((entry) =>
    entry.type === 'rule-applied' && entry.data.effect === 'hold' ? [entry.data.rule] : [],
  );
  return { is: 'asks', steps: stepsIn(entries).filter(({ name }) => !covered.has(name)), held };
}

function stepsIn(entries: readonly NewEntry[]): readonly Step[] {
  return entries.flatMap((entry) => (entry.type === 'requested' ? entry.data.policy.steps : []));
}

function ofRefusal(refusal: Refusal, { form, source }: Request): Outcome {
  switch (refusal.code) {
    case 'lookup-failed':
      return { is: 'unclear', lacks: refusal.why };
    case 'unlinked-account':
      return refused('whoever asked is no person of the desk any more');
    case 'not-a-requester':
      return refused('whoever asked may not ask for it');
    case 'wrong-source':
      return refused(`it cannot be asked for from ${source}`);
    case 'no-step-applies':
      return refused('no step applies, so nobody could approve it');
    case 'invalid-form': {
      const [first] = refusal.problems;
      const unread = refusal.problems.find(({ code }) => code === 'no-options');
      if (unread) return { is: 'unclear', lacks: `what was offered for the field ${unread.at}` };
      if (first?.at === 'target') return refused(`there is no target ${form.target?.name ?? ''}`);
      if (first?.at === 'duration' && form.duration !== undefined)
        return refused(`it cannot be had for ${printGrantedFor(form.duration)}`);
      return refused(`what was answered to the field ${first?.at ?? ''} is not accepted`);
    }
    default:
      return refused(refusal.code);
  }
}

function refused(why: string): Outcome {
  return { is: 'refused', why };
}

/** Whether nothing that decides on it differs: then it need not be decided again. */
export function isUntouched(
  { requester }: Request,
  {
    before,
    after,
    isFlowSame,
  }: { readonly before: Desk; readonly after: Desk; readonly isFlowSame: boolean },
): boolean {
  const [was, is] = [
    before.people?.persons.get(requester.person),
    after.people?.persons.get(requester.person),
  ];
  return isFlowSame && (was === undefined) === (is === undefined) && was?.role === is?.role;
}
