// What a reviewer reads: the summary of the check, from the files before and after.
import { expect, test } from 'vitest';
import { aRequestIn } from '../../../../test/builders/request.ts';
import { flowPlace, inOrderOfWeight, type Change } from '../../../desk/change/change.ts';
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

/** What is said of these alone. */
function told(changes: readonly Change[]): CheckOutput {
  const same = { commit: 'a', files: new Map<string, Uint8Array>() };
  return renderVerdict({
    ...judgeFlows(review({ before: undefined, after: same, unchanged: 0 })),
    conclusion: 'success',
    counts: { sound: 1, broken: 0, errors: 0, warnings: 0, notes: 0, passed: 0, failed: 0 },
    files: [],
    changes: inOrderOfWeight(changes),
  });
}

const labels = (flow: string, count: number): readonly Change[] =>
  Array.from({ length: count }, (_, n) =>
    flowPlace(flow).change(
      'text',
      'other',
      `The target t${n} of ${flow} is shown as “It” instead of “That”.`,
    ),
  );
const asking = (flow: string, count: number): readonly Change[] =>
  Array.from({ length: count }, (_, n) =>
    flowPlace(flow).change('requesters', 'easier', `The team acme/${n} can newly ask for ${flow}.`),
  );

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
      - It would ask 1 of the team acme/data or bob (data-owner); until now it asks 1 of the team acme/data (data-owner). (#1, #1)"
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

    ### What is wrong

    | File | Line | What is wrong |
    | :-- | --: | :-- |
    | flows/aws-power-user.test.yml | 4 | It should be accepted, and is refused: not-an-approver (You are not among those who decide this: data-owner is decided by the team acme/dba). |

    <details><summary>Failed: the data owner says yes (flows/aws-power-user.test.yml, line 2)</summary>

    It should be accepted, and is refused: not-an-approver (You are not among those who decide this: data-owner is decided by the team acme/dba).

    2026-03-10 09:00 UTC, bob says approve:<br>
    – not-an-approver: You are not among those who decide this: data-owner is decided by the team acme/dba. Ask one of them to look at it.<br>
    The request is pending. Why, as bob reads it:<br>
    … data-owner waits for 1 approval from the team acme/dba.<br>
    – You do not belong to the team acme/dba.<br>
    – If you said /approve now: You are not among those who decide this: data-owner is decided by the team acme/dba. Ask one of them to look at it.<br>

    </details>

    ### Made easier

    - The team acme/dba can newly approve the step data-owner of aws-power-user.

    ### Made harder

    - The team acme/data can no longer approve the step data-owner of aws-power-user."
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
    { secrets: [{ name: 'AWS_TOKEN', hosts: ['aws.test'] }] },
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

test('hundreds of changes are all shown where there is room', () => {
  const { title, summary } = told([...labels('prod', 300), ...asking('prod', 100)]);
  expect(summary.match(/^- /gm)).toHaveLength(400);
  expect(title).toBe('1 flow, nothing wrong');
});

test('a crowd of harmless changes pushes out neither what is loud nor what others say, and it is said that there is more', () => {
  const loud = Array.from({ length: 200 }, (_, n) =>
    flowPlace(`z${n}`).change(
      'approvers',
      'easier',
      `All members can newly approve the step s of z${n}.`,
      'loud',
    ),
  );
  const [quiet] = asking('zzz', 1);
  const crowd = [...labels('aaa', 3000), ...asking('aaa', 3000)];
  const many = told([...crowd, ...loud, ...(quiet ? [quiet] : [])]);
  for (const { sentence } of loud) expect(many.summary).toContain(sentence);
  expect(many.summary).toContain('The team acme/0 can newly ask for zzz.');
  expect(many.summary).not.toContain('is shown as');
  expect(many.summary).toMatch(/^- … and \d+ more$/m);
  expect(many.summary.split('\n')[0]).toContain('Not all that changes fits here');
  expect(many.title).toBe('200 things to look at first, and more changes than fit here');
  expect(Buffer.byteLength(many.summary)).toBeLessThan(65_535);
  expect(told(crowd)).toMatchObject({
    conclusion: 'neutral',
    title: 'More changes than fit here: countersign diff shows all',
  });
});

test('even of what is loud alone, the title says so where there is too much', () => {
  const loud = Array.from({ length: 2000 }, (_, n) =>
    flowPlace(`z${n}`).change(
      'approvers',
      'easier',
      `All members can newly approve the step s of z${n}.`,
      'loud',
    ),
  );
  const { title, summary } = told(loud);
  expect(title).toBe('2000 things to look at first, and more changes than fit here');
  expect(Buffer.byteLength(summary)).toBeLessThan(65_535);
});

test('a new flow reads at once, however long the names in it are', () => {
  const long = 'very-long-names-'.repeat(5);
  const { summary } = checked(
    {},
    {
      'flows/new.yml': `label: New
strategy: { type: github-team }
targets: { ${Array.from({ length: 9 }, (_, n) => `t${n}: { settings: { organization: acme, team_slug: ${long}${long}${long}${n} } }`).join(', ')} }
duration: { options: [1h, until-revoked] }
requesters: [team:acme/${long}, person:bob]
approval: { allow_self_approval: true, steps: [{ name: one, approvers: [role:member] }] }
`,
    },
    { author: account('github', 2) },
  );
  expect(summary).toMatchInlineSnapshot(`
    "**1 flow changed: 2 warnings.** No scenarios. 3 flows stay as they are.

    ### Look at this first

    - ⚠️ The author of this pull request widens their own access: bob may newly ask for new.
    - ⚠️ The author of this pull request widens their own access: bob may newly approve the step one of new.
    - ⚠️ new asks 1 of all members (one).
    - ⚠️ Whoever asks for new can newly approve their own request, where a step is theirs.
    - ⚠️ Access by new may have no end: it lasts until somebody revokes it.

    ### Made easier

    - The team acme/very-long-names-very-long-names-very-long-names-very-long-names-very-long-names- and bob can newly ask for new.
    - new grants t0 (organization “acme”, team\\_slug “very-long-names-very-long-names-very-long-names-very-long-names-very-lon… (133 more) …es-very-long-names-very-long-names-0”), by github-team, for 1h, until revoked.
    - new grants further t1 (organization “acme”, team\\_slug “very-long-names-very-long-names-very-long-names-very-long-names-very-lon… (133 more) …es-very-long-names-very-long-names-1”).
    - new grants further t2 (organization “acme”, team\\_slug “very-long-names-very-long-names-very-long-names-very-long-names-very-lon… (133 more) …es-very-long-names-very-long-names-2”).
    - new grants further t3 (organization “acme”, team\\_slug “very-long-names-very-long-names-very-long-names-very-long-names-very-lon… (133 more) …es-very-long-names-very-long-names-3”).
    - new grants further t4 (organization “acme”, team\\_slug “very-long-names-very-long-names-very-long-names-very-long-names-very-lon… (133 more) …es-very-long-names-very-long-names-4”).
    - new grants further t5 (organization “acme”, team\\_slug “very-long-names-very-long-names-very-long-names-very-long-names-very-lon… (133 more) …es-very-long-names-very-long-names-5”).
    - new grants further t6 (organization “acme”, team\\_slug “very-long-names-very-long-names-very-long-names-very-long-names-very-lon… (133 more) …es-very-long-names-very-long-names-6”).
    - new grants further t7 (organization “acme”, team\\_slug “very-long-names-very-long-names-very-long-names-very-long-names-very-lon… (133 more) …es-very-long-names-very-long-names-7”).
    - new grants further t8 (organization “acme”, team\\_slug “very-long-names-very-long-names-very-long-names-very-long-names-very-lon… (133 more) …es-very-long-names-very-long-names-8”)."
  `);
});
