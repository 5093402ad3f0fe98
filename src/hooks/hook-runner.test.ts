import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../app/system.ts';
import type { BrokenFlow, Desk } from '../desk/desk.ts';
import type { Flow } from '../domain/flow.ts';
import type { HookName, HookQuestion } from '../domain/hooks.ts';
import { minutes } from '../domain/duration.ts';
import { aFlow } from '../../test/builders/flow.ts';
import { deskId, destination, instant, personId, requestId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { CodeQuestion } from '../engine/ports/desk-code.ts';
import { createCodeRooms } from './code-rooms.ts';
import { createHookRunner } from './hook-runner.ts';

const file = 'flows/production.ts';
const code = `
import { approve, deny, ignore, output, type AfterHook, type OnHook } from 'countersign/sdk';

export const on_request: OnHook<'request'> = ({ request, flow }) => {
  if (request.fields['how'] === 'approve') return approve({ steps: ['data-owner'], reason: \`\${request.requester.name} of \${flow.vars['team']}\` });
  if (request.fields['how'] === 'ignore') return ignore('Train first,\\n' + request.requester.email);
  if (request.fields['how'] === 'deny') return deny({ reason: request.requester.role });
  if (request.fields['how'] === 'throw') throw new Error('no luck');
  if (request.fields['how'] === 'misspelt') return approve({ step: ['data-owner'], reason: 'Trained.' } as any);
  if (request.fields['how'] === 'nonsense') return { answer: 'open sesame' } as any;
  return output({ at: new Date().toISOString(), account: request.requester.accounts['okta'] ?? '' });
};
export const on_prompt: OnHook<'prompt'> = ({ type, request }) => {
  const how = String(request.fields['how']);
  if (how === 'keep') return output({ kept: true }) as any;
  if (how === 'approve') return approve({ reason: 'now' }) as any;
  return how === 'ignore' ? ignore(\`No \${type} for \${request.requester.name}\`) : undefined;
};
export const after_approve: AfterHook<'approve'> = (event) => event.request.fields['how'] === 'deny' ? (deny({ reason: 'too late' }) as any) : undefined;
`;
const answers = `
import type { ApprovalAnswer, AvailableAnswer, IdentityAnswer } from 'countersign/sdk';

export const approval: ApprovalAnswer = ({ request, type }) => {
  const how = String(request.fields['how']);
  if (how === 'garbage') return { steps: [{ name: type, approvers: 'everybody' }] } as any;
  if (how === 'nobody') return { steps: [{ name: 'data', approvers: [] }] };
  if (how === 'stranger') return { steps: [{ name: 'data', approvers: ['person:zoe'] }] };
  if (how === 'guest') return { steps: [{ name: 'data', approvers: ['guest:customer'] }] };
  if (how === 'circle') return { steps: [{ name: 'data', approvers: ['role:admin'], needs: ['data'] }] };
  if (how === 'condition') return { steps: [{ name: 'data', approvers: ['role:admin'], if: 'true' }] } as any;
  if (how === 'none') return undefined as any;
  return { steps: [{ name: 'data', approvers: ['team:acme/data'], count: 2, notify: [{ to: ['github'], after: '15m' }] }, { name: 'boss', approvers: ['manager:requester'] }] };
};
export const available: AvailableAnswer = ({ request, type }) => {
  if (request.requester.id === 'bob') return { why: type + ' is not for ' + request.requester.id };
  return request.source === 'slack' ? (false as any) : true;
};
export const identity: IdentityAnswer = ({ service, person }) => {
  if (service === 'okta') return { account: '00u-' + person.id };
  if (service === 'aws') return { missing: 'Ask for an account first.' };
  return service === 'bad' ? { account: ' \\u202e ' } : undefined;
};
`;
const person = {
  id: personId('ann'),
  name: 'Ann Ortega',
  role: 'member',
  email: 'ann@acme.com',
  accounts: { okta: '00u1' },
} as const;
const files: Desk = {
  commit: 'c0ffee',
  flows: new Map<string, Flow | BrokenFlow>([
    ['production', aFlow({ notify: [{ to: [destination('slack-channel:access')] }] })],
    ['broken', { broken: [] }],
  ]),
  diagnostics: [],
  code: { [file]: code, 'flows/answers.ts': answers },
  people: { persons: new Map([[person.id, person]]), byAccount: new Map() },
};
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const rooms = createCodeRooms({ capabilities: {}, clock: systemClock, log });
afterAll(() => rooms.stop());

let outage: Failure | undefined;
const runner = createHookRunner({
  rooms,
  desk: async () => {
    if (outage) throw outage;
    return files;
  },
  deskAt: async () => files,
  belongs: async (_desk, _person, asked) => asked === 'role:admin',
  grants: async () => ({ calls: [], hosts: [] }),
});

function question(hook: HookName, how: string): HookQuestion & { desk: ReturnType<typeof deskId> } {
  const at = instant(Date.UTC(2026, 10, 20, 9));
  return {
    desk: deskId('github', 1),
    flow: { name: 'production', commit: 'c0ffee' },
    code: { file, hooks: [hook], hosts: [], vars: { team: 'data' } },
    hook,
    event: {
      at,
      flow: { name: 'production', label: 'Production' },
      request: {
        id: requestId('01R'),
        status: 'pending',
        requester: person.id,
        source: 'github',
        requestedAt: at,
        fields: { how },
        approvals: [],
      },
      outputs: {},
    },
  };
}

test.each([
  ['approve', { answer: 'approve', steps: ['data-owner'], reason: 'Ann Ortega of data' }],
  ['ignore', { answer: 'ignore', message: 'Train first, ann@acme.com' }],
  ['deny', { answer: 'deny', reason: 'admin' }],
  ['keep', { answer: 'go-on', values: { at: '2026-11-20T09:00:00.000Z', account: '00u1' } }],
])('a hook that is to %s says so, and knows who asks', async (how, answer) => {
  expect(await runner.hook(question('on_request', how))).toEqual(answer);
});

test.each([
  ['throws', 'on_request', 'throw', 'no luck'],
  ['answers nonsense', 'on_request', 'nonsense', 'none of the answers'],
  ['would stand for more than it meant', 'on_request', 'misspelt', '“step”'],
  ['would decide after the step', 'after_approve', 'deny', 'may not answer'],
  ['is not there', 'on_deny', 'keep', 'no such export'],
] as const)('a hook that %s comes to no answer', async (_, hook, how, why) => {
  expect(await runner.hook(question(hook, how))).toEqual({ unknown: expect.stringContaining(why) });
});

test('a hook of the form says what is shown instead of it, and nothing else', async () => {
  expect(await runner.hook(question('on_prompt', 'ignore'))).toEqual({
    answer: 'ignore',
    message: 'No prompt for Ann Ortega',
  });
  expect(await runner.hook(question('on_prompt', 'go on'))).toEqual({ answer: 'go-on' });
  for (const [how, why] of [
    ['approve', 'may not answer'],
    ['keep', 'none to keep an output with'],
  ] as const)
    expect(await runner.hook(question('on_prompt', how))).toEqual({ unknown: expect.stringContaining(why) });
});

test('an outage of the desk’s files is no answer, and no error', async () => {
  outage = new Failure('GitHub does not answer.', { transient: true });
  expect(await runner.hook(question('on_request', 'approve'))).toEqual({
    unknown: 'GitHub does not answer.',
  });
  outage = undefined;
});

/** Of the flow that answers, asked by `who` from `source`. */
function answering(how: string, who = 'ann', source: 'github' | 'slack' = 'github'): CodeQuestion {
  const { desk, flow, event } = question('on_request', how);
  const { request } = event;
  return {
    desk,
    flow,
    code: { file: 'flows/answers.ts', hooks: [], answers: ['approval'], hosts: [], vars: {} },
    event: { ...event, request: { ...request, requester: personId(who), source } },
  };
}

test('code says who is asked as YAML does, and whoever is told where it says nothing of it', async () => {
  expect(await runner.approval(answering('well'))).toEqual([
    {
      name: 'data',
      approvers: ['team:acme/data'],
      count: 2,
      needs: [],
      peopleOnly: false,
      routes: [{ to: ['github'], after: minutes(15) }],
    },
    {
      name: 'boss',
      approvers: ['manager:requester'],
      count: 1,
      needs: [],
      peopleOnly: false,
      routes: [{ to: ['slack-channel:access'] }],
    },
  ]);
});

test.each([
  ['is none at all', 'none', 'Its answer is none'],
  ['is of no such form', 'garbage', '/steps/0/approvers'],
  ['names a step without approvers', 'nobody', '/steps/0/approvers'],
  ['names a person who is not there', 'stranger', 'zoe'],
  ['names guests where the flow allows none', 'guest', 'guest:customer'],
  ['names steps that wait for each other', 'circle', 'data'],
  ['has a condition, which it was to judge itself', 'condition', 'if'],
])('who is asked comes to nothing where the answer %s', async (_, how, why) => {
  expect(await runner.approval(answering(how))).toEqual({ unknown: expect.stringContaining(why) });
});

test('who is asked comes to nothing where the flow is broken at that commit', async () => {
  const asked = answering('well');
  expect(await runner.approval({ ...asked, flow: { ...asked.flow, name: 'broken' } })).toHaveProperty(
    'unknown',
  );
});

test('code says whether it is open to somebody, and why not', async () => {
  expect(await runner.available(answering('well'))).toBe('open');
  expect(await runner.available(answering('well', 'bob'))).toEqual({ why: 'prompt is not for bob' });
  expect(await runner.available(answering('well', 'ann', 'slack'))).toHaveProperty('unknown');
});

test.each([
  ['okta', { account: '00u-ann' }],
  ['aws', { missing: 'Ask for an account first.' }],
  ['tailscale', 'unanswered'],
  ['bad', { unknown: 'It answered neither an account nor why there is none.' }],
])('code says whose account it is in %s', async (service, answer) => {
  expect(await runner.identity({ ...answering('well'), service })).toEqual(answer);
});

test('an outage is no answer to any of them', async () => {
  outage = new Failure('GitHub does not answer.', { transient: true });
  const unknown = { unknown: 'GitHub does not answer.' };
  expect(await runner.approval(answering('well'))).toEqual(unknown);
  expect(await runner.available(answering('well'))).toEqual(unknown);
  expect(await runner.identity({ ...answering('well'), service: 'okta' })).toEqual(unknown);
  outage = undefined;
});
