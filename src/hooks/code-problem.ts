// What can be wrong with a desk's code before it runs, and with one call of it.

/** A place in a file, and what is wrong there; lines and columns begin at 1. */
export interface CodeProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export const problemKinds = {
  'does-not-compile': 'The code cannot be read, or imports what it may not.',
  'not-found': 'There is no such file, or it exports nothing of that name.',
  threw: 'The code threw an error.',
  timeout: 'It computed or waited for too long, or waited for something that never comes.',
  memory: 'It needed too much memory.',
  output: 'Its answer is too long, nested too deep, or no JSON.',
  crashed: 'The sandbox broke under it.',
  'given-up': 'Whoever asked for it did not want to wait any longer.',
  busy: 'Too many calls of this desk wait already.',
} as const;

/** Why a call came to no answer. The words may be shown: one line, no secrets. */
export interface RunProblem {
  readonly kind: keyof typeof problemKinds;
  readonly message: string;
  /** Where what was thrown says itself whether the same may work later, as what the SDK throws does. */
  readonly transient?: boolean;
  /** Where it was thrown, if that is known. */
  readonly file?: string;
  readonly line?: number;
}
