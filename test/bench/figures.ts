// Every figure of the bench, in the order in which they are measured.
import type { Figure } from './figure.ts';
import { memoryFigure } from './memory-figure.ts';
import { startFigure } from './start-figure.ts';

export const figures: readonly Figure[] = [startFigure, memoryFigure];
