// People go, and now and then come back; and the file that says who is there cannot be read.
import { minutes } from '../../src/domain/duration.ts';
import type { Simulation } from './history.ts';
import { askAndDecide } from './people-deeds.ts';
import { decide, askFor } from './speaking.ts';
import { everybody, join, leave } from './town.ts';

/** Who has just been given something is gone, for an hour or two, or by a slip that is mended within minutes. */
export async function somebodyLeaves(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  const issue = askFor(
    simulation,
    random.pick(['repository', 'quick', 'hotfix']),
    random.pick(['ann-o', 'bob-l']),
  );
  await simulation.pass(1, 20_000);
  if (random.oneIn(2)) decide(simulation, issue);
  await simulation.pass(random.between(1, 3));
  const person = random.pick(['ann', 'bob']);
  leave(town, everybody, person, clock.now());
  simulation.note(`${person} is no longer in people.yml`);
  if (random.oneIn(3)) await simulation.pass(1);
  else for (let times = random.between(4, 7); times > 0; times -= 1) await simulation.wait(minutes(15));
  join(town, everybody, person, clock.now());
  simulation.note(`${person} is in people.yml again`);
}

/** Nobody has left because of that. */
export async function peopleAreUnreadable(simulation: Simulation): Promise<void> {
  const { around } = simulation;
  await askAndDecide(simulation);
  await simulation.pass(2);
  around.weather.down.add('people');
  simulation.note('people.yml cannot be read');
  await simulation.pass(3);
  around.weather.down.delete('people');
}
