// Durations as the files of a desk hold them: their schema has seen to it that a text is one.
import { hours, parseDuration } from '../../domain/duration.ts';
import type { Milliseconds } from '../../domain/names.ts';
import type { Report } from '../diagnostic.ts';

const longestLapse: Milliseconds = hours(24 * 7);

export function readDuration(text: string | undefined): Milliseconds | undefined {
  return text === undefined ? undefined : parseDuration(text);
}

export function readLapse(
  text: string | undefined,
  at: string,
  report: Report,
  otherwise: Milliseconds,
): Milliseconds {
  const lapse = readDuration(text) ?? otherwise;
  if (lapse > longestLapse) report.add({ at, suggestion: '7d' }, 'lapse-too-long');
  return Math.min(lapse, longestLapse);
}
