// Every figure of the bench, in the order in which they are measured.
import { dueFigure } from './due-figure.ts';
import type { Figure } from './figure.ts';
import { commitsPer1000Entries } from './ledger-burst.ts';
import { contentWritesPerLife, writesPerLife } from './life.ts';
import { memoryFigure } from './memory-figure.ts';
import { startFigure } from './start-figure.ts';

export const figures: readonly Figure[] = [
  writesPerLife,
  contentWritesPerLife,
  commitsPer1000Entries,
  startFigure,
  memoryFigure,
  dueFigure,
];
