// One refusal of each code, for the reference and for tests: a code without an example does not compile.
import { group, personId } from './names.ts';
import type { Refusal, RefusalCode } from './refusals.ts';

export const refusalExamples: { readonly [C in RefusalCode]: Extract<Refusal, { code: C }> } = {
  'unlinked-account': { code: 'unlinked-account', name: 'ann-o' },
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
  'not-extendable': { code: 'not-extendable' },
  'please-repeat': { code: 'please-repeat' },
  'read-only': { code: 'read-only' },
  'desk-frozen': { code: 'desk-frozen', why: 'somebody else wrote to the ledger' },
  'desk-unsafe': { code: 'desk-unsafe', risks: ['the repository is public.'] },
};
