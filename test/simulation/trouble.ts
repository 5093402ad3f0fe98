// What goes wrong, and what admins and strangers change meanwhile.
import { requestId } from '../../src/domain/names.ts';
import type { Simulation } from './history.ts';
import { flowAt } from './town-flows.ts';
import { join, leave, levels, link, setFlow, theDesk } from './town.ts';

export async function fail(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  simulation.crash(
    !simulation.isDiverged && random.oneIn(5) ? 'disk-lost' : random.pick(['killed', 'power-cut']),
  );
}

export async function meddle(simulation: Simulation): Promise<void> {
  const { random, branch, town } = simulation;
  const meddling = random.pick(['harmless', 'harmless', 'entries', 'drop', 'card', 'edit']);
  simulation.count(`meddling ${meddling}`);
  if (meddling === 'edit') {
    const comment = random.pickSome(random.pickSome(town.issues)?.comments.slice(1) ?? []);
    if (comment) comment.isEdited = true;
  } else if (meddling === 'card') await spoilCard(simulation);
  else if (meddling === 'harmless') branch.push('README.md', simulation.mintRef());
  else if (
    !simulation.isDiverged &&
    simulation.store &&
    (await simulation.store.cursor(theDesk)) &&
    branch.commits.length > 2
  )
    diverge(simulation, meddling);
  else await simulation.mendLedger();
}

function diverge(simulation: Simulation, how: 'entries' | 'drop'): void {
  const { branch } = simulation;
  simulation.isDiverged = true;
  simulation.note(`A stranger tampers with the ledger: ${how}`);
  const [path] = branch.files().keys();
  if (how === 'drop') branch.dropCommits(1);
  else branch.push(path ?? 'requests/2026/11/20/forged.jsonl', 'forged\n');
}

/** GitHub tells us of the edit; how it reaches us in foul weather is the surface's part. */
async function spoilCard(simulation: Simulation): Promise<void> {
  const { random, town, heart, store } = simulation;
  const message = random.pickSome(random.pickSome(town.issues)?.messages ?? []);
  const [, id] = /^card (.+)$/.exec(message?.marker ?? '') ?? [];
  if (message === undefined || id === undefined || heart === undefined || store === undefined) return;
  if ((await store.load(requestId(id))) === undefined) return;
  message.shows = 'approved by nobody';
  await Promise.race([heart.reception.reshow(requestId(id)), simulation.clock.advance(5000)]);
}

export async function changePeople(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  const now = clock.now();
  const [person, group] = [
    random.pick(['ann', 'bob', 'dora', 'max']),
    random.pick([
      'team:acme/data',
      'team:acme/data',
      'team:acme/security',
      'team:acme/on-call',
      'team:acme/barred',
      'team:acme/frozen',
      'team:acme/engineering',
      'role:member',
      'role:admin',
    ]),
  ];
  if (random.oneIn(3)) {
    const name = random.pick(['dora-k', 'eve-s', 'max-p']);
    const linked = random.pick(['ann', 'bob', 'dora', 'max', 'nobody']);
    link(town, name, linked === 'nobody' ? undefined : linked, now);
    simulation.note(`${name} is now linked to ${linked}`);
  } else if (town.teams.get(group)?.has(person)) leave(town, group, person, now);
  else join(town, group, person, now);
}

export async function changeFlow(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  const name = random.pick(['repository', 'quick', 'migration', 'deploy', 'deploy', 'hotfix']);
  const change = random.pick(['c1', 'c1', 'c2', 'c2', 'c2', 'c3', 'c4', 'removed']);
  setFlow(town, name, change === 'removed' ? undefined : flowAt(name, change), clock.now());
  simulation.note(`The flow ${name}: ${change}`);
}

/** Access for good may come while nothing of ours is live there: then it is known whose doing it is. */
export async function changeStanding(simulation: Simulation): Promise<void> {
  const { random, town } = simulation;
  const account = random.pick(['toy:ann', 'toy:bob']);
  const level = random.pick(['read', 'write']);
  const isOurs = (await simulation.requests()).some(
    ({ phase, requester }) =>
      'grant' in phase || (phase.status === 'approved' && account === `toy:${requester.person}`),
  );
  if (isOurs || simulation.store === undefined || town.holdings.has(account)) return;
  town.holdings.set(account, level);
  town.standing.set(account, level);
  simulation.note(`${account} is given ${level} for good (of ${levels.length} levels)`);
}

export async function storm(simulation: Simulation): Promise<void> {
  const { random, around } = simulation;
  const place = random.pick(['ledger', 'target', 'people', 'flows', 'surface', 'slack']);
  if (around.weather.down.has(place)) around.weather.down.delete(place);
  else around.weather.down.add(place);
  simulation.note(`${place} is ${around.weather.down.has(place) ? 'down' : 'up again'}`);
}
