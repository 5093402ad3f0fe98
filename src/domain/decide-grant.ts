// The life of a grant: started with all that ending it needs, there once verified, and gone once verified.
import { identityOf } from './code-answers.ts';
import type { CommandOf } from './commands.ts';
import type { EndReason, Grant, NewEntry } from './entries.ts';
import type { Access } from './facts.ts';
import { earlier, plus, type Instant } from './names.ts';
import { awaitsHandOver, durationOf, type Request } from './request.ts';
import { nothing, type Bench, type Verdict } from './verdict.ts';

const by = { system: 'reconciler' } as const;

/** Empty where the access cannot be looked up now: it is tried again until start-by. */
export function escalationStarted(
  access: Access,
  plan: Pick<Grant, 'strategy' | 'settings' | 'duration' | 'startBy'>,
): readonly NewEntry[] {
  if ('missing' in access)
    return access.missing === 'unavailable' || access.missing === 'unanswered'
      ? []
      : [{ type: 'escalation-failed', by, data: { error: access.why, gaveUp: true } }];
  const { resource, account, wanted, holds, live, integration, handsOver } = access;
  const [oldest] = live;
  const grant: Grant = {
    ...plan,
    resource,
    account,
    wanted,
    ...(integration && { integration }),
    ...(handsOver && { handsOver }),
    before: oldest?.before ?? holds,
    ...(plan.duration !== 'until-revoked' && { endBy: plus(plan.startBy, plan.duration) }),
  };
  return [{ type: 'escalation-started', by, data: { grant } }];
}

/** The second try, where the access could not be looked up at the approval. */
export function startEscalation(request: Request, { inquiry, now }: Bench): Verdict {
  const { phase, form, policy, requester } = request;
  if (phase.status !== 'approved' || phase.startBy === undefined || now >= phase.startBy) return nothing;
  const duration = durationOf(request);
  if (policy.strategy === undefined || form.target === undefined || duration === undefined) return nothing;
  const { settings } = form.target;
  const access = inquiry.access({
    strategy: policy.strategy,
    settings,
    person: requester.person,
    ...identityOf(request),
  });
  return {
    entries: escalationStarted(access, {
      strategy: policy.strategy,
      settings,
      duration,
      startBy: phase.startBy,
    }),
  };
}

export function noteEscalated(
  { verified, recorded, sealed }: CommandOf<'note-escalated'>,
  { phase }: Request,
  now: Instant,
): Verdict {
  if (phase.status !== 'escalating') return nothing;
  const expiresAt = expiry(phase.grant, now);
  return {
    entries: [
      {
        type: 'escalated',
        by,
        data: {
          verified,
          ...(expiresAt && { expiresAt }),
          ...(recorded && { recorded }),
          ...(sealed !== undefined && { sealed }),
        },
      },
    ],
  };
}

/** The clock starts when the access is there, and never passes end-by. */
function expiry({ duration, endBy }: Grant, verifiedAt: Instant): Instant | undefined {
  if (duration === 'until-revoked' || endBy === undefined) return undefined;
  return earlier(plus(verifiedAt, duration), endBy);
}

/** It counts once: whoever wants to see it again asks for access again. */
export function noteHandedOver({ by: who }: CommandOf<'note-handed-over'>, request: Request): Verdict {
  return awaitsHandOver(request) ? { entries: [{ type: 'handed-over', by: who, data: {} }] } : nothing;
}

/** Giving up is a deescalation: whatever may have taken effect is taken back and its absence verified. */
export function noteEscalationFailed(
  { error }: CommandOf<'note-escalation-failed'>,
  { phase }: Request,
): Verdict {
  return phase.status === 'escalating' ? { entries: giveUp(error, by) } : nothing;
}

export function giveUp(error: string, actor: NewEntry['by']): readonly NewEntry[] {
  return [
    { type: 'escalation-failed', by: actor, data: { error, gaveUp: true } },
    { ...deescalationStarted('escalation-failed'), by: actor },
  ];
}

export function deescalationStarted(why: EndReason): NewEntry {
  return { type: 'deescalation-started', by, data: { why } };
}

export function noteDeescalated(
  { verified, holds, neededBy }: CommandOf<'note-deescalated'>,
  { phase }: Request,
): Verdict {
  if (phase.status !== 'deescalating') return nothing;
  return {
    entries: [
      { type: 'deescalated', by, data: { verified, holds, ...(neededBy.length > 0 && { neededBy }) } },
    ],
  };
}

/** Tried until it succeeds; recorded at the first failure and then each time the tries have doubled. */
export function noteDeescalationFailed(
  { error, attempts }: CommandOf<'note-deescalation-failed'>,
  { phase }: Request,
): Verdict {
  if (phase.status !== 'deescalating' || !Number.isInteger(Math.log2(attempts))) return nothing;
  return { entries: [{ type: 'deescalation-failed', by, data: { error, attempts } }] };
}
