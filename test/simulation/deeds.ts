// What may happen next in the town: people ask and decide, admins change things, strangers meddle, machines fail.
import { requestId } from '../../src/domain/names.ts';
import { type Simulation } from './history.ts';
import {
  join,
  leave,
  levels,
  link,
  names,
  originalFlow,
  rank,
  setFlow,
  stricter,
  theDesk,
  type Comment,
  type Issue,
} from './town.ts';

/** Each as often as it stands here. Some histories are about people, some about machines that fail. */
const deeds = {
  busy: [
    askAndDecide,
    askAndDecide,
    ask,
    ask,
    ask,
    ask,
    decideWell,
    decideWell,
    decideWell,
    decideWell,
    decideWell,
    say,
    say,
    fail,
    changePeople,
    changeStanding,
    changeFlow,
  ],
  troubled: [
    askAndDecide,
    askAndDecide,
    ask,
    ask,
    ask,
    decideWell,
    decideWell,
    decideWell,
    say,
    say,
    fail,
    fail,
    meddle,
    changePeople,
    changeFlow,
    changeStanding,
    storm,
  ],
  stormy: [ask, ask, decideWell, decideWell, say, fail, meddle, meddle, storm, storm],
} as const;
export const climates = ['busy', 'busy', 'troubled', 'troubled', 'stormy'] as const;
export type Climate = (typeof climates)[number];

export async function act(simulation: Simulation): Promise<void> {
  const { random, around, climate } = simulation;
  // In most climates an outage passes before the next one comes.
  if (climate !== 'stormy' && random.oneIn(2)) around.weather.down.clear();
  await random.pick(deeds[climate])(simulation);
}

async function ask(simulation: Simulation): Promise<void> {
  const { town, random } = simulation;
  const flow = random.pick(['repository', 'quick', 'quick', 'migration']);
  const target = flow === 'repository' ? { target: random.pick(['read', 'write', 'admin']) } : {};
  const duration =
    flow === 'repository' && random.oneIn(2) ? { duration: random.pick(['30m', '1h', 'until-revoked']) } : {};
  const issue: Issue = { number: town.issues.length + 1, comments: [], messages: [] };
  town.issues.push(issue);
  speak(simulation, issue, random.pick(['ann-o', 'ann-o', 'ann-o', 'bob-l', 'dora-k', 'eve-s']), 'request', {
    flow,
    ...target,
    ...duration,
  });
}

async function say(simulation: Simulation): Promise<void> {
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
  ]);
  speak(simulation, issue, command === 'cancel' ? 'ann-o' : random.pick([...names]), command);
}

const ready = {
  repository: [
    ['bob-l', 'dora-k'],
    ['max-p', 'dora-k'],
  ],
  quick: [['dora-k', 'bob-l']],
  migration: [['bob-l'], ['dora-k']],
} as const;

/** A quick one, with whoever is awake; now and then they have second thoughts at once. */
async function askAndDecide(simulation: Simulation): Promise<void> {
  const { town, random } = simulation;
  await ask(simulation);
  await simulation.pass();
  await decideWell(simulation);
  const issue = town.issues.at(-1);
  if (issue && random.oneIn(3)) speak(simulation, issue, random.pick(['ann-o', 'max-p']), 'revoke');
}

/** Those who may, do: a grant is likely to come of it. */
async function decideWell(simulation: Simulation): Promise<void> {
  const { town, random } = simulation;
  const issue = random.pickSome(town.issues.slice(-4));
  const flow = issue?.comments[0]?.form?.flow;
  if (issue === undefined || (flow !== 'repository' && flow !== 'quick' && flow !== 'migration')) return;
  for (const people of ready[flow]) speak(simulation, issue, random.pick(people), 'approve');
  // What the flow asks by now, and the request did not ask when it was made.
  if (town.flows.get(flow)?.ref.commit === 'c2' && random.oneIn(2))
    speak(simulation, issue, 'max-p', 'approve');
}

function speak(
  simulation: Simulation,
  issue: Issue,
  name: string,
  command: Comment['command'],
  form?: Comment['form'],
): void {
  const comment: Comment = {
    ref: simulation.mintRef(),
    name,
    at: simulation.clock.now(),
    command,
    isEdited: false,
    ...(form && { form }),
  };
  issue.comments.push(comment);
  simulation.note(
    `${name} says ${command} ${form ? `${form.flow} ${form.target ?? ''} ${form.duration ?? ''} ` : ''}on #${issue.number}`,
  );
  simulation.deliver(issue, comment);
}

async function fail(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  simulation.crash(
    !simulation.isDiverged && random.oneIn(6) ? 'disk-lost' : random.pick(['killed', 'power-cut']),
  );
}

async function meddle(simulation: Simulation): Promise<void> {
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

async function changePeople(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  const now = clock.now();
  const [person, group] = [
    random.pick(['ann', 'bob', 'dora', 'max']),
    random.pick(['team:acme/data', 'team:acme/security']),
  ];
  if (random.oneIn(3)) {
    const name = random.pick(['dora-k', 'eve-s', 'max-p']);
    const linked = random.pick(['ann', 'bob', 'dora', 'max', 'nobody']);
    link(town, name, linked === 'nobody' ? undefined : linked, now);
    simulation.note(`${name} is now linked to ${linked}`);
  } else if (random.oneIn(2)) leave(town, group, person, now);
  else join(town, group, person, now);
}

async function changeFlow(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  const name = random.pick(['repository', 'quick', 'migration']);
  const flow = originalFlow(name);
  if (flow === undefined) return;
  const change = random.pick(['restore', 'restore', 'tighten', 'tighten', 'tighten', 'remove']);
  const next = change === 'remove' ? undefined : change === 'tighten' ? stricter(flow) : flow;
  setFlow(town, name, next, clock.now());
  simulation.note(`The flow ${name}: ${change}`);
}

/** Access for good may come while nothing of ours is live there: then it is known whose doing it is. */
async function changeStanding(simulation: Simulation): Promise<void> {
  const { random, town } = simulation;
  const account = random.pick(['toy:ann', 'toy:bob']);
  const level = random.pick(['read', 'write']);
  const isOurs = (await simulation.requests()).some(
    ({ phase, requester }) =>
      'grant' in phase || (phase.status === 'approved' && account === `toy:${requester.person}`),
  );
  if (isOurs || simulation.store === undefined || town.holdings.has(account) || rank(level) < 0) return;
  town.holdings.set(account, level);
  town.standing.set(account, level);
  simulation.note(`${account} is given ${level} for good (of ${levels.length} levels)`);
}

async function storm(simulation: Simulation): Promise<void> {
  const { random, around } = simulation;
  const place = random.pick(['ledger', 'target', 'people', 'flows', 'surface']);
  if (around.weather.down.has(place)) around.weather.down.delete(place);
  else around.weather.down.add(place);
  simulation.note(`${place} is ${around.weather.down.has(place) ? 'down' : 'up again'}`);
}
