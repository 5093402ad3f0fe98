import { describe, expect, it } from 'vitest';
import { aRequest, aRequestIn } from '../../../test/builders/request.ts';
import { aStep } from '../../../test/builders/flow.ts';
import { linesOf } from '../../../test/contracts/slack/lines-of.ts';
import { group, personId } from '../../domain/names.ts';
import { refusalExamples } from '../../domain/refusal-examples.ts';
import { renderRefusal, renderStatus, renderWhyAnswer } from './render-answer.ts';

describe('an answer', () => {
  it('speaks of buttons and never of commands', () => {
    for (const refusal of Object.values(refusalExamples))
      expect(linesOf(renderRefusal(refusal).blocks)).not.toMatch(
        /\/(approve|deny|revoke|cancel|extend|why|request|help)\b|REASON|comment|“for”/,
      );
  });

  it('refuses with the reason and what to do next', () => {
    const said = (
      [
        'self-approval',
        'message-required',
        'not-active',
        'not-the-requester',
        'not-less',
        'not-an-admin',
        'held-by-rule',
        'please-repeat',
        'invalid-form',
      ] as const
    ).map((code) => linesOf(renderRefusal(refusalExamples[code]).blocks));
    const standingIn = linesOf(
      renderRefusal({ ...refusalExamples['not-an-approver'], mayStandIn: true }).blocks,
    );
    expect([...said, standingIn].join('\n')).toMatchInlineSnapshot(`
      "This is your own request, and nobody decides on their own request. Somebody else has to decide. To withdraw it, press *Withdraw*.
      This flow wants a reason for approving. Do it once more, with the reason: *Approve*.
      There is no access to end: the request is still waiting for approval. An approver ends a request that waits with *Deny*, and whoever asked for it with *Withdraw*.
      Only ann, who asked for it, can withdraw this request. If you are an approver, press *Deny*, or *Revoke* once there is access.
      An approver may grant less than 30m, and never more. Press *Approve* for all of it, or name a shorter duration.
      Only an admin of this desk may stand in for others. If you are one of those who decide, press *Approve*. Else ask an admin.
      The rule freeze may deny this, and cannot be judged now: GitHub does not answer. So nothing is approved yet. Approve again in a few minutes; if it stays so, an admin may press *Stand in as admin*.
      Our records were rebuilt after this was said, so it is not certain that it was not counted before. Look at the card, and try again if it is still what you want.
      The request is not complete: “Why?” is missing. Correct it and ask again.
      You are not among those who decide this: data-owner is decided by the team acme/data or bob. Ask one of them to look at it. As an admin you may stand in with a reason: *Stand in as admin*."
    `);
  });

  it('says where a request stands and who is missing, mentioning nobody', () => {
    const steps = [
      aStep('data-owner', 'team:acme/data', { count: 2 }),
      aStep('customer', 'team:acme/customer', { needs: ['data-owner'] }),
    ];
    expect(linesOf(renderStatus(aRequest({ policy: { steps } }).request).blocks)).toMatchInlineSnapshot(`
      "*🟡 Waiting for approval: Production for 30m, for ann*
      Once all steps are approved, ann gets Production for 30m; then it is taken back by itself. Without a decision it lapses {21 Nov 2026, 12:00 UTC}.
      *Still missing*
      ⏳ *data-owner*: 2 approvals from the team acme/data
      ▫️ *customer*: 1 approval from the team acme/customer, asked after data-owner"
    `);
    expect(linesOf(renderStatus(aRequestIn('lapsed').request).blocks)).not.toMatch(/missing/);
  });

  it('says why, with what stands behind each line below it', () => {
    const step = aStep('data-owner', 'team:acme/data');
    const why = {
      ruleApprovals: [],
      holds: [],
      steps: [
        {
          step,
          state: 'open' as const,
          filledBy: [personId('bob')],
          groups: [{ group: group('team:acme/data'), belongs: false }],
        },
      ],
      you: { refusal: refusalExamples['not-an-approver'] },
    };
    expect(linesOf(renderWhyAnswer(why).blocks)).toMatchInlineSnapshot(`
      "*This is why, as it stands now:*
      ⏳ data-owner waits for 0 approvals from the team acme/data, bob approved.
       ▫️ You do not belong to the team acme/data.
      ▫️ If you pressed *Approve* now: You are not among those who decide this: data-owner is decided by the team acme/data or bob. Ask one of them to look at it."
    `);
  });
});
