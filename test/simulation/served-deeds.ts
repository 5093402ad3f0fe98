// What happens in a town whose target is a real service: grants come, overlap and end while it is slow, in trouble or out of reach.
import { minutes } from '../../src/domain/duration.ts';
import type { Simulation } from './history.ts';
import { askFor, speak } from './speaking.ts';
import type { Issue } from './town.ts';

const because = { message: 'Because.' } as const;
const flows = ['repository', 'repository', 'repository', 'quick', 'deploy', 'hotfix'] as const;

/** By the one who has an account there; nobody says no. */
async function askAndApprove(simulation: Simulation): Promise<Issue> {
  const issue = askFor(simulation, simulation.random.pick(flows), 'ann-o');
  await simulation.pass(1, 20_000);
  for (const name of ['bob-l', 'dora-k']) speak(simulation, issue, name, 'approve', { also: because });
  return issue;
}

function revoke(simulation: Simulation, issue: Issue): void {
  speak(simulation, issue, simulation.random.pick(['ann-o', 'max-p']), 'revoke', { also: because });
}

export async function grantIt(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  const issue = await askAndApprove(simulation);
  await simulation.pass(random.between(1, 4), 20_000);
  if (random.oneIn(2)) return;
  revoke(simulation, issue);
  await simulation.pass(random.between(1, 4), 20_000);
}

/** Two of them, of which one may ask for more; they end in any order. */
export async function overlap(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  const issues = [await askAndApprove(simulation)];
  if (random.oneIn(2)) await simulation.pass(random.between(1, 3), 20_000);
  issues.push(await askAndApprove(simulation));
  await simulation.pass(random.between(2, 4), 20_000);
  for (const issue of random.oneIn(2) ? issues : issues.toReversed()) {
    if (random.oneIn(3)) continue;
    revoke(simulation, issue);
    await simulation.pass(random.between(1, 3), 20_000);
  }
}

/** Somebody else gives it for good, or takes that away: while nothing of ours is there, or nobody could tell whose it is. Then it is asked for. */
export async function changeForGood(simulation: Simulation): Promise<void> {
  const { random, around, town } = simulation;
  const { served } = around;
  const given = random.pickSome(served?.givable ?? []);
  if (served === undefined || given === undefined) return grantIt(simulation);
  for (const { thread } of await simulation.requests()) {
    const issue = town.issues[(thread?.issue ?? 0) - 1];
    if (issue) speak(simulation, issue, 'max-p', 'revoke', { also: because });
  }
  for (let beats = 8; beats > 0 && !(await simulation.isAtRest()); beats -= 1)
    await simulation.wait(minutes(beats > 4 ? 0.25 : 3));
  if (!(await simulation.isAtRest())) return;
  const holding = town.standing.size > 0 && random.oneIn(2) ? 'none' : given;
  simulation.note(`Somebody has them hold ${holding} for good`);
  await served.give(holding);
  await grantIt(simulation);
}

/** The app dies while it gives or takes it. */
export async function dieWithIt(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  const issue = await askAndApprove(simulation);
  await simulation.pass(random.between(1, 2), 6000);
  const isRevoked = random.oneIn(2);
  if (isRevoked) {
    revoke(simulation, issue);
    await simulation.pass(1, 6000);
  }
  simulation.crash(random.pick(['killed', 'power-cut', 'disk-lost']));
  await simulation.pass(1, 6000);
  if (!isRevoked) revoke(simulation, issue);
  await simulation.pass(2, 20_000);
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
