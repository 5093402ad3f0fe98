import { expect, test } from 'vitest';
import { edited, files, paths, type Edit } from '../../../test/builders/changed-desk.ts';
import {
  aGrant,
  anId,
  approvalEntry,
  aRequestIn,
  aThread,
  escalationStartedEntry,
  approvedEntry,
  followedBy,
  aRequest,
  type RequestOptions,
} from '../../../test/builders/request.ts';
import { minutes } from '../../domain/duration.ts';
import { account, group, personId } from '../../domain/names.ts';
import type { Request, Status } from '../../domain/request.ts';
import type { Desk } from '../desk.ts';
import { readSample } from '../sample-desk.ts';
import { stillNeeded } from './still-needed.ts';

const { prod: p, settings: c, people: y, team: t } = paths;
const known = {
  byAccount: new Map([
    [account('github', 'id-of-ann'), personId('ann')],
    [account('github', 'id-of-bob'), personId('bob')],
  ]),
};

/** The accounts of the requests in these tests. */
function withAccounts(desk: Desk): Desk {
  if (desk.people === undefined) return desk;
  const { persons } = desk.people;
  const byAccount = new Map([...known.byAccount].filter(([, person]) => persons.has(person)));
  return { ...desk, people: { persons, byAccount } };
}
const desk = withAccounts(edited());
const without = (path: string): Desk =>
  withAccounts(readSample(Object.fromEntries(Object.entries(files).filter(([file]) => file !== path))));
const after = (...edits: readonly Edit[]): Desk => withAccounts(edited(...edits));

let made = 0;
const options = (more: RequestOptions = {}): RequestOptions => ({
  id: anId((made += 1)),
  flow: { name: 'prod', commit: 'c0ffee' },
  thread: aThread(42),
  form: {
    target: { name: 'main', label: 'Main account', settings: { account_id: '111111111111' } },
    fields: { reason: 'x' },
  },
  ...more,
  policy: {
    strategy: { type: 'aws', integration: 'tool' },
    steps: [{ name: 'data', approvers: [group('team:acme/data')], count: 2, needs: [], peopleOnly: false }],
    extend: { maxTotal: minutes(120), times: 1 },
    ...more.policy,
  },
});
const inStatus = (status: Status, more: RequestOptions = {}): Request =>
  aRequestIn(status, options(more)).request;

/** Access by an integration as it was recorded. */
function active(integration?: Record<string, string>): Request {
  const told = aRequest(options());
  const grant = aGrant({
    strategy: { type: 'aws', integration: 'tool' },
    ...(integration && { integration }),
  });
  return [[approvalEntry(), approvedEntry(told.request)], [escalationStartedEntry(grant)]].reduce(
    (so, entries) => followedBy(so, entries),
    told,
  ).request;
}

const said = (to: Desk, ...requests: readonly Request[]): readonly string[] => {
  const needed = stillNeeded({ before: desk, after: to, requests });
  expect(structuredClone(needed)).toEqual(needed);
  return needed.map(({ kind, loud, sentence }) => `${loud ? '!' : ''}${kind}: ${sentence}`);
};

test('a flow that is gone or broken: what waits cannot be approved, what is there cannot be extended', () => {
  const requests = [
    inStatus('pending'),
    inStatus('pending'),
    inStatus('active'),
    inStatus('ended'),
    inStatus('denied'),
  ];
  expect(said(without(p), ...requests)).toEqual([
    '!flow: 2 requests for prod wait for approval: once the flow is gone, they can only be denied, withdrawn or lapse.',
    'flow: Access by 1 request for prod is taken back at its time, and cannot be extended once the flow is gone.',
  ]);
  const brokenDesk = withAccounts(readSample({ ...files, [p]: 'label: Broken\n' }));
  expect(said(brokenDesk, inStatus('pending'))).toEqual([
    '!flow: 1 request for prod waits for approval: once the flow is broken, it can only be denied, withdrawn or lapse.',
  ]);
  expect(said(without(t), ...requests)).toEqual([]);
});

test('each is told with an example and where it is talked about', () => {
  const [one, other] = [inStatus('pending'), inStatus('pending')];
  const [needed] = stillNeeded({ before: desk, after: without(p), requests: [other, one] });
  expect(needed).toMatchObject({
    requests: [one.id, other.id],
    example: { request: one.id, issue: 42 },
    file: p,
  });
});

test('a desk that closes', () => {
  const closed = withAccounts(readSample({ ...files, [y]: 'people: 1\n' }));
  expect(said(closed, inStatus('pending'))).toContain(
    '!desk: Nobody could approve or extend 1 open request until flows/people.yml is mended. Access is still taken back at its time.',
  );
});

test('a target that is gone', () => {
  const form = {
    target: { name: 'shared', label: 'shared', settings: { organization: 'acme', team_slug: 'deployers' } },
  };
  const flow = { name: 'team', commit: 'c0ffee' };
  const to = after([
    t,
    'shared_targets: [shared]',
    'targets: { other: { settings: { organization: acme, team_slug: x } } }',
  ]);
  expect(said(to, inStatus('pending', { flow, form }), inStatus('active', { flow, form }))).toEqual([
    'target: 1 request for the target shared of team waits for approval, and would still be granted as it was asked for: deny it if that is not wanted.',
    'target: Access by 1 request to the target shared of team is taken back at its time, and can no longer be extended.',
  ]);
});

