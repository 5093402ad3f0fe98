// Requests for tests: real entries in a real chain, with defaults, so that a test names only what matters to it.
import { sealEntries, type Line } from '../../src/domain/entry-line.ts';
import type {
  BrokenGlass,
  Entry,
  Grant,
  NewEntry,
  PinnedPolicy,
  RequestForm,
  GitHubThread,
} from '../../src/domain/entries.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { minutes } from '../../src/domain/duration.ts';
import type { FlowRef } from '../../src/domain/flow.ts';
import {
  account,
  deskId,
  group,
  instant,
  personId,
  plus,
  requestId,
  type DeskId,
  type Instant,
  type RequestId,
} from '../../src/domain/names.ts';
import type { Request, Status } from '../../src/domain/request.ts';

/** A request with every line that made it. */
export interface Told {
  readonly request: Request;
  readonly lines: readonly { readonly entry: Entry; readonly line: Line }[];
}

export interface RequestOptions {
  readonly id?: RequestId;
  readonly desk?: DeskId;
  readonly flow?: FlowRef;
  readonly requester?: string;
  /** The signed id of what was said; the key that started the request. */
  readonly ref?: string;
  readonly at?: Instant;
  readonly lapseAt?: Instant;
  readonly form?: Partial<RequestForm>;
  readonly policy?: Partial<PinnedPolicy>;
  /** Nobody had to approve it. */
  readonly breakGlass?: BrokenGlass;
  /** `null`: it has no thread yet. */
  readonly thread?: GitHubThread | null;
}

export const noon: Instant = instant(Date.UTC(2026, 10, 20, 12));
export const aDesk: DeskId = deskId('github', 4711);

/** Ids that look like the real ones and sort by number. */
export function anId(number = 1): RequestId {
  return requestId(`01JD${String(number).padStart(22, '0')}`);
}

export function aThread(issue = 1): GitHubThread {
  return { surface: 'github', repository: 'acme/desk', issue };
}

/** A request that has just been made. */
export function aRequest(options: RequestOptions = {}): Told {
  const { id = anId(), at = noon, flow = { name: 'aws-power-user', commit: '9f3c000' } } = options;
  return tell(undefined, [requestedEntry(options)], { request: id, at, flow });
}

/** The request with more entries, sealed after its last line. */
export function followedBy(told: Told, entries: readonly NewEntry[], at?: Instant): Told {
  const { id, flow, lastAt } = told.request;
  return tell(told, entries, { request: id, flow, at: at ?? plus(lastAt, minutes(1)) });
}

/** A request walked to this status along the shortest way. */
export function aRequestIn(status: Status, options: RequestOptions = {}): Told {
  const asked = aRequest(options);
  return entriesTo(status, asked.request).reduce((told, entries) => followedBy(told, entries), asked);
}

/** Access that waited for nobody, with a review that is due a day later; given to the requester, or over again. */
export function aBrokenGlassIn(
  status: 'escalating' | 'active' | 'ended',
  options: RequestOptions = {},
): Told {
  const breakGlass = { reason: 'The queue is stuck.', max: minutes(60), tell: [] };
  const asked = aRequest({ breakGlass, ...options });
  const opened: NewEntry = {
    type: 'review-opened',
    by: reconciler,
    data: {
      reviewers: [group('team:acme/security')],
      deadline: plus(asked.request.lastAt, minutes(1440)),
      tell: [],
    },
  };
  const { lastAt } = asked.request;
  const escalating = followedBy(
    asked,
    [
      approvedEntry(asked.request),
      escalationStartedEntry(aGrant({ startBy: plus(lastAt, minutes(17)) })),
      opened,
    ],
    lastAt,
  );
  return restTo(status, asked.request).reduce((told, entries) => followedBy(told, entries), escalating);
}

function restTo(
  status: 'escalating' | 'active' | 'ended',
  request: Request,
): readonly (readonly NewEntry[])[] {
  const [, , ...rest] = entriesTo(status, request);
  return rest;
}

/** What a second person says of it. */
export function reviewedEntry(person = 'dora', outcome: 'fine' | 'concern' = 'fine'): NewEntry {
  const data = { outcome, message: 'It was needed.' };
  return { type: 'review-closed', by: someone(person, `reviewed-by-${person}`), data };
}

/** The same with the card shown and nothing more to say to anybody. */
export function aQuietRequestIn(status: Status, options: RequestOptions = {}): Told {
  return quieted(aRequestIn(status, options));
}

/** With the card shown and all said. */
export function quieted(told: Told): Told {
  return followedBy(
    told,
    (['card', ...told.request.notices.map((owed) => owed.notice)] as const).map((notice) => ({
      type: 'notified',
      by: reconciler,
      data: { notice, thread: told.request.thread ?? aThread(), ref: `${notice}-${told.request.id}` },
    })),
  );
}

export function someone(person: string, ref: string): Extract<NewEntry['by'], { via: unknown }> {
  return {
    person: personId(person),
    via: { surface: 'github', account: account('github', `id-of-${person}`), name: person, ref },
  };
}

