// What a person is answered, once and kindly: why not, where a request stands, and what can be said here.
import { cardOf, type Card, type CardStep } from '../../domain/card.ts';
import type { Voice } from '../../domain/commands.ts';
import type { Why } from '../../domain/explain.ts';
import type { Flow } from '../../domain/flow.ts';
import { printGrantedFor } from '../../domain/duration.ts';
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

export function renderHelp(flows: readonly Flow[], voice: Voice): string {
  const rows = flows.slice(0, maxFlows).map(flowRow);
  const table =
    rows.length === 0
      ? 'This desk has no flows that can be asked for now.'
      : ['| Flow | What it is | Targets | For |', '| :-- | :-- | :-- | :-- |', ...rows].join('\n');
  const more =
    flows.length > maxFlows ? [`And ${flows.length - maxFlows} more, in the folder \`flows\`.`] : [];
  return answer(voice, ['What can be asked for here:', table, ...more, commands].join('\n\n'));
}

const maxFlows = 50;

const commands = `Open an issue from a form, or say it in a comment:

- \`/request FLOW [TARGET] [DURATION] [name="value"]\` asks for it; answers may also stand below, one \`name: value\` in each line
- \`/approve\` or \`/deny\`, with a message if you like, decides; \`/approve for 30m\` grants less
- \`/revoke\` ends access early; \`/cancel\` withdraws your own request
- \`/extend 1h\` asks for more time, where the flow allows it
- \`/status\` says where a request stands; \`/why\` says which rule and which step, who is missing, and why you may decide or may not
- \`/approve as admin REASON\` lets an admin stand in

A command stands at the very start of a comment. Editing a comment changes nothing that was said.`;

function answer(voice: Voice, text: string): string {
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

function flowRow({ ref, label, description, access }: Flow): string {
  const targets = access?.targets.map(({ name }) => escapeText(name)).join(', ') ?? '—';
  const durations = access?.durations.options.map(printGrantedFor).join(', ') ?? '—';
  const what = description === undefined ? label : `${label}: ${description.slice(0, 300)}`;
  return `| ${escapeText(ref.name)} | ${escapeText(what)} | ${targets} | ${escapeText(durations)} |`;
}
