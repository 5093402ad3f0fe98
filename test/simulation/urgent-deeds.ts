// Nights on which somebody does not wait for approval: rightly or not, reviewed in time or never, and once more while a review is overdue.
import { hours, minutes } from '../../src/domain/duration.ts';
import type { Simulation } from './history.ts';
import { decide, somethingMore, speak } from './speaking.ts';
import { flowAt } from './town-flows.ts';
import { inDoubt, join, leave, link, names, personOf, restore, setFlow, type Issue } from './town.ts';

export async function breakGlass(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  if (random.oneIn(3)) restore(town, clock.now());
  const name = random.pick(['ann-o', 'ann-o', 'bob-l', 'dora-k']);
  const person = personOf(town, name);
  if (person && !random.oneIn(5)) {
    join(town, 'team:acme/on-call', person, clock.now());
    join(town, 'team:acme/engineering', person, clock.now());
  }
  await simulation.wait(random.oneIn(4) ? 1000 : inDoubt + minutes(0.5));
  askUrgently(simulation, name);
  await simulation.pass(1, 20_000);
}

function askUrgently(simulation: Simulation, name: string): Issue {
  const { town, random } = simulation;
  const issue: Issue = { number: town.issues.length + 1, comments: [], messages: [] };
  town.issues.push(issue);
  const duration = random.pick([undefined, undefined, '30m', '1h', '2h']);
  const reason = random.oneIn(8) ? ' ' : 'It burns.';
  const confirm = random.oneIn(8) ? random.pick(['', 'Write', 'admin']) : 'write';
  const form = { flow: 'urgent', ...(duration && { duration }), breakGlass: { reason, confirm } };
  speak(simulation, issue, name, 'request', { form });
  return issue;
}

/** By a reviewer, by whoever it was, by anybody, or by an admin who lost patience. */
export async function reviewIt(simulation: Simulation): Promise<void> {
  const { random, town } = simulation;
  const issue = random.pickSome(urgentIssues(simulation).slice(-4));
  if (issue === undefined) return breakGlass(simulation);
  const own = issue.comments[0]?.name ?? 'ann-o';
  const name = random.pick(['dora-k', 'max-p', 'max-p', own, 'bob-l', ...names]);
  // A reviewer is on call as well, and now it is their own.
  if (random.oneIn(4)) join(town, 'team:acme/security', personOf(town, own) ?? 'ann', simulation.clock.now());
  const message = random.oneIn(8) ? ' ' : 'I looked at it.';
  const also = { message, outcome: random.pick(['fine', 'concern'] as const) };
  speak(simulation, issue, name, 'review', { also });
  await simulation.pass(1, 20_000);
}

/** Nobody looks at it until it is overdue; then they want it again. */
export async function againInDebt(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  restore(town, clock.now());
  join(town, 'team:acme/on-call', 'ann', clock.now());
  await simulation.wait(inDoubt + minutes(0.5));
  const first = askUrgently(simulation, 'ann-o');
  await simulation.wait(hours(2) + minutes(random.pick([1, 10, 30])));
  if (random.oneIn(4)) speak(simulation, first, random.pick(['dora-k', 'max-p']), 'review', { also: said });
  if (random.oneIn(3)) simulation.crash(random.pick(['killed', 'power-cut', 'disk-lost']));
  // By another account, which is theirs by now.
  const isOther = random.oneIn(3);
  if (isOther) link(town, 'eve-s', 'ann', clock.now());
  await simulation.wait(inDoubt + minutes(3));
  askUrgently(simulation, isOther ? 'eve-s' : 'ann-o');
  await simulation.pass(2, 20_000);
}

const said = { message: 'I looked at it.' } as const;

/** Nobody can look up who is on call, or whether a rule denies it. */
export async function urgentInDoubt(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  restore(town, clock.now());
  const isBarred = random.oneIn(2);
  // Whoever is on call, and whoever is not: a door that an outage opens is open to both.
  if (random.oneIn(2)) join(town, 'team:acme/on-call', 'ann', clock.now());
  if (isBarred) join(town, 'team:acme/barred', 'ann', clock.now());
  await simulation.wait(inDoubt + minutes(0.5));
  const team = random.pick([
    'team:acme/on-call',
    'team:acme/on-call',
    'team:acme/barred',
    'team:acme/security',
  ]);
  town.unlisted.add(team);
  const issue = askUrgently(simulation, 'ann-o');
  await simulation.pass(2, 20_000);
  speak(simulation, issue, 'dora-k', 'review', { also: said });
  await simulation.pass(1, 20_000);
  town.unlisted.delete(team);
  leave(town, 'team:acme/barred', 'ann', clock.now());
}

/** More of it, which others decide; or its end, by whoever has to do with it. */
export async function goOnOrEnd(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  const issue = random.pickSome(urgentIssues(simulation).slice(-3));
  if (issue === undefined) return breakGlass(simulation);
  const own = issue.comments[0]?.name ?? 'ann-o';
  const how = random.pick(['extend', 'extend', 'revoke', 'change', 'decide']);
  if (how === 'revoke') speak(simulation, issue, random.pick([own, 'dora-k', 'bob-l', 'eve-s']), 'revoke');
  else if (how === 'change') {
    const version = random.pick(['c1', 'c2', 'c4', undefined] as const);
    setFlow(town, 'urgent', version && flowAt('urgent', version), clock.now());
    simulation.note(`The flow urgent: ${version ?? 'removed'}`);
  } else {
    if (how === 'extend')
      speak(simulation, issue, own, 'extend', { also: somethingMore(simulation, 'extend') });
    await simulation.pass(1, 20_000);
    decide(simulation, issue);
  }
  await simulation.pass(1, 20_000);
}

function urgentIssues({ town }: Simulation): readonly Issue[] {
  return town.issues.filter(({ comments }) => comments[0]?.form?.flow === 'urgent');
}
