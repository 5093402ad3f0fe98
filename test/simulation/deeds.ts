// What may happen next in the town: people ask and decide, admins change things, strangers meddle, machines fail.
import { dieInBetween, endIt, runIt, runLate } from './action-deeds.ts';
import type { Simulation } from './history.ts';
import { ask, askAndDecide, askForMore, decideWell, prolong, say, standIn } from './people-deeds.ts';
import {
  askInDoubt,
  changeUnderway,
  decideWithoutLedger,
  endWithoutTarget,
  speakAtTheLast,
  standInAtNight,
} from './situations.ts';
import { changeFlow, changePeople, changeStanding, fail, meddle, storm } from './trouble.ts';
import { changeForGood, dieWithIt, goWithout, grantIt, overlap } from './served-deeds.ts';
import { againInDebt, breakGlass, goOnOrEnd, reviewIt, urgentInDoubt } from './urgent-deeds.ts';
import { peopleAreUnreadable, somebodyLeaves } from './leaving-deeds.ts';
import type { Roughness } from './weather.ts';

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
  changing: [
    changeUnderway,
    changeUnderway,
    changeUnderway,
    askInDoubt,
    askInDoubt,
    askInDoubt,
    decideWell,
    changePeople,
  ],
  nightly: [standInAtNight, standInAtNight, standInAtNight, standIn, standIn, askAndDecide, changePeople],
  pressing: [
    speakAtTheLast,
    speakAtTheLast,
    decideWithoutLedger,
    decideWithoutLedger,
    endWithoutTarget,
    endWithoutTarget,
    say,
    fail,
  ],
  urgent: [
    breakGlass,
    breakGlass,
    breakGlass,
    reviewIt,
    reviewIt,
    reviewIt,
    againInDebt,
    urgentInDoubt,
    urgentInDoubt,
    urgentInDoubt,
    goOnOrEnd,
    goOnOrEnd,
    fail,
    changePeople,
  ],
  running: [runIt, runIt, runIt, runLate, runLate, endIt, endIt, dieInBetween, fail],
  leaving: [
    somebodyLeaves,
    somebodyLeaves,
    somebodyLeaves,
    askAndDecide,
    askAndDecide,
    ask,
    decideWell,
    prolong,
    peopleAreUnreadable,
    say,
    fail,
  ],
  served: [grantIt, overlap, overlap, changeForGood, changeForGood, changeForGood, dieWithIt, goWithout],
  coded: [ask, askAndDecide, askAndDecide, askAndDecide, decideWell, prolong, standIn, say, say, fail, fail],
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
export const climates = [
  'busy',
  'troubled',
  'lasting',
  'lasting',
  'changing',
  'nightly',
  'pressing',
  'stormy',
] as const;
/** Each of its own accord: what chance draws stays as it was. */
export const allClimates = [...new Set(climates), 'urgent', 'running', 'leaving', 'coded', 'served'] as const;
export type Climate = (typeof allClimates)[number];

const mild: Roughness = { diesOnceIn: 500, failing: 3, lateOnceIn: 2, slowMs: 40_000 };
const rough: Roughness = { ...mild, diesOnceIn: 120, failing: 7 };
/** What matters then is that it comes together. */
const prompt: Roughness = { ...mild, lateOnceIn: 10 };
export const roughness: { readonly [climate in Climate]: Roughness } = {
  busy: mild,
  lasting: prompt,
  changing: prompt,
  nightly: prompt,
  pressing: prompt,
  urgent: prompt,
  running: { ...prompt, failing: 6 },
  leaving: prompt,
  coded: prompt,
  // What was one call is several there.
  served: { diesOnceIn: 300, failing: 3, lateOnceIn: 20, slowMs: 8000 },
  troubled: rough,
  stormy: rough,
};

/** How many there are in a history; a moment that matters is several deeds by itself. */
export function howMany(climate: Climate): readonly [low: number, high: number] {
  if (climate === 'served') return [3, 6];
  const isOfMoments = ['changing', 'nightly', 'pressing', 'running'].includes(climate);
  return isOfMoments ? [4, 8] : [9, 22];
}

export async function act(simulation: Simulation): Promise<void> {
  const { random, around, climate } = simulation;
  // In most climates an outage passes before the next one comes.
  if (climate !== 'stormy' && random.oneIn(2)) around.weather.down.clear();
  await random.pick(deeds[climate])(simulation);
}
