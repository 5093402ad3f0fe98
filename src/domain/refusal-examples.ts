// One refusal of each code, for the reference and for tests: a code without an example does not compile.
import { hours, minutes } from './duration.ts';
import { account, group, personId, requestId } from './names.ts';
import type { Refusal, RefusalCode } from './refusals.ts';

export const refusalExamples: { readonly [C in RefusalCode]: Extract<Refusal, { code: C }> } = {
  'unlinked-account': { code: 'unlinked-account', name: 'ann-o', account: account('github', 583231) },
  'unknown-flow': { code: 'unknown-flow', flow: 'prood', known: ['prod', 'staging'] },
  'flow-unavailable': { code: 'flow-unavailable', flow: 'prod', why: 'GitHub does not answer.' },
  'wrong-source': { code: 'wrong-source', flow: 'prod' },
  'not-a-requester': { code: 'not-a-requester', flow: 'prod', groups: [group('team:acme/engineering')] },
  'invalid-form': {
    code: 'invalid-form',
    problems: [{ at: 'reason', code: 'required', sentence: '“Why?” is missing.' }],
  },
  'no-step-applies': { code: 'no-step-applies', flow: 'prod' },
  'already-held': { code: 'already-held', target: 'Production', holds: 'admin' },
  'no-identity': { code: 'no-identity', service: 'okta', why: 'nobody there has your e-mail' },
  'self-approval': { code: 'self-approval' },
  'not-an-approver': {
    code: 'not-an-approver',
    waitingFor: [{ step: 'data-owner', groups: [group('team:acme/data'), group('person:bob')] }],
  },
  'not-yet-asked': { code: 'not-yet-asked', step: 'customer', needs: ['data-owner'] },
  'already-approved': { code: 'already-approved' },
  'step-already-met': { code: 'step-already-met', steps: ['data-owner'] },
  'lookup-failed': {
    code: 'lookup-failed',
    what: 'whether you may decide this',
    why: 'GitHub does not answer',
  },
  'too-late': { code: 'too-late', status: 'lapsed' },
  'not-active': { code: 'not-active', status: 'pending' },
  'not-allowed-to-revoke': { code: 'not-allowed-to-revoke', by: ['requester', 'approvers', 'admins'] },
  'not-the-requester': { code: 'not-the-requester', requester: personId('ann') },
  'already-ending': { code: 'already-ending' },
  'message-required': { code: 'message-required', what: 'approving' },
  'not-less': { code: 'not-less', most: minutes(30) },
  'not-an-admin': { code: 'not-an-admin' },
  'no-step-to-stand-in': { code: 'no-step-to-stand-in', steps: ['customer'] },
  'held-by-rule': { code: 'held-by-rule', rules: [{ rule: 'freeze', why: 'GitHub does not answer' }] },
  'denied-by-rule': { code: 'denied-by-rule', rule: 'freeze', because: 'Nothing changes before the audit.' },
  'not-extendable': { code: 'not-extendable', why: 'not-offered' },
  'extension-too-long': { code: 'extension-too-long', total: hours(9), most: hours(8) },
  'extension-open': { code: 'extension-open', total: hours(2) },
  'break-glass-not-offered': { code: 'break-glass-not-offered', flow: 'Production' },
  'not-for-break-glass': {
    code: 'not-for-break-glass',
    flow: 'Production',
    groups: [group('team:acme/on-call')],
  },
  'review-overdue': {
    code: 'review-overdue',
    flow: 'prod',
    request: requestId('01JD0000000000000000000000'),
  },
  'nothing-to-review': { code: 'nothing-to-review', why: 'no-break-glass' },
  'own-review': { code: 'own-review' },
  'not-a-reviewer': { code: 'not-a-reviewer', groups: [group('team:acme/security')] },
  'please-repeat': { code: 'please-repeat' },
  'read-only': { code: 'read-only' },
  'desk-frozen': { code: 'desk-frozen', why: 'somebody else wrote to the ledger' },
  'desk-unsafe': { code: 'desk-unsafe', risks: ['the repository is public.'] },
};
