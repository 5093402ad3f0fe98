// Days on which approvals run something: it does not answer, answers are lost, the app dies in between, and the approval ends meanwhile.
import { minutes } from '../../src/domain/duration.ts';
import type { Simulation } from './history.ts';
import { askFor, speak } from './speaking.ts';
import { restore, type Issue } from './town.ts';

const because = { message: 'Because.' } as const;

async function approveMigration(simulation: Simulation): Promise<Issue> {
  const { town, clock } = simulation;
  restore(town, clock.now());
  const issue = askFor(simulation, 'migration', 'ann-o');
  for (let beat = 0; beat < 4; beat += 1) await simulation.wait(minutes(0.25));
  for (const name of ['bob-l', 'dora-k']) speak(simulation, issue, name, 'approve', { also: because });
  return issue;
}

/** Nothing is in the way, or the ledger is just then. */
export async function runIt(simulation: Simulation): Promise<void> {
  const { random, around } = simulation;
  if (random.oneIn(3)) around.weather.down.add('ledger');
  await approveMigration(simulation);
  await simulation.pass(random.between(2, 5), 20_000);
  around.weather.down.delete('ledger');
  await simulation.pass(2, 20_000);
}

/** What is called does not answer until about the end of the approval, or beyond. */
export async function runLate(simulation: Simulation): Promise<void> {
  const { random, around } = simulation;
  around.weather.down.add('action');
  await approveMigration(simulation);
  await simulation.wait(minutes(random.pick([5, 50, 58, 59])));
  around.weather.down.delete('action');
  // The next look at what is owed comes just when the time is up.
  await simulation.pass(1, 20_000);
  await simulation.wait(minutes(random.pick([1, 2, 10])));
}

/** Somebody ends the approval while it is under way. */
export async function endIt(simulation: Simulation): Promise<void> {
  const { random, around } = simulation;
  if (random.oneIn(2)) around.weather.down.add('action');
  const issue = await approveMigration(simulation);
  await simulation.pass(random.between(1, 3), 20_000);
  speak(simulation, issue, random.pick(['ann-o', 'ann-o', 'bob-l']), 'revoke', { also: because });
  await simulation.pass(2, 20_000);
  around.weather.down.delete('action');
  await simulation.pass(2, 20_000);
}

/** The app dies where nobody knows whether it was called. */
export async function dieInBetween(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  await approveMigration(simulation);
  await simulation.pass(random.between(1, 3), 20_000);
  simulation.crash(random.pick(['killed', 'power-cut', 'disk-lost']));
  await simulation.pass(3, 20_000);
}
