// The real process, killed at random moments of a day in the sandbox: nothing is lost, doubled or left standing.
import { expect, test } from 'vitest';
import { createRandom, type Random } from '../simulation/random.ts';
import { furnish, scenes, shortFlows } from './day.ts';
import { findings, problemsOfRequests, secretsIn } from './findings.ts';
import { openHouse, untilQuiet, type House } from './house.ts';
import { problemsOfClone } from './ledger-view.ts';
import { createStage, ourComments, ourIssues, type Stage } from './stage.ts';
import { liveAndDie, misbehave, seedsOfTheDay } from './trouble.ts';
import { pause, until } from './until.ts';

const leastKills = 12;
/** By then it may live, so that a slow machine sees the end of the day too. */
const mostKills = 30;
/** As long as the app may be dead or starting: what a scene waits for may come in a late life. */
const patienceMs = 500_000;
/** Two scenes begin in each life: at any moment several are under way. */
const scenesInALife = 2;

test.each(seedsOfTheDay([1]))(
  'a day during which the app is killed again and again leaves nothing lost, doubled or standing (KILL_SEED=%i)',
  { timeout: 600_000 },
  async (seed) => {
    const house = await openHouse({ flows: shortFlows, seed });
    try {
      await liveThroughTheDay(house, seed);
    } finally {
      await house.close();
    }
  },
);

async function liveThroughTheDay(house: House, seed: number): Promise<void> {
  const { sandbox } = house;
  const random = createRandom(seed);
  const stage = createStage(sandbox, patienceMs);
  furnish(stage);
  const before = sandbox.holdings();
  misbehave(sandbox);
  const deaths: string[] = [];
  const day = playAll(stage, random, () => deaths.length);
  const left = (): readonly string[] => [...day.troubles, ...findings(stage, before)];
  const isOver = (): boolean => day.open.size === 0 && left().length === 0;
  while (deaths.length < leastKills || (!isOver() && deaths.length < mostKills))
    deaths.push(await liveAndDie(house, random));

  // From here on it lives: what went astray while it was dead is found at its start.
  sandbox.faults.clear();
  await sandbox.settled();
  const last = house.start();
  await day.played;
  await until('the day to be over', isOver).catch(() => undefined);
  expect(left(), [...deaths, house.log().slice(-4000)].join('\n')).toEqual([]);

  await last.end('SIGKILL');
  await beginsQuietly(house, stage);
  expect(left()).toEqual([]);
  expect(await problemsOfClone(sandbox, house.folder)).toEqual([]);
  expect(sandbox.ledgerLog().filter(({ verified }) => !verified)).toEqual([]);
  expect(problemsOfRequests(sandbox)).toEqual([]);
  expect(secretsIn(house.log(), sandbox)).toEqual([]);
}

interface Day {
  /** The scenes that are not over yet. */
  readonly open: ReadonlySet<string>;
  /** What went wrong in a scene. */
  readonly troubles: readonly string[];
  readonly played: Promise<unknown>;
}

function playAll(stage: Stage, random: Random, lives: () => number): Day {
  const open = new Set(scenes.map(({ name }) => name));
  const troubles: string[] = [];
  const plays = scenes.map(async ({ name, play }, index) => {
    const delay = random.between(0, 400);
    try {
      await stage.until(`the life of “${name}”`, () => lives() >= Math.floor(index / scenesInALife));
      await pause(delay);
      await play(stage);
    } catch (error) {
      troubles.push(`${name}: ${String(error)}`);
    } finally {
      open.delete(name);
    }
  });
  return { open, troubles, played: Promise.all(plays) };
}

/** Where nothing is owed, a start says nothing and records nothing of a request. */
async function beginsQuietly(house: House, { ledger, sandbox }: Stage): Promise<void> {
  // The issue of errors is written anew as things happen; what is said of requests is not.
  const spoken = (): readonly unknown[] => [
    ...ourComments(sandbox),
    ...ourIssues(sandbox).filter(({ marker }) => marker?.startsWith('thread:')),
  ];
  const [words, entries] = [spoken(), ledger.entries().length];
  const asked = sandbox.requests.length;
  await house.start().listens();
  await until('the deliveries to be swept', () =>
    sandbox.requests.slice(asked).some(({ path }) => path.startsWith('/app/hook/deliveries')),
  );
  await untilQuiet(house);
  expect(spoken()).toEqual(words);
  expect(ledger.entries().length).toBe(entries);
}
