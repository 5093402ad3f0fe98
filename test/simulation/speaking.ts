// How people in the town speak: on an issue, with what goes with it; and who would decide well.
import { minutes } from '../../src/domain/duration.ts';
import type { Simulation } from './history.ts';
import type { Also, Comment, Issue } from './town.ts';

export function speak(
  simulation: Simulation,
  issue: Issue,
  name: string,
  command: Comment['command'],
  { form, also, isLost = false }: Pick<Comment, 'form' | 'also'> & { readonly isLost?: boolean } = {},
): void {
  const comment: Comment = {
    ref: simulation.mintRef(),
    name,
    at: simulation.clock.now(),
    command,
    isEdited: false,
    ...(form && { form }),
    ...(also && { also }),
  };
  issue.comments.push(comment);
  simulation.note(
    `${name} says ${command} ${form ? `${form.flow} ${form.target ?? ''} ${form.duration ?? ''} ${form.breakGlass ? JSON.stringify(form.breakGlass) : ''} ` : ''}${also ? `${JSON.stringify(also)} ` : ''}on #${issue.number} (${comment.ref})`,
  );
  if (!isLost) simulation.deliver(issue, comment);
}

const durations: { readonly [flow: string]: readonly string[] | undefined } = {
  repository: ['30m', '1h', 'until-revoked'],
  deploy: ['45m', '90m'],
  hotfix: ['30m', '1h'],
};

export function askFor(simulation: Simulation, flow: string, name: string): Issue {
  const { town, random } = simulation;
  const target = flow === 'repository' ? { target: random.pick(['read', 'write', 'admin']) } : {};
  const choices = durations[flow];
  const duration = choices && random.oneIn(2) ? { duration: random.pickSome(choices) ?? '30m' } : {};
  const issue: Issue = { number: town.issues.length + 1, comments: [], messages: [] };
  town.issues.push(issue);
  speak(simulation, issue, name, 'request', { form: { flow, ...target, ...duration } });
  return issue;
}

/** Most say why; a few want it shorter than it was asked for, or longer. */
export function somethingMore({ random }: Simulation, command: Comment['command']): Also {
  const message = random.oneIn(5) ? {} : { message: random.oneIn(8) ? ' ' : 'Because.' };
  if (command === 'extend')
    return { ...message, ...(random.oneIn(2) && { duration: minutes(random.pick([10, 15, 30, 60])) }) };
  if (command !== 'approve') return message;
  return {
    ...message,
    ...(random.oneIn(5) && { duration: minutes(random.pick([10, 25, 40, 70])) }),
    ...(random.oneIn(12) && { as: 'admin' as const }),
  };
}

const ready = {
  repository: [
    ['bob-l', 'dora-k'],
    ['max-p', 'dora-k'],
  ],
  quick: [['dora-k', 'bob-l']],
  migration: [['bob-l'], ['dora-k']],
  deploy: [
    ['bob-l', 'dora-k'],
    ['max-p', 'dora-k'],
  ],
  hotfix: [
    ['bob-l', 'dora-k'],
    ['max-p', 'max-p', 'dora-k'],
  ],
  urgent: [
    ['bob-l', 'dora-k'],
    ['max-p', 'max-p', 'dora-k'],
  ],
} as const;
type FlowName = keyof typeof ready;

function isFlowName(flow: string | undefined): flow is FlowName {
  return flow !== undefined && flow in ready;
}

const onSlack: { readonly [name: string]: string | undefined } = {
  'ann-o': 'ann@slack',
  'bob-l': 'bob@slack',
  'dora-k': 'dora@slack',
};

/** Whoever has an account on Slack uses that as often. */
function byEitherDoor({ random }: Simulation, name: string): string {
  return (random.oneIn(2) ? onSlack[name] : undefined) ?? name;
}

const why: Also = { message: 'Because.' };

export function decide(simulation: Simulation, issue: Issue): void {
  const { town, random } = simulation;
  const flow = issue.comments[0]?.form?.flow;
  if (!isFlowName(flow)) return;
  const also = (): { also: Also } => ({ also: random.oneIn(4) ? somethingMore(simulation, 'approve') : why });
  for (const people of ready[flow])
    speak(simulation, issue, byEitherDoor(simulation, random.pick(people)), 'approve', also());
  // What is asked by now, and was not asked when the request was made.
  if (town.flows.get(flow)?.ref.commit === 'c2' && random.oneIn(2))
    speak(simulation, issue, 'max-p', 'approve', also());
  if (flow === 'quick' && random.oneIn(3)) speak(simulation, issue, 'max-p', 'approve', also());
}
