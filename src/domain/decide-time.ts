// What the mere passing of time makes due. The sweep asks; the answer depends on the state alone.
import { actionOvertaken } from './decide-actions.ts';
import { deescalationStarted, giveUp } from './decide-grant.ts';
import type { NewEntry } from './entries.ts';
import type { Instant } from './names.ts';
import { phaseDeadline, warnAt } from './deadlines.ts';
import { dueReminder } from './review.ts';
import { type Request } from './request.ts';
import { dueForwards } from './routes.ts';
import { nothing, type Verdict } from './verdict.ts';

const by = { system: 'sweep' } as const;
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
      return phase.lapseAt <= now ? [{ type: 'lapsed', by, data: {} }] : dueForwards(request, now);
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

function warning(request: Request, now: Instant): readonly NewEntry[] {
  const at = warnAt(request);
  const { phase } = request;
  if (at === undefined || now < at || phase.status !== 'active' || phase.expiresAt === undefined) return [];
  return [{ type: 'expiry-warned', by, data: { expiresAt: phase.expiresAt } }];
}
