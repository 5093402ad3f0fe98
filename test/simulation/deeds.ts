// What may happen next in the town: people ask and decide, admins change things, strangers meddle, machines fail.
import { requestId } from '../../src/domain/names.ts';
import { openMatter } from '../../src/domain/request.ts';
import { minutes } from '../../src/domain/duration.ts';
import { type Simulation } from './history.ts';
import { flowAt } from './town-flows.ts';
import {
  join,
  leave,
  levels,
  link,
  names,
  rank,
  setFlow,
  theDesk,
  type Also,
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
    prolong,
    askForMore,
    standIn,
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
    prolong,
    askForMore,
    standIn,
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
  lasting: [
    prolong,
    prolong,
    prolong,
    prolong,
    prolong,
    standIn,
    standIn,
    decideWell,
    say,
    fail,
    changePeople,
    changePeople,
    changeFlow,
  ],
  stormy: [
    ask,
    ask,
    decideWell,
    decideWell,
    prolong,
    askForMore,
    standIn,
    say,
    fail,
    meddle,
    meddle,
    storm,
    storm,
  ],
} as const;
export const climates = ['busy', 'busy', 'troubled', 'lasting', 'lasting', 'lasting', 'stormy'] as const;
export type Climate = (typeof climates)[number];

export async function act(simulation: Simulation): Promise<void> {
  const { random, around, climate } = simulation;
  // In most climates an outage passes before the next one comes.
  if (climate !== 'stormy' && random.oneIn(2)) around.weather.down.clear();
  await random.pick(deeds[climate])(simulation);
}

const durations: { readonly [flow: string]: readonly string[] | undefined } = {
  repository: ['30m', '1h', 'until-revoked'],
  deploy: ['45m', '90m'],
  hotfix: ['30m', '1h'],
};

async function ask(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  const flow = random.pick(['repository', 'quick', 'quick', 'migration', 'deploy', 'deploy', 'hotfix']);
  askFor(simulation, flow, random.pick(['ann-o', 'ann-o', 'ann-o', 'bob-l', 'dora-k', 'eve-s']));
}

function askFor(simulation: Simulation, flow: string, name: string): Issue {
  const { town, random } = simulation;
  const target = flow === 'repository' ? { target: random.pick(['read', 'write', 'admin']) } : {};
  const choices = durations[flow];
  const duration = choices && random.oneIn(2) ? { duration: random.pickSome(choices) ?? '30m' } : {};
  const issue: Issue = { number: town.issues.length + 1, comments: [], messages: [] };
  town.issues.push(issue);
  speak(simulation, issue, name, 'request', { form: { flow, ...target, ...duration } });
  return issue;
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
    'extend',
  ]);
  const name = command === 'cancel' ? 'ann-o' : random.pick([...names]);
  speak(simulation, issue, name, command, { also: somethingMore(simulation, command) });
}

/** Most say why; a few want it shorter than it was asked for, or longer. */
function somethingMore({ random }: Simulation, command: Comment['command']): Also {
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

/** Access that is there is to last longer; those who may decide that mostly hear of it. */
async function askForMore(simulation: Simulation): Promise<void> {
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
  if (random.oneIn(8))
    speak(simulation, issue, random.pick(['bob-l', 'ann-o']), random.pick(['deny', 'revoke']));
  else decide(simulation, issue);
}

/** Access for a while, and then for a while more, and more. */
async function prolong(simulation: Simulation): Promise<void> {
  const { random } = simulation;
  const issue = askFor(
    simulation,
    random.pick(['quick', 'deploy', 'hotfix']),
    random.pick(['ann-o', 'bob-l']),
  );
  await simulation.pass(1, 20_000);
  decide(simulation, issue);
  for (let more = random.between(1, 3); more > 0; more -= 1) {
    for (let beats = 4; beats > 0 && !(await isActive(simulation, issue)); beats -= 1)
      await simulation.pass(1);
    if (!(await isActive(simulation, issue))) return;
    await askForMoreOn(simulation, issue);
  }
}

async function isActive(simulation: Simulation, { number }: Issue): Promise<boolean> {
  const requests = await simulation.requests();
  return requests.some(({ phase, thread }) => phase.status === 'active' && thread?.issue === number);
}

/** Those whose step it is are asleep. */
async function standIn(simulation: Simulation): Promise<void> {
  const { random, town } = simulation;
  const open = (await simulation.requests()).filter((request) => openMatter(request) !== undefined);
  const { thread } = random.pickSome(open) ?? {};
  const issue = thread ? town.issues[thread.issue - 1] : random.pickSome(town.issues.slice(-5));
  if (issue === undefined) return;
  const also = { ...somethingMore(simulation, 'approve'), as: 'admin' as const };
  const own = issue.comments[0]?.name ?? 'ann-o';
  const name = random.oneIn(4) ? random.pick([own, ...names]) : 'max-p';
  speak(simulation, issue, name, 'approve', { also });
  if (random.oneIn(2)) decide(simulation, issue);
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
} as const;
type FlowName = keyof typeof ready;

function isFlowName(flow: string | undefined): flow is FlowName {
  return flow !== undefined && flow in ready;
}

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
  const issue = simulation.random.pickSome(simulation.town.issues.slice(-4));
  if (issue) decide(simulation, issue);
}

function decide(simulation: Simulation, issue: Issue): void {
  const { town, random } = simulation;
  const flow = issue.comments[0]?.form?.flow;
  if (!isFlowName(flow)) return;
  const also = (): { also: Also } => ({ also: random.oneIn(4) ? somethingMore(simulation, 'approve') : why });
  for (const people of ready[flow]) speak(simulation, issue, random.pick(people), 'approve', also());
  // What is asked by now, and was not asked when the request was made.
  if (town.flows.get(flow)?.ref.commit === 'c2' && random.oneIn(2))
    speak(simulation, issue, 'max-p', 'approve', also());
  if (flow === 'quick' && random.oneIn(3)) speak(simulation, issue, 'max-p', 'approve', also());
}

const why: Also = { message: 'Because.' };

function speak(
  simulation: Simulation,
  issue: Issue,
  name: string,
  command: Comment['command'],
  { form, also }: Pick<Comment, 'form' | 'also'> = {},
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
    `${name} says ${command} ${form ? `${form.flow} ${form.target ?? ''} ${form.duration ?? ''} ` : ''}${also ? `${JSON.stringify(also)} ` : ''}on #${issue.number} (${comment.ref})`,
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
  } else if (random.oneIn(2)) leave(town, group, person, now);
  else join(town, group, person, now);
}

async function changeFlow(simulation: Simulation): Promise<void> {
  const { random, town, clock } = simulation;
  const name = random.pick(['repository', 'quick', 'migration', 'deploy', 'deploy', 'hotfix']);
  const change = random.pick(['c1', 'c1', 'c2', 'c2', 'c2', 'c3', 'c4', 'removed']);
  setFlow(town, name, change === 'removed' ? undefined : flowAt(name, change), clock.now());
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
