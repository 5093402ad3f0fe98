import { describe, expect, it } from 'vitest';
import { aVoice } from '../../../test/builders/command.ts';
import { aStep } from '../../../test/builders/flow.ts';
import { aRequest, aRequestIn } from '../../../test/builders/request.ts';
import { renderMalformed, renderMisspelt, renderRefusal, renderStatus } from './render-answer.ts';

const voice = aVoice({ by: 'ann-o', ref: 'IC_kwDO==' });

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
});
