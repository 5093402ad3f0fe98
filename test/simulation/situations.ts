// Moments that matter and that chance alone seldom brings about: the last minute, a flow that changes under a request, a look-up that fails just then.
import { minutes } from '../../src/domain/duration.ts';
import { between, type Instant } from '../../src/domain/names.ts';
import type { Simulation } from './history.ts';
import { askFor, decide, somethingMore, speak } from './speaking.ts';
import { flowAt, type Version } from './town-flows.ts';
import { inDoubt, join, leave, personOf, restore, setFlow, type Issue } from './town.ts';

/** Until what was changed just now is certain to be known to everybody. */
const because = { message: 'Because.' } as const;
const certain = inDoubt + minutes(0.5);

/** So long that what was said is heard, decided and in the ledger, where nothing keeps it from that. */
async function rest(simulation: Simulation): Promise<void> {
  for (let beat = 0; beat < 4; beat += 1) await simulation.wait(minutes(0.25));
}

/** Somebody speaks just before or just after the deadline, and what they say is heard late. */
export async function speakAtTheLast(simulation: Simulation): Promise<void> {
  const { random, clock, around } = simulation;
  const issue = askFor(simulation, 'quick', random.pick(['ann-o', 'bob-l']));
  await rest(simulation);
  const deadline = await deadlineOf(simulation, issue);
  if (deadline === undefined) return;
  const name = issue.comments[0]?.name === 'bob-l' ? 'dora-k' : random.pick(['bob-l', 'dora-k']);
  const left = Math.max(1, between(clock.now(), deadline));
  const how = random.pick(['late', 'unheard', 'unjudged']);
  if (how === 'late') {
    await simulation.wait(Math.max(1, left - 30_000));
    simulation.crash('killed');
    await clock.advance(random.between(30_100, 60_000));
    speak(simulation, issue, name, 'approve', { also: because });
  } else {
    await simulation.wait(Math.max(1, left - random.between(100, 30_000)));
    if (how === 'unjudged') around.weather.down.add('people');
    speak(simulation, issue, name, 'approve', { also: because, isLost: how === 'unheard' });
  }
  await simulation.pass(1, 20_000);
  await simulation.wait(minutes(1));
  around.weather.down.delete('people');
  await simulation.wait(minutes(2));
}

async function deadlineOf(simulation: Simulation, { number }: Issue): Promise<Instant | undefined> {
  const request = (await simulation.requests()).find(({ thread }) => thread?.issue === number);
  return request?.phase.status === 'pending' ? request.phase.lapseAt : undefined;
}

/** The flow asks more, or drops its rules, or has a new one, while people decide. */
export async function changeUnderway(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  const how = random.pick(['stricter', 'stricter', 'frozen', 'dropped', 'there and back', 'there and back']);
  const isBack = how === 'there and back';
  const flow = isBack
    ? 'repository'
    : how === 'dropped'
      ? 'hotfix'
      : random.pick(['deploy', 'hotfix', 'quick', 'repository']);
  const name = isBack ? 'ann-o' : random.pick(['ann-o', 'bob-l']);
  restore(town, clock.now());
  const issue = askFor(simulation, flow, name);
  await rest(simulation);
  const change = (version: Version): void => {
    setFlow(town, flow, flowAt(flow, version), clock.now());
    simulation.note(`The flow ${flow}: ${version}`);
  };
  const person = personOf(town, name);
  if (how === 'frozen' && person) join(town, 'team:acme/frozen', person, clock.now());
  change(how === 'frozen' ? 'c4' : how === 'dropped' ? 'c3' : 'c2');
  await simulation.wait(certain);
  const say = (names: readonly string[]): void => {
    for (const each of names) speak(simulation, issue, each, 'approve', { also: because });
  };
  // What a rule stood for is asked of people again.
  if (how === 'dropped') say(['max-p']);
  else if (isBack) say(['bob-l', 'dora-k']);
  else decide(simulation, issue);
  await rest(simulation);
  // Those who had spoken say it again, which is enough by now.
  if (isBack) {
    change('c1');
    await simulation.wait(certain);
    say(['bob-l', 'dora-k']);
    await simulation.pass(1, 20_000);
  }
  if (how === 'frozen' && person) leave(town, 'team:acme/frozen', person, clock.now());
}

