// How long something still is, as people say it.
import { minutes } from '../../domain/duration.ts';
import type { Milliseconds } from '../../domain/names.ts';
import { plural } from '../../domain/words.ts';

/** “10 minutes”, “3 hours”, “2 days”: rounded, and never less than a minute. */
export function durationWords(ms: Milliseconds): string {
  const left = Math.max(1, Math.round(ms / minutes(1)));
  if (left < 120) return said(left, 'minute');
  const hours = Math.round(left / 60);
  return hours < 48 ? said(hours, 'hour') : said(Math.round(hours / 24), 'day');
}

function said(count: number, noun: string): string {
  return `${count} ${plural(count, noun)}`;
}
