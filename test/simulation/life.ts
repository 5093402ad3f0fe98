// One life of the app: the real engine on the real store, with the town behind every port and weather in between.
import { noOptions } from '../builders/options.ts';
import { silentCode } from '../builders/code.ts';
import type { Voice } from '../../src/domain/commands.ts';
import type { Refusal } from '../../src/domain/refusals.ts';
import type { Request } from '../../src/domain/request.ts';
import type { Destination, RequestId } from '../../src/domain/names.ts';
import { doorOf } from '../../src/domain/routes.ts';
import { createHeart, type Heart } from '../../src/engine/heart.ts';
import { Failure } from '../../src/engine/ports/failure.ts';
import type { Actions } from '../../src/engine/ports/actions.ts';
import type { Clock, Ids } from '../../src/engine/ports/clock.ts';
import type { Directory, Roster } from '../../src/engine/ports/directory.ts';
import type { Flows } from '../../src/engine/ports/flows.ts';
import type { Ledger, LedgerScribe } from '../../src/engine/ports/ledger.ts';
import type { Log } from '../../src/engine/ports/log.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import type { Shown, Surface } from '../../src/engine/ports/surface.ts';
import { broken } from './broken.ts';
import type { RefusedAttempt } from './judge-desk.ts';
import { checkBeforeAction } from './judge-actions.ts';
import { checkBeforeShown } from './judge.ts';
import type { MemoryBranch } from './memory-ledger.ts';
import type { Served } from './served.ts';
import {
  commandOf,
  everybody,
  flowAnswer,
  isOnSlack,
  personOf,
  theDesk,
  type Issue,
  type Message,
  type Town,
} from './town.ts';
import type { TownCode } from './town-code.ts';
import { toyTargetOf } from './toy-target.ts';
import type { Life, Weather } from './weather.ts';

export interface Surroundings {
  readonly town: Town;
  /** Where the flows of the town have code. */
  code?: TownCode;
  /** Where the target is a real service. */
  served?: Served;
  readonly branch: MemoryBranch;
  readonly weather: Weather;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly scribe: LedgerScribe;
  readonly note: (sentence: string) => void;
  readonly mintRef: () => string;
  /** Signed ids of what the app took: whoever said it was told so. */
  readonly acked: Set<string>;
  /** Signed ids of what was refused, and said so. */
  readonly answered: Set<string>;
  /** Those of them that asked for something. */
  readonly refusedAttempts: RefusedAttempt[];
}

export function createLife(life: Life, store: Store, around: Surroundings): Heart {
  const ledger = ledgerOf(life, around);
  const heart: Heart = createHeart({
    clock: around.clock,
    ids: around.ids,
    log: around.log,
    scribe: around.scribe,
    store,
    ledger: () => ledger,
    directory: directoryOf(life, around),
    flows: flowsOf(life, around),
    access: around.served?.of(life) ?? toyTargetOf(life, around),
    options: noOptions,
    actions: actionsOf(life, around),
    roster: rosterOf(life, around),
    code: around.code?.of(life) ?? silentCode,
    surface: surfaceOf(life, around, () => heart),
    desks: [theDesk],
  });
  return heart;
}

function ledgerOf(life: Life, { branch, weather, note }: Surroundings): Ledger {
  const { ledger } = branch;
  return {
    head: () => weather.call(life, 'ledger head', ledger.head),
    begin: () => weather.call(life, 'ledger begin', ledger.begin),
    append: (commit, expected) =>
      weather.call(life, 'ledger append', async () => {
        const answer = await ledger.append(commit, expected);
        if ('head' in answer && branch.isForged)
          broken(7, 'The ledger was written to after a stranger had touched its entries.');
        note('head' in answer ? `ledger: ${commit.subject}` : 'ledger: the head has moved');
        return answer;
      }),
    since: (head) => weather.call(life, 'ledger since', () => ledger.since(head)),
    read: (head) => ledger.read(head),
  };
}

function directoryOf(life: Life, { town, weather }: Surroundings): Directory {
  return {
    person: (_desk, account) => weather.call(life, 'people person', () => personOf(town, account)),
    async belongs(_desk, person, group) {
      if (town.unlisted.has(group)) return { unknown: 'GitHub does not show it.' };
      try {
        return await weather.call(life, 'people belongs', () => town.teams.get(group)?.has(person) ?? false);
      } catch {
        return { unknown: 'GitHub does not answer.' };
      }
    },
  };
}

/** Only of who has gone is anybody asked: what chance draws for the others stays as it was. */
function rosterOf(life: Life, { town, weather }: Surroundings): Roster {
  const isNamed = (person: string): boolean => town.teams.get(everybody)?.has(person) ?? false;
  return {
    async isHere(_desk, person, account) {
      if (weather.down.has('people')) throw new Failure('people.yml cannot be read.', { transient: true });
      if (isNamed(person)) return true;
      return weather.call(life, 'people roster', () => {
        const now = account && personOf(town, account);
        return now ? isNamed(now) : false;
      });
    },
  };
}

