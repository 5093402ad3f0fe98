// What the mere passing of time makes due. The sweep asks; the answer depends on the state alone.
import { actionOvertaken } from './decide-actions.ts';
import { deescalationStarted, giveUp } from './decide-grant.ts';
import { minutes } from './duration.ts';
import type { NewEntry } from './entries.ts';
import { mayRun } from './hooks.ts';
import { awaitedLapse, noAnswerInTime } from './hooks-owed.ts';
import { plus, type Instant } from './names.ts';
import { phaseDeadline, warnAt } from './deadlines.ts';
import { dueReminder } from './review.ts';
import { type Request } from './request.ts';
import { dueForwards } from './routes.ts';
import { nothing, type Verdict } from './verdict.ts';

const by = { system: 'sweep' } as const;
/** So long the flow's code has to say something before it lapses. */
const codeHas = minutes(1);
const gaveUp = 'It could not be granted in time.';

export function noteTime(request: Request, now: Instant): Verdict {
  const deadline = phaseDeadline(request);
  const entries = [
    ...(deadline === undefined || now < deadline ? [] : due(request, now)),
    ...dueReminder(request, now),
  ];
  return entries.length === 0 ? nothing : { entries };
}

function due(request: Request, now: Instant): readonly NewEntry[] {
  const { phase } = request;
  switch (phase.status) {
    case 'pending':
      return phase.lapseAt <= now ? lapse(request, now) : dueForwards(request, now);
    case 'approved':
      return phase.startBy === undefined
        ? [...actionOvertaken(request, 'expired', by), { type: 'expired', by, data: {} }]
        : [{ type: 'escalation-failed', by, data: { error: gaveUp, gaveUp: true } }];
    case 'escalating':
      return giveUp(gaveUp, by);
    case 'active':
      if (phase.expiresAt !== undefined && phase.expiresAt <= now)
        return [{ ...deescalationStarted('expired'), by }];
      return [...warning(request, now), ...dueForwards(request, now)];
    case 'deescalating':
      return [
        {
          type: 'deescalation-failed',
          by,
          data: { error: phase.error ?? 'It is not confirmed yet.', attempts: 0, alarm: phase.alarms + 1 },
        },
      ];
    case 'ended':
    case 'denied':
    case 'cancelled':
    case 'lapsed':
    case 'failed':
      return [];
    default:
      return phase satisfies never;
  }
}

/** Where the flow's code has a say in it, it is asked first; once its time is over, it lapses all the same. */
function lapse(request: Request, now: Instant): readonly NewEntry[] {
  const lapsed: NewEntry = { type: 'lapsed', by, data: {} };
  if (mayRun(request.policy, 'on_lapse') === undefined) return [lapsed];
  const awaited = awaitedLapse(request);
  if (awaited === undefined)
    return [{ type: 'hook-awaited', by, data: { hook: 'on_lapse', until: plus(now, codeHas) } }];
  return awaited.until !== undefined && awaited.until <= now ? [noAnswerInTime(awaited), lapsed] : [];
}

function warning(request: Request, now: Instant): readonly NewEntry[] {
  const at = warnAt(request);
  const { phase } = request;
  if (at === undefined || now < at || phase.status !== 'active' || phase.expiresAt === undefined) return [];
  return [{ type: 'expiry-warned', by, data: { expiresAt: phase.expiresAt } }];
}
