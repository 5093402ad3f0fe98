// Every figure of the bench, in the order in which they are measured.
import type { Figure } from './figure.ts';

export const figures: readonly Figure[] = [];
