import { describe, expect, it } from 'vitest';
import { aField, aFlow, anApprovalOnlyFlow, aStep } from '../../../test/builders/flow.ts';
import { aRequest, aRequestIn, noon } from '../../../test/builders/request.ts';
import { account } from '../../domain/names.ts';
import { renderHelp, renderMalformed, renderMisspelt, renderRefusal, renderStatus } from './render-answer.ts';

const voice = {
  surface: 'github',
  account: account('github', 1),
  name: 'ann-o',
  ref: 'IC_kwDO==',
  at: noon,
} as const;

describe('an answer', () => {
  it('refuses with the reason and what to do next', () => {
    expect(renderRefusal({ code: 'self-approval' }, voice)).toMatchInlineSnapshot(`
      "@ann-o This is your own request, and nobody decides on their own request. Somebody else has to decide. To withdraw it, say \`/cancel\`.

      <!-- countersign:answer:IC_kwDO== -->"
    `);
  });

  it('repeats what was typed without obeying it', () => {
    const body = renderRefusal({ code: 'unknown-flow', flow: '@everyone <b>x', known: ['aws'] }, voice);
    expect(body).not.toMatch(/@everyone|[^\\]<b>/);
  });

  it('says where a request stands and who is missing, mentioning nobody but the asker', () => {
    const steps = [
      aStep('data-owner', 'team:acme/data', { count: 2 }),
      aStep('customer', 'team:acme/customer', { needs: ['data-owner'] }),
    ];
    expect(renderStatus(aRequest({ policy: { steps } }).request, voice)).toMatchInlineSnapshot(`
      "@ann-o **Waiting for approval: Production for 30m.** Once all steps are approved, ann gets Production for 30m; then it is taken back by itself. Without a decision it lapses on **21 Nov 2026, 12:00 UTC**.

      Still missing:
      - **data-owner**: 2 approvals from the team acme/data
      - **customer**: 1 approval from the team acme/customer, asked after data-owner

      From here: \`/approve\`, \`/deny\` or \`/cancel\`.

      <!-- countersign:answer:IC_kwDO== -->"
    `);
  });

  it('says that it is over, and offers nothing', () => {
    expect(renderStatus(aRequestIn('lapsed').request, voice)).not.toMatch(/From here|missing/);
  });

  it('says what was probably meant', () => {
    expect(renderMisspelt('aprove', 'approve', voice)).toMatchInlineSnapshot(`
      "@ann-o There is no command /aprove, so nothing was done. Did you mean \`/approve\`?

      <!-- countersign:answer:IC_kwDO== -->"
    `);
  });

  it('says what could not be understood', () => {
    expect(renderMalformed('It names more than one target.', voice)).toMatchInlineSnapshot(`
      "@ann-o That could not be understood, so nothing was done. It names more than one target. For how it is said, say \`/help\`.

      <!-- countersign:answer:IC_kwDO== -->"
    `);
  });

  it('helps with the flows of this desk and the commands', () => {
    const flows = [
      aFlow({ fields: [aField('reason')], description: 'The | real thing' }),
      anApprovalOnlyFlow(),
    ];
    expect(renderHelp(flows, voice)).toMatchInlineSnapshot(`
      "@ann-o What can be asked for here:

      | Flow | What it is | Targets | For |
      | :-- | :-- | :-- | :-- |
      | production | Production: The \\| real thing | prod | 30m, 1h, until revoked |
      | migration | Migration | — | — |

      Open an issue from a form, or say it in a comment:

      - \`/request FLOW [TARGET] [DURATION] [name="value"]\` asks for it; answers may also stand below, one \`name: value\` in each line
      - \`/approve\` or \`/deny\`, with a message if you like, decides; \`/approve for 30m\` grants less
      - \`/revoke\` ends access early; \`/cancel\` withdraws your own request
      - \`/extend 1h\` asks for more time, where the flow allows it
      - \`/status\` says where a request stands; \`/why\` says which rule and which step, who is missing, and why you may decide or may not
      - \`/approve as admin REASON\` lets an admin stand in

      A command stands at the very start of a comment. Editing a comment changes nothing that was said.

      <!-- countersign:answer:IC_kwDO== -->"
    `);
  });

  it('stays short however many flows there are', () => {
    const body = renderHelp(
      Array.from({ length: 500 }, () => aFlow()),
      voice,
    );
    expect(body.length).toBeLessThan(20_000);
    expect(body).toContain('And 450 more');
  });
});
