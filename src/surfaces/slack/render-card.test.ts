import { describe, expect, it } from 'vitest';
import {
  aRequest,
  aRequestIn,
  followedBy,
  someone,
  type RequestOptions,
} from '../../../test/builders/request.ts';
import { aStep } from '../../../test/builders/flow.ts';
import { cardOf } from '../../domain/card.ts';
import { minutes } from '../../domain/duration.ts';
import { destination, personId } from '../../domain/names.ts';
import { isOver, statuses, type Request } from '../../domain/request.ts';
import { readMore } from './card-actions.ts';
import { renderCard, type CardMessage } from './render-card.ts';
import { linesOf } from '../../../test/contracts/slack/lines-of.ts';

const threeSteps: RequestOptions = {
  policy: {
    danger: 'You are changing production.',
    environment: 'prod',
    steps: [
      aStep('data-owner', 'team:acme/data'),
      aStep('security', 'person:dora'),
      aStep('customer', 'person:cleo', { needs: ['data-owner', 'security'] }),
    ],
  },
};

const afterOne = followedBy(aRequest(threeSteps), [
  { type: 'approval-given', by: someone('bob', 'r1'), data: { eligible: ['data-owner'], message: 'go' } },
]);

const mentions = new Map([
  [personId('dora'), 'U07DORA00'],
  [personId('cleo'), 'U09CLEO00'],
]);

function show(request: Request, issue?: string): CardMessage {
  return renderCard(cardOf(request), {
    mentions,
    to: destination('slack-channel:access'),
    ...(issue !== undefined && { issue }),
  });
}

