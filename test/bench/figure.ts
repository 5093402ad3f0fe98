// One figure of the bench: what it is called, what it is held against, and how it is measured.

export interface Figure {
  readonly name: string;
  readonly bar: number;
  readonly better: 'higher' | 'lower';
  /** One sentence: what the number is. */
  readonly meaning: string;
  /** The number, or one for each round: then their median counts. Throws where the measurement itself shows a fault. */
  measure(bench: Bench): Promise<number | readonly number[]>;
}

/** What a measurement may use. */
export interface Bench {
  /** Of this run alone, on a real disk, removed at its end. Figures that share a set-up find it here. */
  readonly folder: string;
  /** Progress, for whoever watches. */
  say(text: string): void;
}

export interface Reading {
  readonly figure: Figure;
  readonly samples: readonly number[];
  readonly value: number;
  readonly holds: boolean;
}

export function readingOf(figure: Figure, measured: number | readonly number[]): Reading {
  const samples = typeof measured === 'number' ? [measured] : [...measured].sort((a, b) => a - b);
  const value = medianOf(samples);
  const { bar, better } = figure;
  return { figure, samples, value, holds: better === 'higher' ? value >= bar : value <= bar };
}

/** Of sorted numbers; of none it is no number, which no bar holds. */
function medianOf(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const above = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? above : ((sorted[middle - 1] ?? Number.NaN) + above) / 2;
}
