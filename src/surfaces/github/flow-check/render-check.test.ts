// What a reviewer reads: the summary of the check, from the files before and after.
import { expect, test } from 'vitest';
import { aRequestIn } from '../../../../test/builders/request.ts';
import { createChangeReviewer, type ProposedChange } from '../../../desk/change/review-change.ts';
import { sampleFiles, sampleStrategies } from '../../../desk/sample-desk.ts';
import { account, group } from '../../../domain/names.ts';
import { judgeFlows } from './judge-flows.ts';
import { renderVerdict, type CheckOutput } from './render-check.ts';

const flow = `label: Production
strategy: { type: github-team }
targets: { prod: { label: Production, settings: { organization: acme, team_slug: prod } } }
duration: { options: [30m, 1h] }
requesters: [team:acme/engineering]
fields: { reason: { type: string } }
approval: { steps: [{ name: data-owner, approvers: [team:acme/data] }] }
`;
const scenarios = `scenarios:
  - name: the data owner says yes
    given: { groups: { 'team:acme/engineering': [ann], 'team:acme/data': [bob] }, request: { requester: ann, fields: { reason: x } } }
    then: [{ approve: bob, expect: { status: active } }]
`;
const review = createChangeReviewer({ strategies: sampleStrategies });

function checked(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  more: Partial<ProposedChange> = {},
): CheckOutput {
  const version = (files: Readonly<Record<string, string>>, commit: string) => ({
    commit,
    files: new Map(
      Object.entries({ ...sampleFiles, ...files }).map(([path, text]) => [
        path,
        new TextEncoder().encode(text),
      ]),
    ),
  });
  const proposed = { before: version(before, 'b'), after: version(after, 'a'), unchanged: 3, ...more };
  return renderVerdict(judgeFlows(review(proposed)));
}

const files = { 'flows/aws-power-user.yml': flow, 'flows/aws-power-user.test.yml': scenarios };

test('a change that makes it easier is said first, with what is in use and what became of requests', () => {
  const easier = flow
    .replace('[team:acme/data]', '[team:acme/data, person:bob]')
    .replace('[30m, 1h]', '[30m, 1h, 8h]');
  const { conclusion, title, summary } = checked(
    files,
    { ...files, 'flows/aws-power-user.yml': easier },
    { author: account('github', 2), requests: [aRequestIn('denied').request, aRequestIn('active').request] },
  );
  expect({ conclusion, title }).toEqual({ conclusion: 'neutral', title: '2 things to look at first' });
  expect(summary).toMatchInlineSnapshot(`
    "**1 flow changed: 1 warning.** 1 scenario passed. 3 flows stay as they are.

    ### Look at this first

    - ⚠️ The author of this pull request may widen their own access: bob may newly approve the step data-owner of aws-power-user.
    - ⚠️ The author of this pull request may widen their own access: what bob may ask for in aws-power-user changes (Access by aws-power-user may last 8h instead of 1h at most, and 1 more). It is not known here whether they belong to the team acme/engineering.

    ### Made easier

    - bob can newly approve the step data-owner of aws-power-user.
    - Access by aws-power-user may last 8h instead of 1h at most.

    ### The last 2 requests, decided again

    - **2 would ask others**
      - It would ask 1 of the team acme/data or bob (data-owner); until now it asks 1 of the team acme/data (data-owner). (#1)
      - It would ask 1 of the team acme/data or bob (data-owner); until now it asks 1 of the team acme/data (data-owner). (#1)"
  `);
});

test('a scenario that fails stands at its line, and the summary says why', () => {
  const { conclusion, summary, annotations } = checked(files, {
    ...files,
    'flows/aws-power-user.yml': flow.replace('acme/data', 'acme/dba'),
  });
  expect(conclusion).toBe('failure');
  expect(annotations[0]).toMatchObject({
    path: 'flows/aws-power-user.test.yml',
    start_line: 4,
    annotation_level: 'failure',
    title: 'scenario-failed',
  });
  expect(summary).toMatchInlineSnapshot(`
    "**1 flow changed: 1 error and 2 warnings.** 1 of 1 scenario failed. 3 flows stay as they are.

    ### Made easier

    - The team acme/dba can newly approve the step data-owner of aws-power-user.

    ### Made harder

    - The team acme/data can no longer approve the step data-owner of aws-power-user.

    ### What is wrong

    | File | Line | What is wrong |
    | :-- | --: | :-- |
    | flows/aws-power-user.test.yml | 4 | The answer should be no refusal, and is not-an-approver (You are not among those who decide this: data-owner is decided by the team acme/dba). |

    <details><summary>Failed: the data owner says yes (flows/aws-power-user.test.yml, line 2)</summary>

    The answer should be no refusal, and is not-an-approver (You are not among those who decide this: data-owner is decided by the team acme/dba).

    2026-03-10 09:00 UTC, bob says approve:<br>
    \\- not-an-approver: You are not among those who decide this: data-owner is decided by the team acme/dba. Ask one of them to look at it.<br>
    The request is pending. Why, as bob reads it:<br>
    . data-owner waits for 1 approval from the team acme/dba.<br>
    \\- You do not belong to the team acme/dba.<br>
    \\- If you said /approve now: You are not among those who decide this: data-owner is decided by the team acme/dba. Ask one of them to look at it.<br>

    </details>"
  `);
});

test('a group that is not there is a warning where it is named', () => {
  const seen = { group: group('team:acme/dta'), file: 'flows/aws-power-user.yml', line: 7, column: 53 };
  const { annotations } = checked({}, files, {
    groups: [{ ...seen, problem: 'There is no team acme/dta.' }],
  });
  expect(annotations).toContainEqual(
    expect.objectContaining({ start_line: 7, annotation_level: 'warning', title: 'group-not-found' }),
  );
});

test('a secret that the operator does not grant is a warning where it is named', () => {
  const settings = sampleFiles['flows/countersign.yml'].replace(
    'region: eu-north-1 }',
    'region: eu-north-1, token: "${{ secrets.AWS_TOKE }}" }',
  );
  const { annotations } = checked(
    files,
    { ...files, 'flows/countersign.yml': settings },
    { secrets: ['AWS_TOKEN'] },
  );
  expect(annotations).toContainEqual(
    expect.objectContaining({
      path: 'flows/countersign.yml',
      title: 'secret-not-granted',
      message: expect.stringContaining('Did you mean “AWS_TOKEN”?'),
    }),
  );
});

test('whatever files say, the summary is text, and fits', () => {
  const hostile = '@everyone <img src=x> [a](http://x) | `';
  const many = Object.fromEntries(
    Array.from({ length: 400 }, (_, n) => [
      `flows/flow-${n}.yml`,
      flow.replace('label: Production\n', `label: "${hostile} ${n}"\n`).replace('fields:', 'feelds:'),
    ]),
  );
  const { summary, annotations } = checked({}, many);
  expect(Buffer.byteLength(summary)).toBeLessThan(65_535);
  expect(annotations).toHaveLength(300);
  const one = checked(
    {},
    {
      'flows/a.yml': flow
        .replace('label: Production\n', `label: "${hostile}"\n`)
        .replace('prod: {', '"x|y": {'),
    },
  );
  expect(one.summary).not.toMatch(/<img|@everyone|\]\(http/);
});
