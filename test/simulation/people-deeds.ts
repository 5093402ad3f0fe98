// What people do from day to day: they ask, decide, want more time, stand in for each other.
import { minutes } from '../../src/domain/duration.ts';
import { openMatter } from '../../src/domain/request.ts';
import type { Simulation } from './history.ts';
import { askFor, decide, somethingMore, speak } from './speaking.ts';
import { flowAt } from './town-flows.ts';
import { inDoubt, join, names, personOf, setFlow, type Issue } from './town.ts';

export async function ask(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  const flow = random.pick(['repository', 'quick', 'quick', 'migration', 'deploy', 'deploy', 'hotfix']);
  askFor(simulation, flow, random.pick(['ann-o', 'ann-o', 'ann-o', 'bob-l', 'dora-k', 'eve-s']));
}

export async function say(simulation: Simulation): Promise<void> {
  const { town, random } = simulation;
  const issue = random.pickSome(town.issues.slice(-5));
  if (issue === undefined) return;
  const command = random.pick([
    'approve',
    'approve',
    'approve',
    'approve',
    'approve',
    'approve',
    'deny',
    'revoke',
    'cancel',
    'extend',
  ]);
  const name = command === 'cancel' ? 'ann-o' : random.pick([...names]);
  speak(simulation, issue, name, command, { also: somethingMore(simulation, command) });
}

/** A quick one, with whoever is awake; now and then they have second thoughts at once. */
export async function askAndDecide(simulation: Simulation): Promise<void> {
  const { town, random } = simulation;
  await ask(simulation);
  await simulation.pass();
  await decideWell(simulation);
  const issue = town.issues.at(-1);
  if (issue && random.oneIn(3)) speak(simulation, issue, random.pick(['ann-o', 'max-p']), 'revoke');
}

/** Those who may, do: a grant is likely to come of it. */
export async function decideWell(simulation: Simulation): Promise<void> {
  const issue = simulation.random.pickSome(simulation.town.issues.slice(-4));
  if (issue) decide(simulation, issue);
}

/** Access that is there is to last longer; those who may decide that mostly hear of it. */
export async function askForMore(simulation: Simulation): Promise<void> {
  const { random, town } = simulation;
  const active = (await simulation.requests()).filter(({ phase }) => phase.status === 'active');
  const request = random.pickSome(active);
  const issue = town.issues[(request?.thread?.issue ?? 0) - 1];
  if (request === undefined || issue === undefined) return askAndDecide(simulation);
  await askForMoreOn(simulation, issue);
}

async function askForMoreOn(simulation: Simulation, issue: Issue): Promise<void> {
  const { random } = simulation;
  const name = random.oneIn(6) ? random.pick([...names]) : (issue.comments[0]?.name ?? 'ann-o');
  speak(simulation, issue, name, 'extend', { also: somethingMore(simulation, 'extend') });
  if (random.oneIn(3)) await simulation.pass();
  if (random.oneIn(4)) return;
  if (random.oneIn(5))
    speak(
      simulation,
      issue,
      random.pick(['bob-l', 'dora-k', 'ann-o']),
      random.pick(['deny', 'deny', 'revoke']),
      {
        also: { message: 'Because.' },
      },
    );
  else decide(simulation, issue);
}

/** Access for a while, and then for a while more, and more. */
export async function prolong(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  const flow = random.pick(['quick', 'deploy', 'hotfix']);
  const issue = askFor(simulation, flow, random.pick(['ann-o', 'bob-l']));
  await simulation.pass(1, 20_000);
  decide(simulation, issue);
  for (let more = random.between(1, 3); more > 0; more -= 1) {
    for (let beats = 4; beats > 0 && !(await isActive(simulation, issue)); beats -= 1)
      await simulation.pass(1);
    if (!(await isActive(simulation, issue))) return;
    if (random.oneIn(4)) await offerLess(simulation, flow);
    await askForMoreOn(simulation, issue);
  }
}

async function offerLess(simulation: Simulation, flow: string): Promise<void> {
  const { town, clock } = simulation;
  setFlow(town, flow, flowAt(flow, 'c3'), clock.now());
  simulation.note(`The flow ${flow}: c3`);
  await simulation.wait(inDoubt + minutes(0.5));
}

async function isActive(simulation: Simulation, { number }: Issue): Promise<boolean> {
  const requests = await simulation.requests();
  return requests.some(({ phase, thread }) => phase.status === 'active' && thread?.issue === number);
}

/** Those whose step it is are asleep. */
export async function standIn(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  const open = (await simulation.requests()).filter((request) => openMatter(request) !== undefined);
  const { thread } = random.pickSome(open) ?? {};
  const issue = thread ? town.issues[thread.issue - 1] : random.pickSome(town.issues.slice(-5));
  if (issue === undefined) return;
  const also = { ...somethingMore(simulation, 'approve'), as: 'admin' as const };
  const own = issue.comments[0]?.name ?? 'ann-o';
  const name = random.oneIn(3) ? 'max-p' : random.pick([own, own, 'bob-l', ...names]);
  const person = personOf(town, name);
  // For a night; whoever it is may have asked for it themselves.
  if (person && random.oneIn(2)) join(town, 'role:admin', person, clock.now());
  speak(simulation, issue, name, 'approve', { also });
  if (random.oneIn(2)) decide(simulation, issue);
}
