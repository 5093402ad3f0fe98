// What a hook came to that was owed. One after a step decides nothing; for the others, what waited for them goes on, or not.
import { allMet, standings } from './approvals.ts';
import { coveredBy, approvableOf, approved, deniedByRule } from './decide-matter.ts';
import { judgeDoubts } from './decide-approval.ts';
import { giveUp } from './decide-grant.ts';
import { conclude } from './decide-with-code.ts';
import type { CommandOf } from './commands.ts';
import type { NewEntry } from './entries.ts';
import { isUnknown } from './facts.ts';
import { standingNow } from './giver.ts';
import { eventOfDecision } from './hook-events.ts';
import { openMatter, type OwedHook, type Request } from './request.ts';
import { denialApplied, ruleApplied, type Denial } from './rules.ts';
import { nothing, type Bench, type Verdict } from './verdict.ts';

const by = { system: 'code' } as const;
type Came = CommandOf<'note-hook'>['came'];

export function noteHook({ owed, came }: CommandOf<'note-hook'>, request: Request, bench: Bench): Verdict {
  const known = request.code?.owed.find(({ hook, after }) => hook === owed.hook && after === owed.after);
  if (known === undefined) return nothing;
  return { entries: [noted(known, came), ...followsFrom(known, came, request, bench)] };
}

function noted({ hook, after }: OwedHook, came: Came): NewEntry {
  if (isUnknown(came)) return { type: 'hook-failed', by, data: { hook, after, problem: came.unknown } };
  const values = came.answer === 'go-on' ? came.values : undefined;
  return { type: 'hook-ran', by, data: { hook, after, ...(values && { values }) } };
}

function followsFrom(owed: OwedHook, came: Came, request: Request, bench: Bench): readonly NewEntry[] {
  switch (owed.hook) {
    case 'on_escalate':
      return escalation(came, request);
    case 'on_forward':
      return owed.forward === undefined ? [] : [forward(owed.forward, came)];
    case 'on_lapse':
      return lapse(came, request, bench);
    default:
      return [];
  }
}

/** Whatever is not a clear “go on” gives it up: it was approved in the knowledge that code sees it first. */
function escalation(came: Came, { phase }: Request): readonly NewEntry[] {
  if (phase.status !== 'escalating') return [];
  if (isUnknown(came))
    return giveUp(`The flow’s code had to see this first, and came to no answer: ${came.unknown}`, by);
  if (came.answer === 'go-on') return [];
  return giveUp(came.answer === 'ignore' ? came.message : came.reason, by);
}

/** That somebody is told is held back by a clear answer alone. */
function forward(ref: NonNullable<OwedHook['forward']>, came: Came): NewEntry {
  const heldBack = !isUnknown(came) && came.answer === 'ignore' ? { heldBack: came.message } : {};
  return { type: 'forwarded', by, data: { ...ref, ...heldBack } };
}

function lapse(came: Came, request: Request, bench: Bench): readonly NewEntry[] {
  const open = openMatter(request);
  if (open === undefined || open.extension) return [];
  const lapsed: NewEntry = { type: 'lapsed', by: { system: 'sweep' }, data: {} };
  const now = standingNow(request, open, bench);
  // Without the flow as it is now, nobody can tell what it would ask.
  const { current } = now;
  if (current === undefined) return [lapsed];
  const { desk } = request;
  const said = { desk, flow: current, hook: 'on_lapse', steps: now.steps, at: bench.now } as const;
  const { denial, approval, entries } = conclude(
    came,
    {
      ...said,
      event: (decision) => eventOfDecision(request, current, { decision }),
      isLast: (steps) => allMet(standings(now.steps, now.voters, coveredBy([...now.approvals, steps]))),
    },
    bench,
  );
  if (denial) return [...entries, ...denied(denial)];
  if (approval === undefined) return [...entries, lapsed];
  const doubts = judgeDoubts(request, open, now, bench);
  if (doubts.denial) return [...entries, ...denied(doubts.denial)];
  const isMet = allMet(standings(now.steps, now.voters, coveredBy([...now.approvals, approval])));
  if (!isMet || doubts.holds.length > 0) return [...entries, lapsed];
  const { rule, steps, because } = approval;
  const stood = { rule, effect: 'approve', steps, ...(because !== undefined && { because }) } as const;
  return [...entries, ruleApplied(stood, 'code'), ...approved(approvableOf(request), bench)];
}

function denied(denial: Denial): readonly NewEntry[] {
  return [denialApplied(denial), deniedByRule(denial)];
}
