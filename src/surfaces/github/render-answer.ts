// What a person is answered, once and kindly: why not, and where a request stands.
import { cardOf, type Card, type CardStep } from '../../domain/card.ts';
import type { Voice } from '../../domain/commands.ts';
import type { Why } from '../../domain/explain.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { Request } from '../../domain/request.ts';
import { list, plural, refusalWords } from '../../domain/words.ts';
import { escapeSaying, escapeText } from './escape.ts';
import { answerMarker } from './marker.ts';
import { mentionPerson, nameGroup, noLogins, printPhrase } from './mention.ts';
import type { CommandWord } from './parse-comment.ts';
import { renderWhy } from './render-why.ts';

/** Every answer mentions whom it answers, and carries the id of what it answers. */
export function renderRefusal(refusal: Refusal, voice: Voice): string {
  const { reason, remedy } = refusalWords(refusal);
  return answer(voice, escapeSaying(`${reason} ${remedy}`));
}

export function renderMalformed(problem: string, voice: Voice): string {
  return answer(
    voice,
    `That could not be understood, so nothing was done. ${escapeText(problem)} For how it is said, say \`/help\`.`,
  );
}

export function renderMisspelt(word: string, meant: CommandWord, voice: Voice): string {
  return answer(
    voice,
    `There is no command ${escapeText(`/${word}`)}, so nothing was done. Did you mean \`/${meant}\`?`,
  );
}

export function renderWhyAnswer(why: Why, voice: Voice): string {
  return answer(voice, `This is why, as it stands now:\n\n${renderWhy(why)}`);
}

export function renderStatus(request: Request, voice: Voice): string {
  const card = cardOf(request);
  const open = card.steps.filter(({ state }) => state === 'open' || state === 'waiting');
  const lines = open.map((step) => `- **${escapeText(step.name)}**: ${missing(step)}`);
  return answer(
    voice,
    [
      `**${card.statusTitle}: ${escapeText(card.subject)}.** ${card.next.map(printPhrase).join(' ')}`,
      ...(lines.length === 0 ? [] : [['Still missing:', ...lines].join('\n')]),
      ...(card.actions.length === 0 ? [] : [`From here: ${actions(card)}.`]),
    ].join('\n\n'),
  );
}

/** What is said to somebody, by name, as the answer to one comment. */
export function answer(voice: Voice, text: string): string {
  const whom = mentionPerson({ person: null, name: voice.name, surface: voice.surface }, noLogins);
  return `${whom} ${text}\n\n${answerMarker(voice.ref)}`;
}

function missing({ missing: count, approvers, after, state }: CardStep): string {
  const who = `${count} ${plural(count, 'approval')} from ${list(approvers.map(nameGroup), 'or')}`;
  return state === 'waiting' ? `${who}, asked after ${list(after.map(escapeText), 'and')}` : who;
}

function actions({ actions: possible }: Card): string {
  return list(
    possible.map((action) => `\`/${action}\``),
    'or',
  );
}
