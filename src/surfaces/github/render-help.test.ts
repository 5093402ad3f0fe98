import { describe, expect, it } from 'vitest';
import { aVoice } from '../../../test/builders/command.ts';
import { aBrokenGlassIn } from '../../../test/builders/request.ts';
import { aField, aFlow, anApproval, anApprovalOnlyFlow, aStep } from '../../../test/builders/flow.ts';
import { minutes } from '../../domain/duration.ts';
import { group } from '../../domain/names.ts';
import { renderHelp } from './render-help.ts';

const voice = aVoice({ by: 'ann-o', ref: 'IC_kwDO==' });

describe('help', () => {
  it('shows the line that does not wait, and who may say it', () => {
    const flow = aFlow({
      fields: [aField('reason'), aField('incident')],
      breakGlass: {
        who: [group('team:acme/on-call')],
        targets: ['prod'],
        max: minutes(60),
        reviewers: [group('team:acme/security')],
        reviewWithin: minutes(1440),
        tell: [],
      },
    });
    expect(renderHelp([flow], voice, { about: 'production' }).split('In an emergency')[1])
      .toMatchInlineSnapshot(`
      " it can be had without approval (prod alone), by the team acme/on-call, for 1h at most:

      \`\`\`text
      /break-glass production prod incident="…" reason="…" confirm=prod
      \`\`\`

      Everybody is told at once, and within 1d it is reviewed by the team acme/security. Who was not reviewed in time cannot do it again until they are.

      <!-- countersign:answer:IC_kwDO== -->"
    `);
  });

  it('reminds whoever asks of a review that they wait for', () => {
    const help = renderHelp([aFlow()], voice, { debts: [aBrokenGlassIn('ended').request] });
    expect(help).toMatch(
      /^@ann-o ⏳ You had Production without approval \(request `01JD0+1`\)\. It is reviewed by the team acme\/security, until \*\*21 Nov 2026, 12:00 UTC\*\*\./,
    );
  });

  it('names the flows of this desk and the commands', () => {
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
      - \`/break-glass FLOW [TARGET] [DURATION] reason="…" confirm=TARGET\` does not wait for approval, where the flow allows it: everybody is told, and a second person reviews it
      - \`/review fine WORDS\` or \`/review concern WORDS\` reviews that
      - \`/revoke\` ends access early; \`/cancel\` withdraws your own request
      - \`/extend 1h\` asks for more time, where the flow allows it
      - \`/status\` says where a request stands; \`/why\` says which rule and which step, who is missing, and why you may decide or may not
      - \`/approve as admin REASON\` lets an admin stand in
      - \`/link …\` says that an account on Slack is yours: say \`link\` to the app there; \`/unlink\` undoes it
      - \`/help FLOW\` says what a flow asks, and how it is answered

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

  it('says what one flow asks, with a line to copy', () => {
    const flow = aFlow({
      description: 'Read and write.',
      danger: 'Customers are `here`.',
      fields: [
        aField('reason', { label: 'Why do you need access?' }),
        aField('urgency', { options: ['Normal', 'Emer|gency'], default: 'Normal' }),
        aField('length', { type: 'duration', default: minutes(30), required: false }),
        aField('incident', {
          description: 'Such as INC-42.',
          pattern: { source: 'INC-[0-9]+', matches: () => true },
          condition: { source: "fields.urgency == 'Emergency'", judge: () => true },
        }),
      ],
      approval: anApproval({
        steps: [aStep('data-owner', 'team:acme/data'), aStep('security', 'person:dora', { count: 2 })],
      }),
    });
    expect(renderHelp([flow], voice, { about: 'Production' })).toMatchInlineSnapshot(`
      "@ann-o **Production**: Read and write.

      ⚠️ Customers are \\\`here\\\`.

      Asked for by the team acme/engineering:

      \`\`\`text
      /request production prod 30m reason="…"
      \`\`\`

      Targets: prod (prod). For 30m, 1h or until revoked; 30m unless it is said.

      - \`reason\`: Why do you need access? (text)
      - \`urgency\`: urgency (Normal or Emer\\|gency; Normal unless it is said)
      - \`length\`: length (a duration, such as 2h; 30m unless it is said) May be left out.
      - \`incident\`: incident: Such as INC-42. (text of the form \`INC-[0-9]+\`) Only where \`fields.urgency == 'Emergency'\`.

      Then it is decided by:
      - **data-owner**: 1 approval from the team acme/data
      - **security**: 2 approvals from dora

      <!-- countersign:answer:IC_kwDO== -->"
    `);
  });

  it('does not guess which flow is meant', () => {
    const body = renderHelp([aFlow()], voice, { about: 'prod<b>`x`' });
    expect(body).toContain('There is no flow prod');
    expect(body).not.toContain('<b>');
    expect(body).toContain('What can be asked for here:');
  });
});