describe('the card', () => {
  it('says that less time was given than was asked for', () => {
    const less = followedBy(aRequest(threeSteps), [
      {
        type: 'approval-given',
        by: someone('bob', 'r1'),
        data: { eligible: ['data-owner'], duration: minutes(15) },
      },
    ]);
    const shown = linesOf(show(less.request).blocks);
    expect(shown).toContain('Production for 15m');
    expect(shown).toContain('*Time* less than the 30m asked for, by bob');
  });

  it('leaves the parts of a call to the ledger', () => {
    const { request } = aRequest();
    const target = {
      name: 'keys',
      label: 'Keys',
      settings: { vault: 'eu', grant: { method: 'PUT', path: '/x' } },
    };
    const shown = linesOf(show({ ...request, form: { ...request.form, target } }).blocks);
    expect(shown).toContain('vault `eu` · 1 more in the ledger');
    expect(shown).not.toContain('PUT');
  });

  it('of a request that waits', () => {
    expect(linesOf(show(afterOne.request, 'https://github.com/acme/access/issues/12').blocks))
      .toMatchInlineSnapshot(`
        "# 🟡 Waiting for approval: Production for 30m, for ann

        ⚠️ *You are changing production.*

        *Asked by* ann from GitHub · {20 Nov 2026, 12:00 UTC}
        *Flow* AWS Power User (prod)
        *Why do you need access?* Backfill of order 4711
        *Grants* \`aws-sso\` · account_id \`333333333333\`

        *Who decides*
        ✅ *data-owner*: bob approved {20 Nov 2026, 12:01 UTC}, saying “go”
        ⏳ *security*: waiting for 1 approval from @U07DORA00
        ▫️ *customer*: 1 approval from cleo, asked after data-owner and security

        Once all steps are approved, ann gets Production for 30m; then it is taken back by itself. Without a decision it lapses {21 Nov 2026, 12:00 UTC}.

        [Approve] [Deny] [⋯ Grant less… | Stand in as admin… | Withdraw… | Why?]

        (<https://github.com/acme/access/issues/12|Issue 12 on GitHub> · Request 01JD0000000000000000000001, by the flow aws-power-user at 9f3c000)"
      `);
  });

  it('of access that is there', () => {
    expect(linesOf(show(aRequestIn('active').request).blocks)).toMatchInlineSnapshot(`
      "# 🟢 Access is there: Production for 30m, for ann

      *Asked by* ann from GitHub · {20 Nov 2026, 12:00 UTC}
      *Flow* AWS Power User
      *Why do you need access?* Backfill of order 4711
      *Grants* \`aws-sso\` · account_id \`333333333333\`

      *Who decided*
      ✅ *data-owner*: bob approved {20 Nov 2026, 12:01 UTC}

      It is taken back by itself {20 Nov 2026, 12:33 UTC}.

      [Revoke] [⋯ Why?]

      (Request 01JD0000000000000000000001, by the flow aws-power-user at 9f3c000)"
    `);
  });

  it('of a request that was denied', () => {
    expect(linesOf(show(aRequestIn('denied', threeSteps).request).blocks)).toMatchInlineSnapshot(`
      "# 🔴 Denied: Production for 30m, for ann

      *Asked by* ann from GitHub · {20 Nov 2026, 12:00 UTC}
      *Flow* AWS Power User (prod)
      *Why do you need access?* Backfill of order 4711

      bob denied it {20 Nov 2026, 12:01 UTC}. Nothing was granted.

      (Request 01JD0000000000000000000001, by the flow aws-power-user at 9f3c000)"
    `);
  });

  it('of a request that has ended', () => {
    expect(linesOf(show(aRequestIn('ended').request).blocks)).toMatchInlineSnapshot(`
      "# ⚪ Ended on time: Production for 30m, for ann

      *Asked by* ann from GitHub · {20 Nov 2026, 12:00 UTC}
      *Flow* AWS Power User
      *Why do you need access?* Backfill of order 4711

      *Who decided*
      ✅ *data-owner*: bob approved {20 Nov 2026, 12:01 UTC}

      Access was there from {20 Nov 2026, 12:03 UTC} and was gone by {20 Nov 2026, 12:05 UTC}.

      (Request 01JD0000000000000000000001, by the flow aws-power-user at 9f3c000)"
    `);
  });

  it('is made of these blocks', () => {
    expect(show(aRequest().request)).toMatchInlineSnapshot(`
      {
        "blocks": [
          {
            "text": {
              "emoji": false,
              "text": "🟡 Waiting for approval: Production for 30m, for ann",
              "type": "plain_text",
            },
            "type": "header",
          },
          {
            "elements": [
              {
                "elements": [
                  {
                    "style": {
                      "bold": true,
                    },
                    "text": "Asked by",
                    "type": "text",
                  },
                  {
                    "text": " ann from GitHub · ",
                    "type": "text",
                  },
                  {
                    "fallback": "20 Nov 2026, 12:00 UTC",
                    "format": "{date_short_pretty} at {time}",
                    "timestamp": 1795176000,
                    "type": "date",
                  },
                ],
                "type": "rich_text_section",
              },
              {
                "elements": [
                  {
                    "style": {
                      "bold": true,
                    },
                    "text": "Flow",
                    "type": "text",
                  },
                  {
                    "text": " AWS Power User",
                    "type": "text",
                  },
                ],
                "type": "rich_text_section",
              },
              {
                "elements": [
                  {
                    "style": {
                      "bold": true,
                    },
                    "text": "Why do you need access?",
                    "type": "text",
                  },
                  {
                    "text": " ",
                    "type": "text",
                  },
                  {
                    "text": "Backfill of order 4711",
                    "type": "text",
                  },
                ],
                "type": "rich_text_section",
              },
              {
                "elements": [
                  {
                    "style": {
                      "bold": true,
                    },
                    "text": "Grants",
                    "type": "text",
                  },
                  {
                    "text": " ",
                    "type": "text",
                  },
                  {
                    "style": {
                      "code": true,
                    },
                    "text": "aws-sso",
                    "type": "text",
                  },
                  {
                    "text": " · ",
                    "type": "text",
                  },
                  {
                    "text": "account_id ",
                    "type": "text",
                  },
                  {
                    "style": {
                      "code": true,
                    },
                    "text": "333333333333",
                    "type": "text",
                  },
                ],
                "type": "rich_text_section",
              },
            ],
            "type": "rich_text",
          },
          {
            "elements": [
              {
                "elements": [
                  {
                    "style": {
                      "bold": true,
                    },
                    "text": "Who decides",
                    "type": "text",
                  },
                ],
                "type": "rich_text_section",
              },
              {
                "elements": [
                  {
                    "text": "⏳ ",
                    "type": "text",
                  },
                  {
                    "style": {
                      "bold": true,
                    },
                    "text": "data-owner",
                    "type": "text",
                  },
                  {
                    "text": ": ",
                    "type": "text",
                  },
                  {
                    "text": "waiting for 1 approval from ",
                    "type": "text",
                  },
                  {
                    "text": "the team acme/data",
                    "type": "text",
                  },
                ],
                "type": "rich_text_section",
              },
            ],
            "type": "rich_text",
          },
          {
            "elements": [
              {
                "elements": [
                  {
                    "text": "Once this is approved, ann gets Production for 30m; then it is taken back by itself.",
                    "type": "text",
                  },
                  {
                    "text": " ",
                    "type": "text",
                  },
                  {
                    "text": "Without a decision it lapses ",
                    "type": "text",
                  },
                  {
                    "fallback": "21 Nov 2026, 12:00 UTC",
                    "format": "{date_short_pretty} at {time}",
                    "timestamp": 1795262400,
                    "type": "date",
                  },
                  {
                    "text": ".",
                    "type": "text",
                  },
                ],
                "type": "rich_text_section",
              },
            ],
            "type": "rich_text",
          },
          {
            "block_id": "countersign:01JD0000000000000000000001",
            "elements": [
              {
                "action_id": "approve",
                "style": "primary",
                "text": {
                  "emoji": false,
                  "text": "Approve",
                  "type": "plain_text",
                },
                "type": "button",
                "value": "01JD0000000000000000000001 request",
              },
              {
                "action_id": "deny",
                "style": "danger",
                "text": {
                  "emoji": false,
                  "text": "Deny",
                  "type": "plain_text",
                },
                "type": "button",
                "value": "01JD0000000000000000000001 request",
              },
              {
                "action_id": "more",
                "options": [
                  {
                    "text": {
                      "emoji": false,
                      "text": "Grant less…",
                      "type": "plain_text",
                    },
                    "value": "less:01JD0000000000000000000001 request",
                  },
                  {
                    "text": {
                      "emoji": false,
                      "text": "Stand in as admin…",
                      "type": "plain_text",
                    },
                    "value": "admin:01JD0000000000000000000001 request",
                  },
                  {
                    "text": {
                      "emoji": false,
                      "text": "Withdraw…",
                      "type": "plain_text",
                    },
                    "value": "cancel:01JD0000000000000000000001 request",
                  },
                  {
                    "text": {
                      "emoji": false,
                      "text": "Why?",
                      "type": "plain_text",
                    },
                    "value": "why:01JD0000000000000000000001 request",
                  },
                ],
                "type": "overflow",
              },
            ],
            "type": "actions",
          },
          {
            "elements": [
              {
                "emoji": false,
                "text": "Request 01JD0000000000000000000001, by the flow aws-power-user at 9f3c000",
                "type": "plain_text",
              },
            ],
            "type": "context",
          },
        ],
        "metadata": {
          "event_payload": {
            "request": "01JD0000000000000000000001",
            "to": "slack-channel:access",
          },
          "event_type": "countersign_card",
        },
        "text": "🟡 Waiting for approval: Production for 30m, for ann Once this is approved, ann gets Production for 30m; then it is taken back by itself. Without a decision it lapses 21 Nov 2026, 12:00 UTC.",
      }
    `);
  });
});

