// A message of ours as lines of pieces. Slack gets them as rich text, out of which nothing typed can break, and once more as the one line of a notification.
import type { RichTextBlock, RichTextSection } from '@slack/web-api';
import type { CardPerson } from '../../domain/card.ts';
import type { Group, Instant, PersonId } from '../../domain/names.ts';
import type { Phrase } from '../../domain/next-sentences.ts';
import { groupWords } from '../../domain/words.ts';
import { asTyped, clip, code, escapeText, oneLine } from './escape.ts';

/** A bare text stands as it is: nothing in it is markup. */
export type Piece =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  | { readonly time: Instant }
  /** A Slack user id: whoever it is hears of it. */
  | { readonly user: string }
  /** Shown as it is, or by other words. */
  | { readonly link: string; readonly text?: string };
export type Line = readonly Piece[];

/** Slack user ids of people, as far as they are known. */
export type Mentions = ReadonlyMap<PersonId, string>;

type RichTextPart = RichTextSection['elements'][number];

/** One block, a paragraph for each line; undefined where there is nothing to say. */
export function richText(lines: readonly Line[]): RichTextBlock | undefined {
  const elements = lines.flatMap((line) => {
    const parts = line.flatMap(part);
    return parts.length === 0 ? [] : [{ type: 'rich_text_section' as const, elements: parts }];
  });
  return elements.length === 0 ? undefined : { type: 'rich_text', elements };
}

function part(piece: Piece): readonly RichTextPart[] {
  if (typeof piece === 'string') return piece === '' ? [] : [{ type: 'text', text: asTyped(piece) }];
  if ('bold' in piece)
    return piece.bold === '' ? [] : [{ type: 'text', text: asTyped(piece.bold), style: { bold: true } }];
  if ('code' in piece)
    return piece.code === '' ? [] : [{ type: 'text', text: oneLine(piece.code), style: { code: true } }];
  if ('time' in piece) return [datePart(piece.time)];
  if ('user' in piece) return [{ type: 'user', user_id: piece.user }];
  const { link, text = '' } = piece;
  return [{ type: 'link', url: link, ...(text !== '' && { text: oneLine(text) }) }];
}

/** “today at 12:33” where they are; what nobody can compute there is in UTC. */
function datePart(time: Instant): RichTextPart {
  return {
    type: 'date',
    timestamp: Math.floor(Date.parse(time) / 1000),
    format: '{date_short_pretty} at {time}',
    fallback: printTime(time),
  };
}

/** What a notification shows, and a reader for the blind reads: `mrkdwn` on one line. */
export function notification(lines: readonly Line[]): string {
  return lines
    .map((line) => line.map(printPiece).join('').trim())
    .filter((line) => line !== '')
    .join(' ');
}

function printPiece(piece: Piece): string {
  if (typeof piece === 'string') return spaced(piece);
  if ('bold' in piece) return spaced(piece.bold);
  if ('code' in piece) return code(piece.code);
  if ('time' in piece) return printTime(piece.time);
  if ('user' in piece) return `<@${piece.user}>`;
  return piece.text === undefined ? escapeText(piece.link) : spaced(piece.text);
}

/** Escaping trims; the spaces around a piece stay. */
function spaced(text: string): string {
  if (text.trim() === '') return text === '' ? '' : ' ';
  return `${/^\s/.test(text) ? ' ' : ''}${escapeText(text)}${/\s$/.test(text) ? ' ' : ''}`;
}

/** Slack says “today at 12:33”, before which no “on” stands. */
export function phraseLine(phrase: Phrase): Line {
  return phrase.map((each, index) => {
    if (typeof each !== 'string') return 'time' in each ? { time: each.time } : linkPiece(each.link);
    return typeof phrase[index + 1] === 'object' ? each.replace(/ on $/, ' ') : each;
  });
}

/** An address that shows what it is; anything else is a text. */
export function linkPiece(text: string): Piece {
  return isPlainLink(text) ? { link: text } : text;
}

export function isPlainLink(text: string): boolean {
  return (
    /^(?:https:\/\/[A-Za-z0-9.-]+|http:\/\/127\.0\.0\.1)(?::\d+)?(?:\/[A-Za-z0-9./_~%=&?#+-]*)?$/.test(
      text,
    ) && text.length <= 500
  );
}

/** Sentences one after the other, as one line. */
export function phrasesLine(phrases: readonly Phrase[]): Line {
  return joined(phrases.map(phraseLine), ' ');
}

export function joined(lines: readonly Line[], between: string): Line {
  return lines.flatMap((line, index) => (index === 0 ? line : [between, ...line]));
}

/** “a, b and c”, of pieces. */
export function listed(items: readonly Piece[], word: 'and' | 'or'): Line {
  return items.flatMap((item, index) => {
    if (index === 0) return [item];
    return [index === items.length - 1 ? ` ${word} ` : ', ', item];
  });
}

/** Notifies where Slack can: a person whose account we know. */
export function mentionGroup(group: Group, mentions: Mentions): Piece {
  const person = /^person:(.+)$/.exec(group)?.[1];
  const found = person === undefined ? undefined : [...mentions].find(([id]) => id === person)?.[1];
  return mention(found) ?? groupWords(group);
}

/** Notifies a requester whose account we know. */
/** Names are chosen by those who bear them: who it is stands beside. */
export function whoAsks({ person, name }: Pick<CardPerson, 'person' | 'name'>): string {
  const shown = clip(oneLine(name), 60);
  return person === null || person === name ? shown : `${clip(oneLine(person), 60)} (${shown})`;
}

export function mentionPerson({ person, name }: CardPerson, mentions: Mentions): Piece {
  return mention(person === null ? undefined : mentions.get(person)) ?? name;
}

function mention(user: string | undefined): Piece | undefined {
  return user !== undefined && /^[UW][A-Z0-9]{2,30}$/.test(user) ? { user } : undefined;
}

/** `20 Nov 2026, 12:33 UTC`. */
function printTime(at: Instant): string {
  const [date = '', time = ''] = at.split('T');
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${months[(month ?? 1) - 1]} ${year}, ${time.slice(0, 5)} UTC`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
