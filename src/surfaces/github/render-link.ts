// What is said about an account on Slack before and after it counts as somebody: who it is by its ids, and what that means.
import type { Voice } from '../../domain/commands.ts';
import type { Identity } from '../../domain/identities.ts';
import type { Account } from '../../domain/names.ts';
import { list } from '../../domain/words.ts';
import type { SlackFace } from '../../engine/linking.ts';
import { code, escapeText } from './escape.ts';
import { answer } from './render-answer.ts';

/** The word stands nowhere else: who confirms it has read this. */
export function renderLinkQuestion(face: SlackFace, word: string, voice: Voice): string {
  return answer(
    voice,
    [
      `${theAccount(face)} wants to count as you. **Whatever it does on Slack would then be your doing**: asking for access, approving, ending it.`,
      `If that account is yours, and you asked for this on Slack a moment ago, say so in a new comment within ten minutes:`,
      ['```text', `/link yes ${word}`, '```'].join('\n'),
      `If **somebody gave you that line**, say nothing more, and tell an admin of this desk: whoever made it would have become you.`,
    ].join('\n\n'),
  );
}

export function renderLinked(face: SlackFace, voice: Voice): string {
  return answer(
    voice,
    `${theAccount(face)} now counts as you, on Slack as here. It is recorded. To undo it, say ${code('/unlink')}.`,
  );
}

export function renderUnlinked(accounts: readonly Account[], voice: Voice): string {
  const names = list(accounts.map(idsOf), 'and');
  return answer(voice, `On Slack, ${names} no longer counts as anybody here. It is recorded.`);
}

export function renderForgotten(
  { person, service, account }: Pick<Identity, 'person' | 'service' | 'account'>,
  voice: Voice,
): string {
  return answer(
    voice,
    `${code(`${service}:${account}`)} is no longer kept as the account of ${code(person)}: it is looked for anew when it is needed next. It is recorded. To say for good whose an account is, write it in ${code('flows/people.yml')}.`,
  );
}

/** Names are for anybody to take; the ids behind them are not. */
function theAccount({ name, handle, workspace, account }: SlackFace): string {
  return `The Slack account **${escapeText(name.slice(0, 80))}** (${escapeText(handle.slice(0, 80))}, ${idsOf(account)}) of the workspace **${escapeText(workspace.slice(0, 80))}**`;
}

function idsOf(account: Account): string {
  return code(account.replace(/^slack:/, ''));
}
