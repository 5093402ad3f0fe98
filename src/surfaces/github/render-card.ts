// The one card of a request as GitHub shows it: edited in place, quiet, and never saying more than what is recorded.
import type { Card, CardAction, CardApproval, CardStep } from '../../domain/card.ts';
import type { DecisionMessage } from '../../domain/flow.ts';
import { inQuotes } from '../../domain/safe-word.ts';
import { codeWords, list, plural, sourceWords, statusLights } from '../../domain/words.ts';
import { code, escapeLines, escapeText, leftOut, plainLink } from './escape.ts';
import { renderRuns } from './render-runs.ts';
import { cardMarker } from './marker.ts';
import { renderLines } from './render-why.ts';
import { mentionGroup, nameGroup, printPhrase, printTime, type Logins } from './mention.ts';

/** GitHub takes 65,536 characters; some are left for what GitHub counts otherwise. */
export const longestBody = 60_000;
/** How much of each text is shown, tried until the card fits. */
const textCaps = [4000, 1500, 400, 60] as const;

export function renderCard(card: Card, logins: Logins): string {
  for (const cap of textCaps) {
    const body = withMarker(sections(card, logins, cap), card);
    if (body.length <= longestBody) return body;
  }
  return withMarker(
    [heading(card), next(card), 'The rest is too long for GitHub: it is in the ledger.'],
    card,
  );
}

function withMarker(parts: readonly string[], card: Card): string {
  return [...parts.filter((part) => part !== ''), cardMarker(card.request)].join('\n\n');
}

function sections(card: Card, logins: Logins, cap: number): readonly string[] {
  return [
    heading(card),
    danger(card),
    saying(card),
    breakGlass(card, logins, cap),
    facts(card, cap),
    renderRuns(card, cap),
    steps(card, logins, cap),
    extension(card, logins, cap),
    next(card),
    details(card, cap),
    footer(card),
  ];
}

function heading({ status, statusTitle, requester, subject }: Card): string {
  return `### ${statusLights[status]} ${statusTitle}: ${escapeText(subject)}, for ${escapeText(requester.name)}`;
}

/** Only while somebody can still be warned by it. */
function danger({ danger: text, status }: Card): string {
  return text === undefined || status !== 'pending' ? '' : `> [!CAUTION]\n> ${escapeText(text)}`;
}

function facts(
  { label, environment, requester, requestedAt, answers, shortened }: Card,
  cap: number,
): string {
  const who =
    requester.person === requester.name ? '' : ` (${escapeText(requester.person ?? 'nobody we know')})`;
  const where = requester.surface === 'github' ? '' : ` from ${sourceWords[requester.surface]}`;
  const rows = [
    ['Asked by', `${escapeText(requester.name)}${who}${where}, ${printTime(requestedAt)}`],
    ['Flow', escapeText(environment === undefined ? label : `${label} (${environment})`)],
    ...answers.map((answer) => [escapeText(answer.label), answerText(answer.text, cap)]),
    ...(shortened
      ? [['Time', `less than the ${shortened.asked} asked for, by ${escapeText(shortened.by)}`]]
      : []),
  ];
  return rows
    .map(([name, text], index) => `| ${name} | ${text} |${index === 0 ? '\n| :-- | :-- |' : ''}`)
    .join('\n');
}

function answerText(text: string, cap: number): string {
  return plainLink(text) ?? `${escapeLines(text.slice(0, cap))}${leftOut(text, cap)}`;
}

/** Before all else: nobody approved it. Whoever reviews it is mentioned by the notice, and here as well. */
function breakGlass({ breakGlass: broken, requester }: Card, logins: Logins, cap: number): string {
  if (broken === undefined) return '';
  const { reason, review } = broken;
  const said = `${escapeLines(reason.slice(0, cap))}${leftOut(reason, cap)}`;
  const head = `> [!WARNING]\n> **Break-glass**: nobody approved this. ${escapeText(requester.name)} says why: ${said}`;
  return review === undefined ? head : `${head}\n\n**Review**: ${reviewText(review, logins, cap)}`;
}

function reviewText(
  { state, reviewers, deadline, given }: NonNullable<NonNullable<Card['breakGlass']>['review']>,
  logins: Logins,
  cap: number,
): string {
  if (given) {
    const { name, at, outcome, message, asAdmin } = given;
    const mark = outcome === 'fine' ? '✅' : '⚠️';
    const how = `${asAdmin ? ' **as admin**' : ''} on ${printTime(at)}`;
    const found = outcome === 'fine' ? 'found it fine' : '**has a concern**';
    return `${mark} ${escapeText(name)} reviewed it${how} and ${found}, saying “${escapeText(inQuotes(message.slice(0, cap)))}${leftOut(message, cap)}”`;
  }
  const whom = list(
    reviewers.map((group) => mentionGroup(group, logins)),
    'or',
  );
  const when = state === 'overdue' ? `**overdue** since ${printTime(deadline)}` : `by ${printTime(deadline)}`;
  return `${state === 'overdue' ? '🔴' : '⏳'} ${when}, from ${whom}`;
}

/** The flow's own line about it. */
function saying({ message }: Card): string {
  return message === undefined ? '' : escapeText(message);
}

function extension({ extension: asked }: Card, logins: Logins, cap: number): string {
  if (asked === undefined) return '';
  const title = `**Who decides on ${asked.total} in all**`;
  return [title, ...asked.steps.map((step) => stepLine(step, logins, cap))].join('\n');
}

