// `/link` and `/unlink`: whose an account on Slack is, said by whoever has the account on GitHub.
import type { Voice } from '../../domain/commands.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { Linking } from '../../engine/linking.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Utterance } from './hearing.ts';
import type { ParsedComment } from './parse-comment.ts';
import { renderRefusal } from './render-answer.ts';
import { renderForgotten, renderLinked, renderLinkQuestion, renderUnlinked } from './render-link.ts';

export type LinkOrder = Extract<ParsedComment, { type: 'link' | 'unlink' }>;

/** Other programs have a command of that name: outside of requests only what looks like a line of ours is answered. */
export function isOurs(order: LinkOrder): boolean {
  return order.type === 'unlink' || 'word' in order || /\([A-Z0-9]+\/[A-Z0-9]+\)/.test(order.line);
}

/**
 * What is answered. Where Slack is not set up, no line is ours. Throws only what makes the delivery come again: what could
 * not be judged now is said so, since a line is soon too old.
 */
export async function answerLinkOrder(
  linking: Linking | undefined,
  order: LinkOrder,
  { desk }: Utterance,
  voice: Voice,
): Promise<string> {
  if (linking === undefined)
    return renderRefusal(
      order.type === 'link' ? { code: 'link-not-valid', why: 'code' } : { code: 'nothing-to-unlink' },
      voice,
    );
  if (order.type === 'unlink') {
    const said = await linking.unlink(desk, voice, order.account);
    if ('refusal' in said) return renderRefusal(said.refusal, voice);
    return 'forgotten' in said
      ? renderForgotten(said.forgotten, voice)
      : renderUnlinked(said.unlinked, voice);
  }
  try {
    if ('word' in order) {
      const said = await linking.confirm(desk, voice, order.word);
      return 'refusal' in said ? renderRefusal(said.refusal, voice) : renderLinked(said.linked, voice);
    }
    const said = await linking.bring(desk, voice, order.line);
    return 'refusal' in said
      ? renderRefusal(said.refusal, voice)
      : renderLinkQuestion(said.asks, said.word, voice);
  } catch (error) {
    if (!(error instanceof Failure) || !error.transient) throw error;
    return renderRefusal(cannotTell(error), voice);
  }
}

function cannotTell({ message }: Failure): Refusal {
  return { code: 'lookup-failed', what: 'whose account this is', why: message };
}
