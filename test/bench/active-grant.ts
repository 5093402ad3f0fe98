// An active grant as a desk of some size has it: asked for with a reason, approved in two steps, granted, shown, all in the ledger.
import { minutes } from '../../src/domain/duration.ts';
import { group, instant, plus, type Instant } from '../../src/domain/names.ts';
import { keyOf } from '../../src/engine/ports/store.ts';
import { requestIdOf } from '../../src/engine/request-id.ts';
import {
  aGrant,
  approvedEntry,
  aRequest,
  escalationStartedEntry,
  followedBy,
  someone,
  type Told,
} from '../builders/request.ts';

export interface ActiveGrant {
  readonly number: number;
  readonly askedAt: Instant;
  readonly expiresAt: Instant;
}

const reconciler = { system: 'reconciler' } as const;
const steps = ['data-owner', 'security'];
const peoplePerResource = 400;

export function anActiveGrant({ number, askedAt, expiresAt }: ActiveGrant): Told {
  const ref = `I_kwDOBench${number.toString(36).padStart(8, '0')}`;
  const id = requestIdOf(keyOf({ surface: 'github', ref }), askedAt);
  const thread = { surface: 'github', repository: '4711', issue: number + 1 } as const;
  const reason = `Order ${100_000 + number} hangs between payment and shipping since ${askedAt}; support asks for a look at the queue and at the two tables behind it, and for a backfill if the row is really missing. See incident INC-${7 * number}.`;
  const place = Math.floor(number / peoplePerResource);
  const settings = { account_id: String(333_333_333_333 + place), permission_set: 'PowerUserAccess' };
  const asked = aRequest({
    id,
    ref,
    thread,
    at: askedAt,
    requester: `person-${number % 5_000}`,
    form: {
      target: { name: `production-${place}`, label: `Production ${place}`, settings },
      fields: { reason, ticket: `INC-${7 * number}` },
      answers: [
        { label: 'Why do you need access?', text: reason },
        { label: 'Ticket', text: `INC-${7 * number}` },
      ],
    },
    policy: {
      steps: steps.map((name) => ({
        name,
        approvers: [group(`team:acme/${name}`)],
        count: 1,
        needs: [],
        peopleOnly: false,
      })),
    },
  });
  const startBy = plus(askedAt, minutes(30));
  const grant = aGrant({
    settings,
    resource: `aws-sso:${settings.account_id}/PowerUserAccess`,
    account: `906708f2-bench-${number.toString(16).padStart(12, '0')}`,
    startBy,
  });
  const approved = followedBy(asked, [
    ...steps.map((step, index) => ({
      type: 'approval-given' as const,
      by: someone(
        `${step}-${number % 40}`,
        `IC_kwDOBench${(steps.length * number + index).toString(36).padStart(8, '0')}`,
      ),
      data: { eligible: [step] },
    })),
    approvedEntry(asked.request),
    escalationStartedEntry(grant),
  ]);
  const granted = followedBy(approved, [
    { type: 'escalated', by: reconciler, data: { verified: 'read-back', expiresAt } },
  ]);
  return followedBy(
    granted,
    (['card', ...granted.request.notices.map((owed) => owed.notice)] as const).map((notice, index) => ({
      type: 'notified',
      by: reconciler,
      data: { notice, thread, ref: String(2_000_000_000 + 4 * number + index) },
    })),
  );
}

/** Asked for within some hours before `now`, and active far beyond any run of the bench. */
export function timesOf(number: number, now: number): Pick<ActiveGrant, 'askedAt' | 'expiresAt'> {
  const askedAt = instant(now - minutes(60) - ((number * 1_117) % minutes(240)));
  return { askedAt, expiresAt: plus(askedAt, minutes(60 * 24 * 30)) };
}
