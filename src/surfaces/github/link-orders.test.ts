import { describe, expect, it } from 'vitest';
import { aDesk, noon } from '../../../test/builders/request.ts';
import type { Voice } from '../../domain/commands.ts';
import { account, personId } from '../../domain/names.ts';
import type { Linking, SlackFace } from '../../engine/linking.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Utterance } from './hearing.ts';
import { answerLinkOrder, isOurs } from './link-orders.ts';

const thread = { surface: 'github', repository: '4711', issue: 7 } as const;
const said: Utterance = {
  ...{ on: 'comment', desk: aDesk, thread, nodeId: 'IC_1', databaseId: 1, body: '', createdAt: noon },
  author: { id: 2, login: 'bob-l' },
};
const voice: Voice = {
  ...{ surface: 'github', account: account('github', 2), name: 'bob-l', ref: 'IC_1', at: noon },
};
const face: SlackFace = {
  account: account('slack', 'T07ACME00/U07MALLO0'),
  handle: 'bob',
  name: 'Bob @bob-l <!-- x -->',
  workspace: 'Acme Inc.',
};
const person = personId('bob');
const linking: Linking = {
  identify: async () => null,
  ask: async () => ({ refusal: { code: 'may-not-link', why: 'guest' } }),
  bring: async () => ({ asks: face, person, word: 'AB12CD34' }),
  confirm: async () => ({ linked: face, person }),
  unlink: async () => ({ unlinked: [face.account] }),
};
const lineOfMallory = { type: 'link', line: 'bob (T07ACME00/U07MALLO0) CODE' } as const;

describe('what is said about an account', () => {
  it('says whose it is by ids that nobody can take, what that means, and what to do if it is not theirs', async () => {
    expect(await answerLinkOrder(linking, lineOfMallory, said, voice)).toMatchInlineSnapshot(`
      "@bob-l The Slack account **Bob @​bob-l \\<\\!-- x --\\>** (bob, \`T07ACME00/U07MALLO0\`) of the workspace **Acme Inc.** wants to count as you. **Whatever it does on Slack would then be your doing**: asking for access, approving, ending it.

      If that account is yours, and you asked for this on Slack a moment ago, say so in a new comment within ten minutes:

      \`\`\`text
      /link yes AB12CD34
      \`\`\`

      If **somebody gave you that line**, say nothing more, and tell an admin of this desk: whoever made it would have become you.

      <!-- countersign:answer:IC_1 -->"
    `);
  });

  it('says how to undo it, once it is done', async () => {
    expect(await answerLinkOrder(linking, { type: 'link', word: 'AB12CD34' }, said, voice))
      .toMatchInlineSnapshot(`
        "@bob-l The Slack account **Bob @​bob-l \\<\\!-- x --\\>** (bob, \`T07ACME00/U07MALLO0\`) of the workspace **Acme Inc.** now counts as you, on Slack as here. It is recorded. To undo it, say \`/unlink\`.

        <!-- countersign:answer:IC_1 -->"
      `);
    expect(await answerLinkOrder(linking, { type: 'unlink' }, said, voice)).toMatchInlineSnapshot(`
      "@bob-l On Slack, \`T07ACME00/U07MALLO0\` no longer counts as anybody here. It is recorded.

      <!-- countersign:answer:IC_1 -->"
    `);
  });

  it('says that it could not be judged, while Slack does not answer', async () => {
    const down: Linking = {
      ...linking,
      bring: () => Promise.reject(new Failure('Slack does not answer.', { transient: true })),
    };
    expect(await answerLinkOrder(down, lineOfMallory, said, voice)).toContain('Slack does not answer');
  });

  it('is that no line is ours, where Slack is not set up', async () => {
    expect(await answerLinkOrder(undefined, lineOfMallory, said, voice)).toContain(
      'This line is not valid here',
    );
    expect(await answerLinkOrder(undefined, { type: 'unlink' }, said, voice)).toContain(
      'You have linked no account',
    );
  });
});

it('a command of that name of another program is left to it', () => {
  expect(isOurs({ type: 'link', line: '#12' })).toBe(false);
  expect(isOurs(lineOfMallory)).toBe(true);
  expect(isOurs({ type: 'link', word: 'AB12CD34' })).toBe(true);
});
