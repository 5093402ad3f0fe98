// What happens in a town whose target is a real service: grants come, overlap and end while it is slow, in trouble or out of reach.
import type { Simulation } from './history.ts';
import { askFor, decide, speak } from './speaking.ts';
import type { Issue } from './town.ts';

const because = { message: 'Because.' } as const;
const grants = ['repository', 'repository', 'repository', 'quick', 'deploy', 'hotfix'] as const;

/** By the one who has an account there. */
async function askAndApprove(simulation: Simulation): Promise<Issue> {
  const issue = askFor(simulation, simulation.random.pick(grants), 'ann-o');
  await simulation.pass(1, 20_000);
  decide(simulation, issue);
  return issue;
}

function revoke(simulation: Simulation, issue: Issue): void {
  speak(simulation, issue, simulation.random.pick(['ann-o', 'max-p']), 'revoke', { also: because });
}

export async function grantIt(simulation: Simulation): Promise<void> {
  await askAndApprove(simulation);
  await simulation.pass(simulation.random.between(1, 4), 20_000);
}

/** Two of them, of which one may ask for more; they end in any order. */
export async function overlap(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  const issues = [await askAndApprove(simulation)];
  if (random.oneIn(2)) await simulation.pass(random.between(1, 3), 20_000);
  issues.push(await askAndApprove(simulation));
  await simulation.pass(random.between(1, 4), 20_000);
  for (const issue of random.oneIn(2) ? issues : issues.toReversed()) {
    if (random.oneIn(3)) continue;
    revoke(simulation, issue);
    await simulation.pass(random.between(1, 3), 20_000);
  }
}

export async function endOne(simulation: Simulation): Promise<void> {
  const { random, town } = simulation;
  const issue = random.pickSome(town.issues.slice(-3));
  if (issue === undefined) return grantIt(simulation);
  revoke(simulation, issue);
  await simulation.pass(random.between(1, 4), 20_000);
}

/** Somebody else gives it for good, or takes that away again: while nothing of ours is there, or it would be unknown whose it is. */
export async function changeForGood(simulation: Simulation): Promise<void> {
  const { random, around, town } = simulation;
  const { served } = around;
  for (let beats = 20; beats > 0 && !(await simulation.isAtRest()); beats -= 1)
    await simulation.wait(beats > 10 ? 20_000 : 600_000);
  const given = random.pickSome(served?.givable ?? []);
  if (served === undefined || given === undefined || !(await simulation.isAtRest())) return;
  const holding = town.standing.size > 0 && random.oneIn(2) ? 'none' : given;
  simulation.note(`Somebody has them hold ${holding} for good`);
  await served.give(holding);
}

/** The app dies while it gives or takes it. */
export async function dieWithIt(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  const issue = await askAndApprove(simulation);
  await simulation.pass(random.between(1, 2), 6000);
  if (random.oneIn(2)) {
    revoke(simulation, issue);
    await simulation.pass(1, 6000);
  }
  simulation.crash(random.pick(['killed', 'power-cut', 'disk-lost']));
  await simulation.pass(3, 20_000);
}

/** Nobody reaches the service for a while. */
export async function goWithout(simulation: Simulation): Promise<void> {
  const { random, around } = simulation;
  const issue = await askAndApprove(simulation);
  await simulation.pass(random.between(0, 2), 6000);
  around.weather.down.add('target');
  if (random.oneIn(2)) revoke(simulation, issue);
  await simulation.pass(random.between(1, 4), random.oneIn(2) ? 20_000 : 1_200_000);
  around.weather.down.delete('target');
  await simulation.pass(random.between(1, 3), 20_000);
}
