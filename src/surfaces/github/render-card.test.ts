import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import {
  aBrokenGlassIn,
  aRequest,
  aRequestIn,
  anId,
  followedBy,
  reviewedEntry,
  someone,
  type RequestOptions,
} from '../../../test/builders/request.ts';
import { aStep } from '../../../test/builders/flow.ts';
import { minutes } from '../../domain/duration.ts';
import { cardOf } from '../../domain/card.ts';
import type { Request } from '../../domain/request.ts';
import { isOver, statuses } from '../../domain/request.ts';
import { personId } from '../../domain/names.ts';
import { longestBody, renderCard } from './render-card.ts';
import { noLogins } from './mention.ts';

const threeSteps: RequestOptions = {
  policy: {
    danger: 'You are changing production.',
    environment: 'prod',
    steps: [
      aStep('data-owner', 'team:acme/data'),
      aStep('security', 'team:acme/security'),
      aStep('customer', 'person:cleo', { needs: ['data-owner', 'security'] }),
    ],
  },
};

const afterOne = followedBy(aRequest(threeSteps), [
  { type: 'approval-given', by: someone('bob', 'r1'), data: { eligible: ['data-owner'], message: 'go' } },
]);

describe('the card', () => {
  it('says that less time was given than was asked for', () => {
    const data = { eligible: ['data-owner'], duration: minutes(15) };
    const less = followedBy(aRequest(threeSteps), [
      { type: 'approval-given', by: someone('bob', 'r1'), data },
    ]);
    expect(show(less.request)).toContain('| Time | less than the 30m asked for, by bob |');
  });

  it('offers what the flow lets people say, and no shorter time where nothing is granted', () => {
    const saidOf = (request: Request): readonly string[] =>
      [...show(request).matchAll(/^- (`\/(?:approve|deny)`.*)$/gm)].map(([, line = '']) => line);
    expect(saidOf(aRequest({ policy: { decisionMessage: 'required' } }).request)).toEqual([
      '`/approve` with a message, `/approve for 30m` to grant less: one of those who decide',
      '`/deny` with a message: one of those who decide',
    ]);
    const { request } = aRequest({ policy: { decisionMessage: 'off' } });
    const { answers, fields } = request.form;
    expect(saidOf({ ...request, form: { answers, fields } })).toEqual([
      '`/approve`: one of those who decide',
      '`/deny`: one of those who decide',
    ]);
  });

  it('of access that waited for nobody, before and after its review', () => {
    const told = aBrokenGlassIn('active');
    expect(show(told.request)).toMatchInlineSnapshot(`
      "### 🟢 Break-glass, access is there: Production for 30m, for ann

      > [!WARNING]
      > **Break-glass**: nobody approved this. ann says why: The queue is stuck.

      **Review**: ⏳ by 21 Nov 2026, 12:00 UTC, from @acme/security

      | Asked by | ann, 20 Nov 2026, 12:00 UTC |
      | :-- | :-- |
      | Flow | AWS Power User |
      | Why do you need access? | Backfill of order 4711 |

      It is taken back by itself on **20 Nov 2026, 12:33 UTC**.

      <details>
      <summary>What you can do, and what exactly is granted</summary>

      Say it in a new comment:
      - \`/revoke\` ends it early: whoever asked for it, those who decide, those who review it, and admins
      - \`/review fine\` or \`/review concern\`, and what you found: one of those who review it
      - \`/status\`, or \`/why\` for who counts and why: anybody

      By the strategy \`aws-sso\`:
      - account\\_id: \`333333333333\`

      </details>

      <sub>Request \`01JD0000000000000000000001\`, by the flow \`aws-power-user\` at \`9f3c000\`</sub>

      <!-- countersign:card:01JD0000000000000000000001 -->"
    `);
    const reviewed = show(followedBy(told, [reviewedEntry('dora', 'concern')]).request);
    expect(/^\*\*Review\*\*.*$/m.exec(reviewed)?.[0]).toMatchInlineSnapshot(
      `"**Review**: ⚠️ dora reviewed it on 20 Nov 2026, 12:02 UTC and **has a concern**, saying “It was needed.”"`,
    );
    expect(reviewed).not.toContain('/review');
  });

  it('of a request that waits', () => {
    expect(show(afterOne.request)).toMatchInlineSnapshot(`
      "### 🟡 Waiting for approval: Production for 30m, for ann

      > [!CAUTION]
      > You are changing production.

      | Asked by | ann, 20 Nov 2026, 12:00 UTC |
      | :-- | :-- |
      | Flow | AWS Power User (prod) |
      | Why do you need access? | Backfill of order 4711 |

      **Who decides**
      - ✅ **data-owner**: bob approved on 20 Nov 2026, 12:01 UTC, saying “go”
      - ⏳ **security**: waiting for 1 approval from @acme/security
      - ▫️ **customer**: 1 approval from cleo, asked after data-owner and security

      Once all steps are approved, ann gets Production for 30m; then it is taken back by itself. Without a decision it lapses on **21 Nov 2026, 12:00 UTC**.

      <details>
      <summary>What you can do, and what exactly is granted</summary>

      Say it in a new comment:
      - \`/approve\` with or without a message, \`/approve for 30m\` to grant less: one of those who decide
      - \`/deny\` with or without a message: one of those who decide
      - \`/cancel\`: whoever asked for it
      - \`/status\`, or \`/why\` for who counts and why: anybody

      By the strategy \`aws-sso\`:
      - account\\_id: \`333333333333\`

      </details>

      <sub>Request \`01JD0000000000000000000001\`, by the flow \`aws-power-user\` at \`9f3c000\`</sub>

      <!-- countersign:card:01JD0000000000000000000001 -->"
    `);
  });

  it('of access that is there', () => {
    expect(show(aRequestIn('active').request)).toMatchInlineSnapshot(`
      "### 🟢 Access is there: Production for 30m, for ann

      | Asked by | ann, 20 Nov 2026, 12:00 UTC |
      | :-- | :-- |
      | Flow | AWS Power User |
      | Why do you need access? | Backfill of order 4711 |

      **Who decided**
      - ✅ **data-owner**: bob approved on 20 Nov 2026, 12:01 UTC

      It is taken back by itself on **20 Nov 2026, 12:33 UTC**.

      <details>
      <summary>What you can do, and what exactly is granted</summary>

      Say it in a new comment:
      - \`/revoke\` ends it early: whoever asked for it, those who decide as the flow allows, and admins
      - \`/status\`, or \`/why\` for who counts and why: anybody

      By the strategy \`aws-sso\`:
      - account\\_id: \`333333333333\`

      </details>

      <sub>Request \`01JD0000000000000000000001\`, by the flow \`aws-power-user\` at \`9f3c000\`</sub>

      <!-- countersign:card:01JD0000000000000000000001 -->"
    `);
  });

  it('of a request that was denied', () => {
    expect(show(aRequestIn('denied', threeSteps).request)).toMatchInlineSnapshot(`
      "### 🔴 Denied: Production for 30m, for ann

      | Asked by | ann, 20 Nov 2026, 12:00 UTC |
      | :-- | :-- |
      | Flow | AWS Power User (prod) |
      | Why do you need access? | Backfill of order 4711 |

      **Who decided**
      - ➖ **data-owner**: was not decided
      - ➖ **security**: was not decided
      - ➖ **customer**: was not decided

      bob denied it on **20 Nov 2026, 12:01 UTC**. Nothing was granted.

      <details>
      <summary>What exactly was asked for</summary>

      By the strategy \`aws-sso\`:
      - account\\_id: \`333333333333\`

      </details>

      <sub>Request \`01JD0000000000000000000001\`, by the flow \`aws-power-user\` at \`9f3c000\`</sub>

      <!-- countersign:card:01JD0000000000000000000001 -->"
    `);
  });

  it('of a request that has ended', () => {
    expect(show(aRequestIn('ended').request)).toMatchInlineSnapshot(`
      "### ⚪ Ended on time: Production for 30m, for ann

      | Asked by | ann, 20 Nov 2026, 12:00 UTC |
      | :-- | :-- |
      | Flow | AWS Power User |
      | Why do you need access? | Backfill of order 4711 |

      **Who decided**
      - ✅ **data-owner**: bob approved on 20 Nov 2026, 12:01 UTC

      Access was there from **20 Nov 2026, 12:03 UTC** and was gone by **20 Nov 2026, 12:05 UTC**.

      <details>
      <summary>What exactly was asked for</summary>

      By the strategy \`aws-sso\`:
      - account\\_id: \`333333333333\`

      </details>

      <sub>Request \`01JD0000000000000000000001\`, by the flow \`aws-power-user\` at \`9f3c000\`</sub>

      <!-- countersign:card:01JD0000000000000000000001 -->"
    `);
  });
});

