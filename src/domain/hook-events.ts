// What the code of a flow is told of a request: before it is one, while it is decided, and after.
import type { HookDecision, HookEvent, HookRequest } from './hooks.ts';
import type { Flow } from './flow.ts';
import type { Instant } from './names.ts';
import { durationOf, type Request } from './request.ts';
import type { Occasion } from './rules.ts';

/** Somebody asks. */
export function eventOfAsking({ flow, form, duration, requester, source, at }: Occasion): HookEvent {
  return {
    at,
    flow: flowOf(flow),
    request: {
      status: 'pending',
      requester: requester.person,
      source,
      requestedAt: at,
      fields: form.fields,
      ...(form.target && { target: form.target }),
      ...(duration !== undefined && { duration }),
      approvals: [],
    },
    outputs: {},
  };
}

/** Somebody decides. */
export function eventOfDecision(
  request: Request,
  flow: Flow,
  { decision, isLast }: { readonly decision: HookDecision; readonly isLast?: boolean },
): HookEvent {
  return {
    at: decision.at,
    flow: flowOf(flow),
    request: requestOf(request),
    outputs: request.code?.outputs ?? {},
    decision,
    ...(isLast !== undefined && { isLast }),
  };
}

/** Something was recorded. */
export function eventAfter(request: Request, now: Instant): HookEvent {
  const { policy, flow, phase, granted } = request;
  const { environment } = policy;
  return {
    at: now,
    flow: { name: flow.name, label: policy.label, ...(environment !== undefined && { environment }) },
    request: requestOf(request),
    outputs: request.code?.outputs ?? {},
    ...('grant' in phase && { account: phase.grant.account }),
    ...(granted?.expiresAt && { endsAt: granted.expiresAt }),
  };
}

function flowOf({ ref, label, environment }: Flow): HookEvent['flow'] {
  return { name: ref.name, label, ...(environment !== undefined && { environment }) };
}

function requestOf(request: Request): HookRequest {
  const { id, phase, requester, source, requestedAt, form } = request;
  const duration = durationOf(request);
  return {
    id,
    status: phase.status,
    requester: requester.person,
    source,
    requestedAt,
    fields: form.fields,
    ...(form.target && { target: form.target }),
    ...(duration !== undefined && { duration }),
    approvals: request.approvals.map(({ person, eligible, at, message, asAdmin }): HookDecision => ({
      by: person,
      source: asAdmin ? 'admin' : 'person',
      at,
      steps: eligible,
      ...(message !== undefined && { message }),
    })),
  };
}
