// What the mere passing of time makes due. The sweep asks; the answer depends on the state alone.
import { deescalationStarted, giveUp } from './decide-grant.ts';
import type { NewEntry } from './entries.ts';
import type { Instant } from './names.ts';
import { nextDeadline, type Request } from './request.ts';
import { nothing, type Verdict } from './verdict.ts';

const by = { system: 'sweep' } as const;
const gaveUp = 'It could not be granted in time.';

export function noteTime(request: Request, now: Instant): Verdict {
  const deadline = nextDeadline(request);
  return deadline === undefined || now < deadline ? nothing : { entries: due(request) };
}

function due({ phase }: Request): readonly NewEntry[] {
  switch (phase.status) {
    case 'pending':
      return [{ type: 'lapsed', by, data: {} }];
    case 'approved':
      return phase.startBy === undefined
        ? [{ type: 'expired', by, data: {} }]
        : [{ type: 'escalation-failed', by, data: { error: gaveUp, gaveUp: true } }];
    case 'escalating':
      return giveUp(gaveUp, by);
    case 'active':
      return [{ ...deescalationStarted('expired'), by }];
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