function steps(card: Card, logins: Logins, cap: number): string {
  if (card.breakGlass) return '';
  const title = card.status === 'pending' ? '**Who decides**' : '**Who decided**';
  const said = card.stepsBy === 'code' ? `, as ${codeWords} said` : '';
  return [`${title}${said}`, ...card.steps.map((step) => stepLine(step, logins, cap))].join('\n');
}

const marks = { met: '✅', open: '⏳', waiting: '▫️', closed: '➖' } as const;

function stepLine(step: CardStep, logins: Logins, cap: number): string {
  const parts = [
    ...(step.rule ? [ruleText(step.rule, cap)] : []),
    ...step.by.map((approval) => approvalText(approval, cap)),
    missing(step, logins),
  ];
  return `- ${marks[step.state]} **${escapeText(step.name)}**: ${parts.filter((part) => part !== '').join('; ')}`;
}

function ruleText({ rule, by, because }: NonNullable<CardStep['rule']>, cap: number): string {
  const reason = because === undefined ? '' : `, saying “${escapeText(inQuotes(because.slice(0, cap)))}”`;
  return `met by ${by === 'code' ? codeWords : `the rule **${escapeText(rule)}**`}${reason}`;
}

function approvalText({ name, at, message, asAdmin }: CardApproval, cap: number): string {
  const how = asAdmin ? ' **stood in as admin**' : ' approved';
  const said =
    message === undefined
      ? ''
      : `, saying “${escapeText(inQuotes(message.slice(0, cap)))}${leftOut(message, cap)}”`;
  return `${asAdmin ? '⚠️ ' : ''}${escapeText(name)}${how} on ${printTime(at)}${said}`;
}

/** Only open steps mention: an edited comment notifies whoever is mentioned in it for the first time. */
function missing({ state, missing: count, approvers, after }: CardStep, logins: Logins): string {
  const silent = list(approvers.map(nameGroup), 'or');
  switch (state) {
    case 'met':
      return '';
    case 'open':
      return `waiting for ${count} ${plural(count, 'approval')} from ${list(
        approvers.map((group) => mentionGroup(group, logins)),
        'or',
      )}`;
    case 'waiting':
      return `${count} ${plural(count, 'approval')} from ${silent}, asked after ${list(after.map(escapeText), 'and')}`;
    case 'closed':
      return 'was not decided';
    default:
      return state satisfies never;
  }
}

/** What is said of break-glass has a place of its own. */
function next({ next: sentences, breakGlass: broken }: Card): string {
  return sentences
    .filter((sentence) => !broken?.sentences.includes(sentence))
    .map(printPhrase)
    .join(' ');
}

const messages = {
  off: '',
  optional: ' with or without a message',
  required: ' with a message',
} as const satisfies { readonly [M in DecisionMessage]: string };

const sayings = {
  approve: ({ decisionMessage, mayGrantLess }: Card) =>
    `\`/approve\`${messages[decisionMessage]}${mayGrantLess ? ', `/approve for 30m` to grant less' : ''}: one of those who decide`,
  deny: ({ decisionMessage }: Card) => `\`/deny\`${messages[decisionMessage]}: one of those who decide`,
  cancel: () => '`/cancel`: whoever asked for it',
  extend: () => '`/extend` or `/extend 1h` asks for more time: whoever asked for it',
  revoke: ({ breakGlass: broken }: Card) =>
    broken
      ? '`/revoke` ends it early: whoever asked for it, those who decide, those who review it, and admins'
      : '`/revoke` ends it early: whoever asked for it, those who decide as the flow allows, and admins',
  review: () => '`/review fine` or `/review concern`, and what you found: one of those who review it',
} as const satisfies { readonly [A in Said]: (card: Card) => string };

/** What everybody reads is no place to hand something over. */
type Said = Exclude<CardAction, 'hand-over'>;
function isSaid(action: CardAction): action is Said {
  return action !== 'hand-over';
}

function details(card: Card, cap: number): string {
  const commands =
    card.actions.length === 0
      ? []
      : [
          [
            'Say it in a new comment:',
            ...card.actions.filter(isSaid).map((action) => `- ${sayings[action](card)}`),
            '- `/status`, or `/why` for who counts and why: anybody',
          ].join('\n'),
        ];
  const granted = grants(card, cap);
  const judged = card.rules.length === 0 ? [] : [`What the rules said:\n${renderLines(card.rules)}`];
  const inside = [...commands, ...judged, ...(granted === '' ? [] : [granted])];
  if (inside.length === 0) return '';
  const summary =
    commands.length > 0 ? 'What you can do, and what exactly is granted' : 'What exactly was asked for';
  return `<details>\n<summary>${card.grants ? summary : 'What you can do'}</summary>\n\n${inside.join('\n\n')}\n\n</details>`;
}

function grants({ grants: granted }: Card, cap: number): string {
  if (granted === undefined) return '';
  const settings = granted.settings.map(
    ({ name, text }) => `- ${escapeText(name)}: ${code(text.slice(0, cap))}${leftOut(text, cap)}`,
  );
  return [`By the strategy ${code(granted.strategy)}:`, ...settings].join('\n');
}

function footer({ request, flow }: Card): string {
  return `<sub>Request ${code(request)}, by the flow ${code(flow.name)} at ${code(flow.commit.slice(0, 7))}</sub>`;
}