function flowsOf(life: Life, { town, weather }: Surroundings): Flows {
  return {
    async current(_desk, name) {
      try {
        return await weather.call(life, 'flows current', () => flowAnswer(town, name));
      } catch {
        return { missing: 'unavailable', why: 'GitHub does not answer.' };
      }
    },
    list: async () => [...town.flows.values()],
    risks: async () => [],
  };
}

/** Whatever runs after an approval: told twice by the same key, it does it once. Some of it never works. */
function actionsOf(life: Life, { town, branch, weather, clock, note }: Surroundings): Actions {
  return {
    run: (call) =>
      weather.call(life, `action ${call.action.name}`, async () => {
        if (!(await call.isWanted())) throw new Failure('It is not wanted any more.', { transient: true });
        const { request, index } = checkBeforeAction(branch, town, call, clock.now());
        if (/[0-3]$/.test(request)) throw new Failure('It never works.', { transient: false });
        town.ran.set(call.key, { request, index });
        note(`action: ${call.action.name} for ${request}`);
        return { recorded: { key: call.key } };
      }),
  };
}

function surfaceOf(life: Life, around: Surroundings, heart: () => Heart): Surface {
  const { town, branch, weather, clock, mintRef } = around;
  const issueOf = ({ id, thread }: Request): Issue =>
    town.issues[(thread?.issue ?? 0) - 1] ?? broken(9, `There is no issue of ${id}.`);

  /** As the real surface: what was said before is found by its marker. */
  function say(messages: Message[], marker: string, shows: string, ref: string | undefined): string {
    const known = messages.find((message) =>
      ref === undefined ? message.marker === marker : message.ref === ref,
    );
    if (known) {
      known.shows = shows;
      return known.ref;
    }
    const made = { ref: mintRef(), marker, shows };
    messages.push(made);
    return made.ref;
  }

  return {
    openThread: () => broken(9, 'Every request of this town has its own issue.'),
    showCard: (request, to, { known, latest }) =>
      weather.call(life, doorOf(to) === 'slack' ? 'slack card' : 'surface card', async () => {
        checkBeforeShown(branch, request);
        const now = await latest();
        checkBeforeShown(branch, now);
        if (doorOf(to) === 'slack')
          return onSlack(to, say(town.slack, `card ${to} ${request.id}`, shown(now), known?.ref));
        const { messages } = issueOf(request);
        return shownOn(request, say(messages, `card ${request.id}`, shown(now), known?.ref));
      }),
    sendNotice: (request, { notice, to }) =>
      weather.call(life, doorOf(to) === 'slack' ? 'slack notice' : 'surface notice', () => {
        checkBeforeShown(branch, request);
        if (doorOf(to) === 'slack')
          return onSlack(to, say(town.slack, `${notice} ${to} ${request.id}`, notice, undefined));
        return shownOn(request, say(issueOf(request).messages, `${notice} ${request.id}`, notice, undefined));
      }),
    answer: (command, refusal) =>
      weather.call(life, 'surface answer', () => {
        if (!('voice' in command)) return;
        around.answered.add(command.voice.ref);
        if (refusal.code === 'desk-frozen') town.turnedAway.set(command.voice.name, clock.now());
        if (command.type === 'request')
          around.refusedAttempts.push(attemptOf(command.voice, refusal, around));
        around.note(`answer to ${command.voice.name}: ${refusal.code}`);
      }),
    async reread(request) {
      const issue = issueOf(request);
      const comments = await weather.call(life, 'surface reread', () => [...issue.comments]);
      for (const comment of comments)
        if (!comment.isEdited && !isOnSlack(comment.name)) await bring(life, around, heart(), issue, comment);
    },
  };
}

function shownOn({ id, thread }: Request, ref: string): Shown {
  return { thread: thread ?? broken(9, `${id} has no issue.`), ref };
}

function onSlack(to: Destination, ref: string): Shown {
  return { thread: { surface: 'slack', workspace: 'T07ACME00', channel: to, message: ref }, ref };
}

function attemptOf({ ref, name, at }: Voice, { code }: Refusal, { clock }: Surroundings): RefusedAttempt {
  return { ref, name, code, saidAt: at, answeredAt: clock.now() };
}

export function shown(request: Request): string {
  return `${request.phase.status} ${request.visibleSeq}`;
}

/** A webhook arrives, or the same is found by reading: the real surface translates both the same way. */
export async function bring(
  life: Life,
  around: Surroundings,
  heart: Heart,
  issue: Issue,
  comment: Issue['comments'][number],
): Promise<void> {
  await around.weather.edge(life, 'before accept');
  const command = commandOf(comment, issue);
  let about: RequestId | undefined;
  if (command.type !== 'request') {
    about = await heart.reception.requestOf({
      surface: 'github',
      repository: 'acme/access',
      issue: issue.number,
    });
    // Its own delivery may be late or lost: the real surface reads the issue then.
    const [first] = issue.comments;
    if (about === undefined && first?.command === 'request' && !first.isEdited)
      about = (await heart.reception.accept(commandOf(first, issue))).request;
    if (about === undefined) return;
  }
  await heart.reception.accept(command, about);
  around.acked.add(comment.ref);
  await around.weather.edge(life, 'after accept');
}