/** Nobody can look up what a rule asks just when they are asked; then everybody can. */
export async function askInDoubt(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  const name = random.pick(['ann-o', 'ann-o', 'bob-l']);
  const person = personOf(town, name);
  const team = random.pick(['team:acme/barred', 'team:acme/barred', 'team:acme/on-call']);
  const isIn = !random.oneIn(3);
  restore(town, clock.now());
  if (person) (isIn ? join : leave)(town, team, person, clock.now());
  await simulation.wait(certain);
  town.unlisted.add(team);
  const issue = askFor(simulation, random.pick(['deploy', 'hotfix']), name);
  await rest(simulation);
  if (!random.oneIn(3)) {
    if (!random.oneIn(3)) decide(simulation, issue);
    else
      speak(simulation, issue, 'max-p', 'approve', {
        also: { ...somethingMore(simulation, 'approve'), as: 'admin' },
      });
    await simulation.pass(1, 20_000);
  }
  town.unlisted.delete(team);
  await simulation.wait(1000);
  decide(simulation, issue);
  await rest(simulation);
  if (person) leave(town, 'team:acme/barred', person, clock.now());
}

/** Decisions come quickly, and the ledger takes none of them for a while. */
export async function decideWithoutLedger(simulation: Simulation): Promise<void> {
  const { random, around, town, clock } = simulation;
  restore(town, clock.now());
  const issue = askFor(simulation, 'repository', 'ann-o');
  await rest(simulation);
  around.weather.down.add('ledger');
  for (const name of random.pick([
    ['bob-l', 'dora-k'],
    ['dora-k', 'bob-l'],
  ])) {
    speak(simulation, issue, name, 'approve', { also: because });
    await simulation.wait(random.between(200, 4000));
  }
  await simulation.pass(random.between(2, 5), 20_000);
  around.weather.down.delete('ledger');
  await rest(simulation);
}

/** Nobody whose step it is is awake: an admin does it, or somebody made one for the night, or somebody who is none. */
export async function standInAtNight(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  restore(town, clock.now());
  const own = random.pick(['ann-o', 'bob-l']);
  const issue = askFor(simulation, random.pick(['repository', 'deploy', 'hotfix', 'migration']), own);
  await rest(simulation);
  const name = random.pick(['max-p', 'max-p', own, 'bob-l', 'dora-k']);
  const person = personOf(town, name);
  // An admin whose own step it is would not stand in for it.
  if (random.oneIn(2)) leave(town, 'team:acme/security', 'max', clock.now());
  if (person && random.oneIn(2)) join(town, 'role:admin', person, clock.now());
  const also = { ...(random.oneIn(6) ? {} : because), as: 'admin' } as const;
  speak(simulation, issue, name, 'approve', { also });
  await rest(simulation);
  if (random.oneIn(2)) decide(simulation, issue);
}

/** Access is ended while the target cannot be reached: before it was there, or after. */
export async function endWithoutTarget(simulation: Simulation): Promise<void> {
  const { random, around, town, clock } = simulation;
  restore(town, clock.now());
  const { down } = around.weather;
  const isThere = random.oneIn(2);
  const issue = askFor(simulation, random.pick(['quick', 'deploy', 'repository']), 'ann-o');
  await rest(simulation);
  if (!isThere) down.add('target');
  for (const name of ['bob-l', 'dora-k']) speak(simulation, issue, name, 'approve', { also: because });
  await rest(simulation);
  down.add('target');
  speak(simulation, issue, random.pick(['ann-o', 'max-p']), 'revoke', { also: because });
  await rest(simulation);
  down.delete('target');
  await rest(simulation);
}
