import { expect, test } from 'vitest';
import { aFlow, anApproval, aStep } from '../../test/builders/flow.ts';
import { History } from '../../test/builders/history.ts';
import type { World } from '../../test/builders/facts.ts';
import type { Command, Voice } from './commands.ts';
import type { FlowStep } from './flow.ts';
import { account } from './names.ts';

const cleos = 'cleo@customer.com';

const flowWith = (step: Partial<FlowStep>) =>
  aFlow({
    approval: anApproval({ steps: [aStep('customer', 'guest:customer', step)] }),
    allowGuests: true,
    ...(step.byLink && { guestLinks: true }),
  });

/** Cleo is a guest of people.yml, who is in the group by an account on Slack; her address is, too, unless a test says not. */
const world: Partial<World> = {
  flows: [flowWith({ byLink: true })],
  people: { 'ann-o': 'ann', [`email:${cleos}`]: 'cleo', 'cleo-d': 'cleo' },
  groups: {
    'team:acme/engineering': ['ann'],
    'guest:customer': ['cleo', `email:${cleos}`],
  },
};

const byLink = (history: History): Voice => ({
  surface: 'web',
  account: account('email', cleos),
  name: cleos,
  ref: 'link:1',
  at: history.now,
  proof: 'email-link',
});

const approve = (history: History): Command => ({ type: 'approve', voice: byLink(history) });
const codeOf = (history: History, command: Command): string | undefined => {
  const decision = history.decide(command);
  return 'refusal' in decision ? decision.refusal.code : undefined;
};

test('an address that a step lets decide by link counts as the person whose it is, and the entry says how it was proved', () => {
  const history = new History(world).asks('ann-o');
  history.when(approve(history));
  expect(history.status).toBe('escalating');
  const [given] = history.lines
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'approval-given');
  expect(given.by).toMatchObject({
    person: 'cleo',
    via: {
      surface: 'web',
      account: `email:${cleos}`,
      name: cleos,
      ref: 'link:1',
      proof: 'email-link',
    },
  });
});

test('a link is nothing where the flow did not offer it when it was asked, or no longer does', () => {
  const later = new History({ ...world, flows: [flowWith({})] })
    .asks('ann-o')
    .where({ flows: world.flows ?? [] });
  expect(codeOf(later, approve(later))).toBe('not-an-approver');
  const nowGone = new History(world).asks('ann-o').where({ flows: [flowWith({})] });
  expect(codeOf(nowGone, approve(nowGone))).toBe('not-an-approver');
  expect(codeOf(nowGone, { type: 'deny', voice: byLink(nowGone) })).toBe('not-an-approver');
});

test('a link is nothing for a step that the flow has dropped, once it offers none', () => {
  const dropped = aFlow({
    approval: anApproval({ steps: [aStep('other', 'team:acme/data')] }),
    allowGuests: true,
  });
  const history = new History(world).asks('ann-o').where({ flows: [dropped] });
  expect(codeOf(history, approve(history))).toBe('not-an-approver');
});

test('it is the address that has to be in the group, though its owner is by another account', () => {
  const history = new History(world).asks('ann-o').where({
    groups: { 'team:acme/engineering': ['ann'], 'guest:customer': ['cleo'] },
  });
  expect(codeOf(history, approve(history))).toBe('not-an-approver');
  // By that other account she still decides.
  expect(history.refusalOf('cleo-d', 'approve')).toBe('none');
});

test('one person is one voice, by link and by another account', () => {
  const two = { ...world, flows: [flowWith({ byLink: true, count: 2 })] };
  const history = new History(two).asks('ann-o');
  history.when(approve(history));
  expect(history.refusalOf('cleo-d', 'approve')).toBe('already-approved');
});

test('a link decides once: approved with it, nothing is denied with it', () => {
  const two = { ...world, flows: [flowWith({ byLink: true, count: 2 })] };
  const history = new History(two).asks('ann-o');
  history.when(approve(history)).when({ type: 'deny', voice: byLink(history) });
  expect(history.status).toBe('pending');
});
