// What is being decided after each step, folded from the entries once more: the request, or an extension of its access.
import type { EntryOf, Speaker } from '../../src/domain/entries.ts';
import { isSpeaker } from '../../src/domain/evolve.ts';
import type { FlowStep, GrantedFor, Rule, Step as PinnedStep } from '../../src/domain/flow.ts';
import type { Account, Instant } from '../../src/domain/names.ts';
import type { Matter, Request } from '../../src/domain/request.ts';
import { long } from './random-flow.ts';
import type { Step, WorldNow } from './told-history.ts';

export interface Open {
  /** Whoever the access is for: what conditions ask about. */
  readonly person: string;
  readonly pinned: readonly PinnedStep[];
  readonly duration: GrantedFor | undefined;
  readonly approvals: readonly {
    readonly account: Account;
    readonly eligible: readonly string[];
    readonly asAdmin: boolean;
    /** The steps that it fills only as long as they do not ask for their own people. */
    readonly stoodInFor: readonly string[];
  }[];
  readonly covering: readonly { readonly rule: string; readonly steps: readonly string[] }[];
  readonly holds: readonly string[];
  /** Rules that were judged when it was asked, by name and condition. */
  readonly judged: readonly { readonly name: string; readonly if: string; readonly approve?: unknown }[];
  /** Who asked for more time, and when they said so. */
  readonly more?: { readonly by: Speaker; readonly said: Instant };
}

/** Undefined where nothing is to be decided. */
export function openIn(request: Request): Open | undefined {
  const { phase, policy, form, requester } = request;
  const person = requester.person;
  if (phase.status === 'pending')
    return { person, pinned: policy.steps, duration: form.duration, ...stateOf(request) };
  if (phase.status !== 'active' || !phase.extension) return undefined;
  const { extension } = phase;
  const { by, at, steps, total } = extension;
  return { person, pinned: steps, duration: total, more: { by, said: by.at ?? at }, ...stateOf(extension) };
}

function stateOf(matter: Matter): Pick<Open, 'approvals' | 'covering' | 'holds' | 'judged'> {
  return {
    approvals: matter.approvals.map(({ account, eligible, asAdmin = false, stoodInFor = [] }) => ({
      account,
      eligible,
      asAdmin,
      stoodInFor,
    })),
    covering: matter.ruleApprovals,
    holds: matter.holds.map(({ rule }) => rule),
    judged: matter.judged?.rules ?? [],
  };
}

/** With all that this step added, also where that was its end. */
export function openAfter({ before, after, added }: Step): Open | undefined {
  let open = before && openIn(before);
  for (const { entry } of added) {
    if (entry.type === 'requested' || entry.type === 'extension-asked') open = begun(entry, after);
    if (open === undefined) continue;
    if (entry.type === 'rule-applied') open = withRule(open, entry);
    if ((entry.type === 'approval-given' || entry.type === 'overridden') && isSpeaker(entry.by)) {
      const { account } = entry.by.via;
      const { eligible } = entry.data;
      const lifts = entry.type === 'overridden' ? (entry.data.lifts ?? []) : [];
      const given = { account, eligible, asAdmin: entry.type === 'overridden', stoodInFor: [] };
      const holds = open.holds.filter((rule) => !lifts.includes(rule));
      open = { ...open, holds, approvals: [...open.approvals, given] };
    }
  }
  return open;
}

function begun(entry: EntryOf<'requested' | 'extension-asked'>, { requester, form, policy }: Request): Open {
  const { judged } = entry.data;
  const empty = { approvals: [], covering: [], holds: [], judged: judged?.rules ?? [] };
  const { person } = requester;
  if (!isSpeaker(entry.by)) throw new Error('Nobody asked for it.');
  const more = { by: entry.by, said: entry.by.at ?? entry.at };
  return entry.type === 'requested'
    ? { person, pinned: policy.steps, duration: form.duration, ...empty }
    : { person, pinned: entry.data.steps, duration: entry.data.total, more, ...empty };
}

function withRule(open: Open, { data }: EntryOf<'rule-applied'>): Open {
  const { rule, effect, steps = [] } = data;
  if (effect === 'approve') return { ...open, covering: [...open.covering, { rule, steps }] };
  if (effect === 'hold') return { ...open, holds: [...open.holds, rule] };
  return { ...open, holds: open.holds.filter((held) => held !== rule) };
}

/** What a condition says, read from its source. */
export function truth(
  source: string,
  { person, duration }: Pick<Open, 'person' | 'duration'>,
  { groups }: WorldNow,
): boolean | 'unknown' {
  if (source === 'true' || source === 'false') return source === 'true';
  if (source === 'long') return duration === 'until-revoked' || (duration ?? 0) > long;
  const [, name = ''] = /^in (.+)$/.exec(source) ?? [];
  const members = groups[name];
  return members === undefined || members === 'down' ? 'unknown' : members.includes(person);
}

/** The steps that the flow asks by now; those whose condition nobody can judge are. */
export function currentSteps(asked: Pick<Open, 'person' | 'duration'>, world: WorldNow): readonly FlowStep[] {
  if (typeof world.flow === 'string') return [];
  return world.flow.approval.steps.filter(
    ({ condition }) => condition === undefined || truth(condition.source, asked, world) !== false,
  );
}

export function rulesNow({ flow }: WorldNow): readonly Rule[] {
  return typeof flow === 'string' ? [] : flow.rules;
}