export function requestedEntry(options: RequestOptions = {}): NewEntry {
  const { id = anId(), at = noon, requester = 'ann', thread = aThread() } = options;
  return {
    type: 'requested',
    by: someone(requester, options.ref ?? `asked-${id}`),
    data: {
      desk: options.desk ?? aDesk,
      source: 'github',
      form: { ...aForm, ...options.form },
      policy: { ...aPolicy, ...options.policy },
      lapseAt: options.lapseAt ?? plus(at, minutes(24 * 60)),
      ...(options.breakGlass && { breakGlass: options.breakGlass }),
      ...(thread && { thread }),
    },
  };
}

export function approvalEntry(person = 'bob', ref = `approved-by-${person}`): NewEntry {
  return { type: 'approval-given', by: someone(person, ref), data: { eligible: ['data-owner'] } };
}

export function approvedEntry(request: Request): NewEntry {
  return { type: 'approved', by: reconciler, data: { startBy: plus(request.lastAt, minutes(15)) } };
}

export function aGrant(overrides: Partial<Grant> = {}): Grant {
  const startBy = overrides.startBy ?? plus(noon, minutes(17));
  return {
    strategy: { type: 'aws-sso', integration: 'aws-main' },
    settings: { account_id: '333333333333' },
    resource: 'aws-sso:333333333333/power-user',
    account: 'aws:ann',
    wanted: 'member',
    before: 'none',
    startBy,
    endBy: plus(startBy, minutes(30)),
    duration: minutes(30),
    ...overrides,
  };
}

export function escalationStartedEntry(grant: Grant = aGrant()): NewEntry {
  return { type: 'escalation-started', by: reconciler, data: { grant } };
}

const reconciler = { system: 'reconciler' } as const;

const aForm: RequestForm = {
  target: { name: 'prod', label: 'Production', settings: { account_id: '333333333333' } },
  duration: minutes(30),
  fields: { reason: 'Backfill of order 4711' },
  answers: [{ label: 'Why do you need access?', text: 'Backfill of order 4711' }],
};

const aPolicy: PinnedPolicy = {
  label: 'AWS Power User',
  strategy: { type: 'aws-sso', integration: 'aws-main' },
  steps: [
    { name: 'data-owner', approvers: [group('team:acme/data')], count: 1, needs: [], peopleOnly: false },
  ],
  selfApproval: false,
  allowRevoke: ['requester', 'approvers'],
  validFor: minutes(60),
};

/** Which entries lead there, in the steps in which they are recorded. */
function entriesTo(status: Status, request: Request): readonly (readonly NewEntry[])[] {
  const approved = [[approvalEntry('bob', `approved-${request.id}`), approvedEntry(request)]];
  const grant = aGrant({ startBy: plus(request.requestedAt, minutes(17)) });
  const escalating = [...approved, [escalationStartedEntry(grant)]];
  const expiresAt = plus(request.requestedAt, minutes(33));
  const active: readonly (readonly NewEntry[])[] = [
    ...escalating,
    [{ type: 'escalated', by: reconciler, data: { verified: 'read-back', expiresAt } }],
  ];
  const leaving = (why: 'expired' | 'escalation-failed'): readonly NewEntry[] => [
    { type: 'deescalation-started', by: reconciler, data: { why } },
  ];
  const gone: readonly NewEntry[] = [
    { type: 'deescalated', by: reconciler, data: { verified: 'read-back', holds: 'none' } },
  ];
  switch (status) {
    case 'pending':
      return [];
    case 'approved':
      return approved;
    case 'escalating':
      return escalating;
    case 'active':
      return active;
    case 'deescalating':
      return [...active, leaving('expired')];
    case 'ended':
      return [...active, leaving('expired'), gone];
    case 'failed':
      return [...escalating, leaving('escalation-failed'), gone];
    case 'denied':
      return [[{ type: 'denied', by: someone('bob', `denied-${request.id}`), data: {} }]];
    case 'cancelled':
      return [
        [{ type: 'cancelled', by: someone(request.requester.person, `cancelled-${request.id}`), data: {} }],
      ];
    case 'lapsed':
      return [[{ type: 'lapsed', by: { system: 'sweep' }, data: {} }]];
    default:
      return status satisfies never;
  }
}

function tell(
  told: Told | undefined,
  entries: readonly NewEntry[],
  place: { readonly request: RequestId; readonly flow: FlowRef; readonly at: Instant },
): Told {
  const seq = told?.request.seq ?? 0;
  let minted = 0;
  const sealed = sealEntries(entries, {
    ...place,
    after: told?.request,
    mint: () => `${place.request}-${seq + ++minted}`,
  });
  const request = sealed.reduce<Request | undefined>(
    (state, { entry, line }) => evolve(state, entry, line),
    told?.request,
  );
  if (request === undefined) throw new Error('A request begins with the entry that asks for it.');
  return { request, lines: [...(told?.lines ?? []), ...sealed] };
}
