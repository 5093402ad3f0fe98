// The script of the past: two weeks of acts in order, made from a seed, so that every sandbox begins with the same days.
import type { Chance, Life } from './asks.ts';
import { lifeOf, mix, type LifeKind } from './lives.ts';
import { present } from './present.ts';
import { seededRandom } from '../faults.ts';

export const pastDays = 14;
const minutesOfPast = pastDays * 24 * 60;

export type Act = {
  /** Seconds after the beginning. */
  readonly at: number;
  /** Which life it belongs to: its place in the script. */
  readonly life: number;
} & (
  | { readonly do: 'ask'; readonly asked: Life }
  | { readonly do: 'say'; readonly who: string; readonly text: string | null }
);

export interface Script {
  readonly acts: readonly Act[];
  readonly lives: number;
  /** The first act of what a visitor finds: whoever is in a hurry begins here. */
  readonly presentAt: number;
}

const seed = 4711;
/** People look at their requests at certain times: acts come together, which is also what makes the past quick to play. */
const roundMinutes = 40;
const spreadSeconds = 22;
/** Everything but the present is over by the end: an access, a closed issue, and what takes a day to lapse. */
const calmBeforeEnd = { most: 20 * 60, unanswered: 50 * 60 } as const;
const requesters = [
  'ann-o',
  'lena-f',
  'kofi-m',
  'ines-c',
  'priya-r',
  'anastasia-papadopoulou',
  'bob-l',
] as const;

/** Times of day are UTC. */
export function scriptOf(beganAt: Date): Script {
  const chance = chanceOf(seededRandom(seed));
  const kinds = Object.entries(mix).flatMap(([kind, times]) => Array.from({ length: times }, () => kind));
  const lives = shuffled(kinds.filter(isKind), chance)
    .map((kind) => ({
      life: lifeOf(kind, chance, chance.of(requesters)),
      minute: workingMinute(
        chance,
        beganAt,
        kind === 'unanswered' ? calmBeforeEnd.unanswered : calmBeforeEnd.most,
      ),
    }))
    .sort((a, b) => a.minute - b.minute);
  const earlier = lives.flatMap(({ life, minute }, index) => earlierActs(life, index, minute, chance));
  const last = present.flatMap(({ life, beforeNow }, index) =>
    presentActs(life, lives.length + index, beforeNow),
  );
  const shifted = earlier.map((act) => ({ ...act, at: act.at + shiftOf(act.at) }));
  return {
    acts: [...inOrder(shifted), ...inOrder(last)],
    lives: lives.length + present.length,
    presentAt: earlier.length,
  };
}

/** Each round at a minute of its own, so that nothing happens by the clock; the same for all of a round. */
function shiftOf(seconds: number): number {
  const round = Math.floor(seconds / 60 / roundMinutes);
  return 60 * ((round * 7) % 17) + ((round * 13) % 60);
}

function isKind(name: string): name is LifeKind {
  return name in mix;
}

function earlierActs(asked: Life, life: number, minute: number, chance: Chance): Act[] {
  const round = (at: number): number => Math.round(at / roundMinutes) * roundMinutes * 60;
  const acts: Act[] = [{ at: round(minute) + chance.below(spreadSeconds), life, do: 'ask', asked }];
  let before = round(minute);
  for (const { after, who, text } of asked.sayings) {
    before = Math.max(round(minute + after), before + roundMinutes * 60);
    acts.push({ at: before + chance.below(spreadSeconds), life, do: 'say', who, text });
  }
  return acts;
}

function presentActs(asked: Life, life: number, beforeNow: number): Act[] {
  const at = (minutesOfPast - beforeNow) * 60;
  return [
    { at, life, do: 'ask', asked },
    ...asked.sayings.map(({ after, who, text }) => ({
      at: at + after * 60,
      life,
      do: 'say' as const,
      who,
      text,
    })),
  ];
}

/** Within working hours on a weekday, and now and then not. */
function workingMinute(chance: Chance, beganAt: Date, calm: number): number {
  for (;;) {
    const minute = chance.below(minutesOfPast - calm);
    const when = new Date(beganAt.getTime() + minute * 60_000);
    const isWorking = when.getUTCHours() >= 8 && when.getUTCHours() < 18 && when.getUTCDay() % 6 !== 0;
    if (isWorking || chance.below(40) === 0) return minute;
  }
}

function inOrder(acts: readonly Act[]): Act[] {
  return [...acts].sort((a, b) => a.at - b.at || a.life - b.life);
}

function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  return items
    .map((item) => ({ item, key: chance.below(1_000_000) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function chanceOf(random: () => number): Chance {
  return {
    below: (end) => Math.floor(random() * end),
    of: (choices) => choices[Math.floor(random() * choices.length)] ?? choices[0],
  };
}
