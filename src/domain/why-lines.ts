// An explanation as a tree of sentences, the same on every surface. Plain text; surfaces escape it.
import type { JudgedRule, Judgement } from './entries.ts';
import type { Why, WhyBreakGlass, WhyStep } from './explain.ts';
import { isUnknown, type Unknown } from './facts.ts';
import type { Group, Instant } from './names.ts';
import { clip, inQuotes } from './safe-word.ts';
import type { Review, RuleApproval } from './request.ts';
import { groupWords, list, plural, refusalWords, ruleWords } from './words.ts';

export interface WhyLine {
  readonly mark: 'yes' | 'no' | 'unknown' | 'waiting';
  readonly text: string;
  readonly inside: readonly WhyLine[];
}

export function whyLines(why: Why): readonly WhyLine[] {
  return [
    ...(why.judged ? ruleLines(why.judged) : []),
    ...(why.stepsBy === 'code' ? [line('yes', 'The flow’s code said who is asked.')] : []),
    ...why.steps.map((step) => stepLine(step, why.ruleApprovals)),
    ...why.holds.map(({ rule, why: reason }) =>
      line('unknown', `Nothing is approved while the rule ${rule} cannot be judged: ${clause(reason)}.`),
    ),
    ...(why.breakGlass ? glassLines(why.breakGlass) : [yourLine(why)]),
  ];
}

/** What people say is cut short. */
const longestSaid = 300;

function glassLines({ requester, reason, review, you }: WhyBreakGlass): readonly WhyLine[] {
  return [
    line(
      'yes',
      `${requester} broke the glass, so nobody was asked: “${clip(inQuotes(reason), longestSaid)}”.`,
    ),
    ...(review ? [reviewLine(review)] : []),
    ...(review?.closed ? [] : [yourReview(you)]),
  ];
}

function reviewLine({ reviewers, deadline, closed }: Review): WhyLine {
  const from = list(reviewers.map(groupWords), 'or');
  if (closed === undefined)
    return line('waiting', `A second person has to review it by ${moment(deadline)}: ${from}.`);
  const { by, at, outcome, message, asAdmin } = closed;
  const how = `${asAdmin ? ' as an admin' : ''} on ${moment(at)}`;
  const found = outcome === 'fine' ? 'found it fine' : 'has a concern';
  return line(
    outcome === 'fine' ? 'yes' : 'no',
    `${by.via.name} reviewed it${how} and ${found}: “${clause(clip(inQuotes(message), longestSaid))}”.`,
  );
}

function yourReview(you: WhyBreakGlass['you']): WhyLine {
  if ('mayReview' in you)
    return line('yes', 'You may review it now: say /review fine or /review concern, and what you found.');
  const { reason, remedy } = refusalWords(you.refusal);
  return line('no', `If you said /review now: ${reason} ${remedy}`);
}

function moment(at: Instant): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}

/** What each rule said, and what was looked up for it. */
export function ruleLines({ rules, facts }: Judgement): readonly WhyLine[] {
  const looked = Object.entries(facts).map(([name, value]) =>
    value === null
      ? line('unknown', `${name} could not be had`)
      : line(value === false ? 'no' : 'yes', `${name} was ${value}`),
  );
  return rules.map((rule) => ({
    ...ruleLine(rule),
    inside: looked.filter(({ text }) => isRead(rule, text)),
  }));
}

/** A condition names what it reads; history is looked up in one piece, and read by one of three names. */
function isRead({ if: condition }: JudgedRule, fact: string): boolean {
  const name = /^requester\.[a-z_]+/.exec(fact)?.[0] ?? fact;
  const argument = /'([^']*)'/.exec(fact)?.[1] ?? '';
  return condition.includes(name) && condition.includes(argument);
}

function ruleLine({ name, if: condition, approve, result, because }: JudgedRule): Omit<WhyLine, 'inside'> {
  const effect = approve === undefined ? 'denies' : `approves ${list(approve, 'and')}`;
  const reason = because === undefined ? '' : `: ${clause(because)}`;
  const said = because === undefined ? '' : `, saying “${inQuotes(clause(because))}”`;
  switch (result) {
    case 'holds':
      return approve?.length === 0
        ? { mark: 'no', text: `The rule ${name} holds, and approves no step that is asked here.` }
        : { mark: approve ? 'yes' : 'no', text: `The rule ${name} ${effect}${said}.` };
    case 'does-not-hold':
      return { mark: 'no', text: `The rule ${name} does not hold: ${condition}` };
    case 'unknown':
      return { mark: 'unknown', text: `The rule ${name} cannot be judged${reason}.` };
    default:
      return result satisfies never;
  }
}

function stepLine(
  { step, state, filledBy, byRule, groups }: WhyStep,
  rules: readonly RuleApproval[],
): WhyLine {
  const who = groups.map(belongsLine);
  if (byRule) {
    const rule = rules.find(({ steps }) => steps.includes(step.name));
    const because = rule?.because === undefined ? '' : `, saying “${inQuotes(clause(rule.because))}”`;
    return line('yes', `${step.name} is met by ${ruleWords(rule ?? { rule: '' })}${because}.`, who);
  }
  const by = filledBy.length === 0 ? '' : `, ${list(filledBy, 'and')} approved`;
  if (state === 'met') return line('yes', `${step.name} is met${by}.`, who);
  if (state === 'waiting')
    return line('waiting', `${step.name} is asked after ${list(step.needs, 'and')}.`, who);
  const missing = step.count - filledBy.length;
  const from = list(step.approvers.map(groupWords), 'or');
  const text = `${step.name} waits for ${missing} ${plural(missing, 'approval')} from ${from}${by}.`;
  return line('waiting', text, who);
}

function belongsLine({
  group,
  belongs,
}: {
  readonly group: Group;
  readonly belongs: boolean | Unknown;
}): WhyLine {
  const words = groupWords(group);
  if (isUnknown(belongs))
    return line('unknown', `Whether you belong to ${words} cannot be found out: ${clause(belongs.unknown)}.`);
  const isPerson = group.startsWith('person:');
  if (belongs) return line('yes', isPerson ? `You are ${words}.` : `You belong to ${words}.`);
  return line('no', isPerson ? `You are not ${words}.` : `You do not belong to ${words}.`);
}

function yourLine({ you }: Why): WhyLine {
  if ('may' in you)
    return line('yes', `You may decide now: your approval would count for ${list(you.may, 'or')}.`);
  const { reason, remedy } = refusalWords(you.refusal);
  return line('no', `If you said /approve now: ${reason} ${remedy}`);
}

function line(mark: WhyLine['mark'], text: string, inside: readonly WhyLine[] = []): WhyLine {
  return { mark, text, inside };
}

function clause(text: string): string {
  return text.trim().replace(/\.+$/, '');
}