describe('mentions on the card', () => {
  it('are only those who are asked now', () => {
    expect(mentions(show(afterOne.request))).toEqual(['@acme/security']);
  });

  it('grow by the step that opens, so that the edit notifies nobody else', () => {
    const { request } = followedBy(afterOne, [
      { type: 'approval-given', by: someone('sue', 'r2'), data: { eligible: ['security'] } },
    ]);
    const logins = new Map([[personId('cleo'), 'cleo-p']]);
    expect(mentions(renderCard(cardOf(request), logins))).toEqual(['@cleo-p']);
  });

  it('are none once nobody is asked', () => {
    for (const status of statuses.filter((each) => each !== 'pending'))
      expect(mentions(show(aRequestIn(status, threeSteps).request))).toEqual([]);
  });
});

it('shows no command after the end', () => {
  for (const status of statuses) {
    const { request } = aRequestIn(status);
    if (isOver(request)) expect(show(request)).not.toMatch(/`\/(approve|deny|revoke|cancel)/);
  }
});

it('ends with the marker by which it is found again', () => {
  for (const status of statuses)
    expect(show(aRequestIn(status).request)).toMatch(
      new RegExp(`\\n\\n<!-- countersign:card:${anId()} -->$`),
    );
});

it('shows the whole of ordinary answers, and stays within what GitHub takes', () => {
  const answers = Array.from({ length: 60 }, (_, n) => ({ label: `Question ${n}`, text: '*|'.repeat(2000) }));
  const body = show(aRequest({ form: { answers } }).request);
  expect(body.length).toBeLessThanOrEqual(longestBody);
  expect(body).toContain('Question 59');
  expect(body).toContain('more characters are in the ledger');
  const short = [{ label: 'Why?', text: 'x'.repeat(4000) }];
  expect(show(aRequest({ form: { answers: short } }).request)).toContain('x'.repeat(4000));
});

it('still says what matters where nothing else fits', () => {
  const steps = Array.from({ length: 3000 }, (_, n) => aStep(`step-${n}`, 'team:acme/data'));
  const body = show(aRequest({ policy: { steps } }).request);
  expect(body.length).toBeLessThanOrEqual(longestBody);
  expect(body).toMatch(/Production for 30m[\s\S]*in the ledger[\s\S]*countersign:card/);
});

it('keeps its shape and its marker whatever is typed into it', () => {
  const plain = outline(show(aRequest().request));
  fc.assert(
    fc.property(fc.string({ unit: mischief, maxLength: 60 }), (text) => {
      const { request } = aRequest({
        form: { answers: [{ label: 'Why do you need access?', text: `x${text}` }] },
      });
      const body = show(request);
      expect(outline(body)).toEqual(plain);
      expect(body.match(/<!-- countersign/g)).toHaveLength(1);
      expect(mentions(body)).toEqual(['@acme/data']);
    }),
    { numRuns: 100 },
  );
});

const mischief = fc.oneof(
  fc.constantFrom(...'`*_{}[]()<>#+-.!|~$&:=@/\\\n\r\t "\'0123aw'),
  fc.constantFrom('<!--', '-->', '</details>', '</table>', '@everyone', '```', '\n\n', '\n### ', '<br>'),
);

function show(request: Request): string {
  return renderCard(cardOf(request), noLogins);
}

function mentions(body: string): string[] {
  return body.match(/@[A-Za-z0-9][\w./-]*/g) ?? [];
}

/** The tags of the page in order, without those that text may have within its cell. */
function outline(body: string): string[] {
  const html = micromark(body, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
  return [...html.matchAll(/<(\/?[a-z0-9]+)/g)].map(([, tag]) => tag ?? '').filter((tag) => tag !== 'br');
}
