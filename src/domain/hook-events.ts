// What the code of a flow is told of a request: before it is one, while it is decided, and after.
import type { HookDecision, HookEvent, HookRequest } from './hooks.ts';
import type { PinnedPolicy } from './entries.ts';
import type { Flow, Source } from './flow.ts';
import type { Instant, PersonId } from './names.ts';
import { durationOf, type OwedHook, type Request } from './request.ts';
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

/** Somebody is about to ask: nothing is answered yet. */
export function eventOfPrompt(
  flow: Flow,
  { person, source, at }: { readonly person: PersonId; readonly source: Source; readonly at: Instant },
): HookEvent {
  const asked = { status: 'prompted', requester: person, source, requestedAt: at } as const;
  return { at, flow: flowOf(flow), request: { ...asked, fields: {}, approvals: [] }, outputs: {} };
}

/** Nothing but what it asks: the same each time, whenever it is looked at. */
export function eventOfRequest(request: Request): HookEvent {
  const { flow, policy, requestedAt } = request;
  return {
    at: requestedAt,
    flow: pinnedFlow(flow.name, policy),
    request: { ...requestOf(request), status: 'pending', approvals: [] },
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
export function eventAfter(request: Request, { told }: Pick<OwedHook, 'told'>, now: Instant): HookEvent {
  const { policy, flow, phase } = request;
  return {
    at: now,
    flow: pinnedFlow(flow.name, policy),
    request: requestOf(request),
    outputs: request.code?.outputs ?? {},
    ...('grant' in phase && { account: phase.grant.account }),
    ...endOf(request),
    ...told,
  };
}

/** As it is granted, or at the latest. */
function endOf({ phase, granted }: Request): Pick<HookEvent, 'endsAt'> {
  const endsAt = granted?.expiresAt ?? ('grant' in phase ? phase.grant.endBy : undefined);
  return endsAt === undefined ? {} : { endsAt };
}

function flowOf({ ref, label, environment }: Flow): HookEvent['flow'] {
  return { name: ref.name, label, ...(environment !== undefined && { environment }) };
}

function pinnedFlow(name: string, { label, environment }: PinnedPolicy): HookEvent['flow'] {
  return { name, label, ...(environment !== undefined && { environment }) };
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
    approvals: decisionsOn(request),
  };
}

/** In the order in which they were given. Whose it is tells what code decided from what people did. */
export function decisionsOn({ approvals, ruleApprovals, requestedAt }: Request): readonly HookDecision[] {
  const byNobody = ruleApprovals.map(({ steps, because, by, at = requestedAt }): HookDecision => ({
    source: by ?? 'rule',
    at,
    steps,
    ...(because !== undefined && { message: because }),
  }));
  const byPeople = approvals.map(({ person, eligible, at, message, asAdmin }): HookDecision => ({
    by: person,
    source: asAdmin ? 'admin' : 'person',
    at,
    steps: eligible,
    ...(message !== undefined && { message }),
  }));
  return [...byNobody, ...byPeople].sort((one, other) =>
    one.at < other.at ? -1 : one.at > other.at ? 1 : 0,
  );
}
