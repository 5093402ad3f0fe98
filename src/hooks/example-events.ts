// An event of each step, and of what else code is called for, whole and plausible: what tests of code start from.
import type {
  ActionEvent,
  Decision,
  Event,
  Events,
  IdentityEvent,
  Person,
  PrefetchEvent,
} from '../sdk/events.ts';

const ann: Person = {
  id: 'ann',
  name: 'Ann Ortega',
  email: 'ann@acme.com',
  role: 'member',
  accounts: { github: '583231', slack: 'T01ACME/U07ANN000' },
};
const bob: Person = {
  id: 'bob',
  name: 'Bob Weiss',
  email: 'bob@acme.com',
  role: 'member',
  accounts: { github: '583232' },
};

const event: Event = {
  at: '2026-11-20T09:15:02.114Z',
  flow: {
    name: 'aws-power-user',
    label: 'AWS Power User',
    environment: 'prod',
    vars: { region: 'eu-north-1' },
  },
  request: {
    id: '01KAGM4H3ZJ6Y6QW5T2S8N1C7D',
    status: 'pending',
    requester: ann,
    source: 'github',
    requestedAt: '2026-11-20T09:15:02.000Z',
    fields: { reason: 'Backfill of order 4711', urgency: 'Normal' },
    target: { name: 'prod', label: 'Production', settings: { account_id: '333333333333' } },
    durationMs: 1_800_000,
    approvals: [],
  },
  outputs: {},
};

const decision: Decision = {
  by: bob,
  source: 'person',
  at: '2026-11-20T09:20:00.000Z',
  steps: ['data-owner'],
};

const prompted: Event['request'] = {
  id: '',
  status: 'prompted',
  requester: ann,
  source: 'slack',
  requestedAt: event.at,
  fields: {},
  approvals: [],
};

export interface ExampleEvents extends Events {
  /** Of `run: code`. */
  readonly action: ActionEvent;
  /** Of `options_from: { run: code }`. */
  readonly prefetch: PrefetchEvent;
  readonly identity: IdentityEvent;
}

/** To be spread: `{ ...exampleEvents.request, request: { ...exampleEvents.request.request, fields: { … } } }`. */
export const exampleEvents: ExampleEvents = {
  prompt: { ...event, type: 'prompt', request: prompted },
  request: { ...event, type: 'request' },
  forward: { ...event, type: 'forward', step: 'data-owner', to: ['slack-channel:data-access'] },
  lapse: { ...event, type: 'lapse' },
  approve: { ...event, type: 'approve', decision, isLast: true },
  deny: { ...event, type: 'deny', decision },
  escalate: { ...event, type: 'escalate', account: 'a1b2c3', endsAt: '2026-11-20T10:05:00.000Z' },
  deescalate: { ...event, type: 'deescalate', account: 'a1b2c3', because: 'expired' },
  action: {
    at: event.at,
    request: event.request.id,
    key: `${event.request.id}-1`,
    isRepeated: false,
    input: { gate: 'north' },
  },
  prefetch: { at: event.at, requester: ann, input: { rack: 'r1' } },
  identity: { ...event, type: 'identity', service: 'okta', person: ann },
};