describe('mentions on the card', () => {
  it('are only those who are asked now', () => {
    expect(mentioned(show(afterOne.request))).toEqual(['U07DORA00']);
  });

  it('are none once nobody is asked', () => {
    for (const status of statuses.filter((each) => each !== 'pending'))
      expect(mentioned(show(aRequestIn(status, threeSteps).request))).toEqual([]);
  });
});

describe('buttons of the card', () => {
  it('are gone when there is nothing to press', () => {
    for (const status of statuses) {
      const { request } = aRequestIn(status);
      const { blocks } = show(request);
      if (isOver(request)) expect(blocks.filter(({ type }) => type === 'actions')).toEqual([]);
    }
  });

  it('ask once more where it is dangerous, unless a form follows that warns', () => {
    const asks = (request: Request): boolean => JSON.stringify(show(request)).includes('"confirm"');
    expect(asks(aRequest(threeSteps).request)).toBe(true);
    expect(asks(aRequest().request)).toBe(false);
    const policy = { ...threeSteps.policy, decisionMessage: 'required' as const };
    expect(asks(aRequest({ policy }).request)).toBe(false);
  });

  it('offer a shorter time only where there is one', () => {
    const { request } = aRequest();
    expect(JSON.stringify(show(request))).toContain('Grant less…');
    const { answers, fields } = request.form;
    expect(JSON.stringify(show({ ...request, form: { answers, fields } }))).not.toContain('Grant less…');
  });

  it('say what was chosen under “⋯”, and of which request', () => {
    const { id } = aRequest().request;
    expect(readMore(`less:${id}`)).toEqual({ action: 'less', request: id });
    for (const text of ['less', `shout:${id}`, 'less:x', `less:${id}\n`])
      expect(readMore(text)).toBeUndefined();
  });
});

it('is found again by the request and the place it was posted for', () => {
  const { request } = aRequest();
  expect(show(request).metadata.event_payload).toEqual({ request: request.id, to: 'slack-channel:access' });
});

it('links only what is the address of an issue', () => {
  for (const issue of ['https://github.com/acme/access/issues/1|<!channel>', 'javascript:alert(1)'])
    expect(JSON.stringify(show(aRequest().request, issue))).not.toMatch(/mrkdwn/);
});

function mentioned(message: CardMessage): readonly string[] {
  return [...JSON.stringify(message.blocks).matchAll(/"user_id":"(\w+)"/g)].map(([, user = '']) => user);
}

describe('what runs after an approval', () => {
  const actions = [
    {
      name: 'migrate',
      run: 'github-workflow',
      with: { workflow: 'acme/app/migrate.yml@main', inputs: { by: 'ann' } },
    },
  ];

  it('stands on the card with all that is called, before anybody approves', () => {
    const text = JSON.stringify(show(aRequest({ policy: { actions } }).request).blocks);
    for (const part of ['What runs once it is approved', 'migrate', 'acme/app/migrate.yml@main', 'inputs.by'])
      expect(text).toContain(part);
  });
});