test('a step whose people are others: whoever approves has to be of both', () => {
  const to = after([p, 'approvers: [team:acme/data]', 'approvers: [team:acme/ops]']);
  expect(said(to, inStatus('pending'))).toEqual([
    '!approvers: 1 request for prod waits for the step data: only somebody who belongs both to the team acme/data and to the team acme/ops can approve it then.',
  ]);
  expect(
    said(
      after([p, 'approvers: [team:acme/data]', 'approvers: [team:acme/data, team:acme/ops]']),
      inStatus('pending'),
    ),
  ).toEqual([]);
  expect(
    said(
      after(
        [p, 'name: data,', 'name: others,'],
        [p, 'needs: [data]', 'needs: [others]'],
        [p, 'approve: [data]', 'approve: [others]'],
      ),
      inStatus('pending'),
    ),
  ).toEqual([]);
});

test('the manager of whoever asked is the same person in the flow as in what was pinned', () => {
  const steps = [{ name: 'data', approvers: [group('manager:ann')], count: 2, needs: [], peopleOnly: false }];
  const waiting = (): Request => inStatus('pending', { policy: { steps } });
  const managed: Edit = [p, 'approvers: [team:acme/data]', 'approvers: [manager:requester]'];
  const kept = stillNeeded({
    before: after(managed),
    after: after(managed, [p, 'header: Read this first.', 'header: Read.']),
    requests: [waiting()],
  });
  expect(kept).toEqual([]);
  const [gone] = stillNeeded({ before: after(managed), after: desk, requests: [waiting()] });
  expect(gone?.sentence).toBe(
    '1 request for prod waits for the step data: only somebody who belongs both to the manager of ann and to the team acme/data can approve it then.',
  );
});

test('an integration that is gone: what waits cannot be granted; what is there is taken back as it was recorded', () => {
  const line =
    '  tool: { type: http, base_url: "https://tool.acme.com/api", token: "${{ secrets.TOOL_TOKEN }}" }\n';
  const was = { type: 'http', base_url: 'https://tool.acme.com/api', token: '${{ secrets.TOOL_TOKEN }}' };
  const to = after([c, line, '']);
  expect(said(to, inStatus('pending'), inStatus('approved'), active(was))).toEqual([
    '!integration: 2 requests could not be granted any more once the integration tool is gone: an approval would fail.',
    '!secret: Access by 1 request can only be taken back with the secret TOOL_TOKEN at https://tool.acme.com/api, as it was granted: whoever runs Countersign has to leave that secret granted until the access has ended.',
  ]);
  const moved = after([c, 'https://tool.acme.com/api', 'https://tool.acme.com/v2']);
  expect(said(moved, active(was))).toHaveLength(1);
  expect(said(moved, active())).toHaveLength(1);
  const sameAddress = after([c, 'secrets.TOOL_TOKEN', 'secrets.TOOL_TOKEN_2']);
  expect(said(sameAddress, active(was))).toEqual([]);
  const { token: _, ...open } = was;
  expect(said(to, active(open))).toEqual([]);
});

test('somebody who leaves', () => {
  const ann: Edit = [y, '  ann: { name: Ann, email: ann@acme.com, github: { login: ann-o, id: 1 } }\n', ''];
  const to = after(ann, [y, ', manager: ann', '']);
  expect(said(to, inStatus('pending'), inStatus('active'), inStatus('active'))).toEqual([
    '!person: 1 request of ann could not be granted any more: an approval would fail, since nobody knows their account.',
    '!person: ann has access by 2 requests, which does not end by leaving people.yml: it lasts until its time is up or somebody revokes it.',
  ]);
});

test('an approver who leaves, or whose account moves to somebody else', () => {
  const told = aRequest(options());
  const approvedOnce = followedBy(told, [approvalEntry('bob')]).request;
  const people = desk.people;
  if (people === undefined) throw new Error('There are people.');
  const moved = (to?: string): Desk => ({
    ...desk,
    people: {
      ...people,
      byAccount: new Map(
        [...people.byAccount].flatMap(([key, person]) =>
          person !== 'bob'
            ? [[key, person] as const]
            : to === undefined
              ? []
              : [[key, personId(to)] as const],
        ),
      ),
    },
  });
  expect(said(moved(), approvedOnce)).toEqual([
    '!person: The approval of bob no longer counts for 1 open request: somebody else has to approve.',
  ]);
  expect(said(moved('gus'), approvedOnce)).toEqual([
    '!account: What bob approved of 1 open request would count as approved by gus.',
  ]);
});

test('a requester whose account is another', () => {
  const to = after([y, 'github: { login: ann-o, id: 1 }', 'github: { login: ann-o, id: 99 }']);
  expect(said(to, inStatus('pending'), inStatus('active'))).toEqual([
    '!account: 1 request of ann would be granted to whatever account people.yml gives ann then.',
    'account: Access by 1 request of ann is taken back from the account that has it, and not from the one that ann has then.',
  ]);
  const people = desk.people;
  if (people === undefined) throw new Error('There are people.');
  const taken = new Map([...people.byAccount, [account('github', 'id-of-ann'), personId('bob')] as const]);
  expect(said({ ...desk, people: { ...people, byAccount: taken } }, inStatus('pending'))).toEqual([
    '!account: bob would count as whoever asked, besides ann, for 1 open request.',
  ]);
});

test('nothing is needed of what stays, nor by what is over', () => {
  const all = (['pending', 'approved', 'escalating', 'active', 'deescalating'] as const).map((status) =>
    inStatus(status),
  );
  expect(said(desk, ...all)).toEqual([]);
  expect(said(without(p), inStatus('ended'), inStatus('failed'), inStatus('lapsed'))).toEqual([]);
});
