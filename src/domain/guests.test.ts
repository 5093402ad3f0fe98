import { expect, it } from 'vitest';
import { aFlow, anApproval, aStep } from '../../test/builders/flow.ts';
import { History } from '../../test/builders/history.ts';
import type { Flow } from './flow.ts';

const withGuests: Flow = {
  ...aFlow({
    approval: anApproval({ steps: [aStep('customer', 'guest:customer'), aStep('own', 'team:acme/data')] }),
  }),
  allowGuests: true,
};
const people = { 'ann-o': 'ann', 'bob-l': 'bob', cleo: 'slack:T9CUST000/U09CLEO00' };
const groups = {
  'team:acme/engineering': ['ann'],
  'team:acme/data': ['bob'],
  'guest:customer': ['slack:T9CUST000/U09CLEO00'],
};

it('is decided by a guest where the flow allows it and a step names their group', () => {
  const history = new History({ flows: [withGuests], people, groups }).asks('ann-o').says('cleo', 'approve');
  expect(history.request?.approvals.map(({ eligible }) => eligible)).toEqual([['customer']]);
});

it('is not decided by a guest any more once the flow drops its guests, step and all', () => {
  const history = new History({ flows: [withGuests], people, groups }).asks('ann-o');
  const { allowGuests: _, ...without } = withGuests;
  const now = { ...without, approval: anApproval({ steps: [aStep('own', 'team:acme/data')] }) };
  history.where({ flows: [now] });
  expect(history.decide({ type: 'approve', voice: history.voice('cleo') })).toMatchObject({
    refusal: { code: 'not-an-approver' },
  });
});

it('is never asked for by a guest', () => {
  const history = new History({ flows: [withGuests], people, groups });
  expect(() => history.asks('cleo')).toThrow('not-a-requester');
});
