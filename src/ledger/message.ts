// The message of a ledger commit: a subject that reads like a sentence, a line for each entry, trailers for machines.
import type { DeskEntry } from '../domain/desk-entries.ts';
import { parseDeskLine } from '../domain/desk-entry-line.ts';
import type { Entry } from '../domain/entries.ts';
import { parseLine } from '../domain/entry-line.ts';
import type { RequestId } from '../domain/names.ts';
import { clip, safeWord } from '../domain/safe-word.ts';
import { mayWait } from '../domain/urgency.ts';
import type { LedgerCommit } from '../engine/ports/ledger.ts';
import type { Uncommitted } from '../engine/ports/store.ts';
import { deskLeadOf, deskSentence } from './desk-sentence.ts';
import { leadOf, sentence, subjectOf, type Subject } from './sentence.ts';
import type { StreamMonth } from './stream-months.ts';

export type Message = Pick<LedgerCommit, 'subject' | 'body' | 'trailers'>;

/** What `git log --oneline` and GitHub show whole. */
const subjectLength = 72;

/** `uncommitted` are the requests of one commit, `months` those of the desk's own stream; all of one desk, at least one. */
export function writeMessage(
  batch: string,
  uncommitted: readonly Uncommitted[],
  months: readonly StreamMonth[] = [],
): Message {
  const said = uncommitted.flatMap(newEntries);
  const ofDesk = months.flatMap(newDeskEntries);
  // What went along because nothing waits for it does not keep a lone decision from reading like one.
  const telling = said.filter(({ entry }) => !mayWait(entry.type));
  const subject = subjectLine(telling.length > 0 ? telling : said, ofDesk);
  const sentences = [
    ...said.map(({ entry, about }) => sentence(entry, about)),
    ...ofDesk.map((entry) => deskSentence(entry)),
  ];
  const saysAll = sentences.length === 1 && sentences[0] === subject;
  return {
    subject,
    body: saysAll ? [] : sentences.map((each) => `- ${each}`),
    trailers: [
      { name: 'Countersign-Batch', value: trailerValue(batch) },
      ...[...new Set([...uncommitted, ...months].map(({ desk }) => desk))].map((desk) => ({
        name: 'Countersign-Desk',
        value: trailerValue(desk),
      })),
      ...uncommitted.map(({ request }) => ({ name: 'Countersign-Request', value: trailerValue(request) })),
    ],
  };
}

/** As Git wants it: a line, a blank one, the rest. */
export function printMessage({ subject, body, trailers }: Message): { headline: string; body: string } {
  const paragraphs = [body, trailers.map(({ name, value }) => `${name}: ${value}`)];
  return {
    headline: subject,
    body: paragraphs
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n'),
  };
}

/** Trailers are read from the last paragraph only, and only where all of it are trailers: nothing above it can forge one. */
export function readTrailers(message: string): Message['trailers'] {
  const paragraphs = message.trim().split(/\r?\n(?:[ \t]*\r?\n)+/);
  const last = paragraphs.length > 1 ? paragraphs.at(-1) : undefined;
  const read = last?.split(/\r?\n/).map((line) => /^([A-Za-z][A-Za-z0-9-]*): (\S.*?)\s*$/.exec(line));
  return read?.every((match) => match !== null)
    ? read.map(([, name = '', value = '']) => ({ name, value }))
    : [];
}

/** The batch that a commit says it is; undefined where it says none, or two. */
export function batchOf(message: string): string | undefined {
  const said = readTrailers(message).filter(({ name }) => name === 'Countersign-Batch');
  return said.length === 1 ? said[0]?.value : undefined;
}

interface Said {
  readonly entry: Entry;
  readonly about: Subject;
}

function newEntries({ request, lines, committed }: Uncommitted): readonly Said[] {
  const first = parseLine(lines[0] ?? '');
  const about =
    'entry' in first ? subjectOf(first.entry) : { request, what: 'a request', requester: 'somebody' };
  return lines
    .slice(committed)
    .map(parseLine)
    .flatMap((parsed) => ('entry' in parsed ? [{ entry: parsed.entry, about }] : []));
}

function newDeskEntries({ lacking }: StreamMonth): readonly DeskEntry[] {
  return lacking.map(parseDeskLine).flatMap((parsed) => ('entry' in parsed ? [parsed.entry] : []));
}

function subjectLine(said: readonly Said[], ofDesk: readonly DeskEntry[]): string {
  const requests = new Set(said.map(({ entry }) => entry.request)).size;
  const start = beginning(said.length + ofDesk.length, requests, ofDesk.length > 0);
  const lead = leadOf(said);
  if (lead === undefined) {
    const about = deskLeadOf(ofDesk);
    return about
      ? clip(start + deskSentence(about), subjectLength)
      : 'entries that a newer Countersign wrote';
  }
  const { entry, about } = lead;
  const whole = start + sentence(entry, about);
  if ([...whole].length <= subjectLength) return whole;
  const request = shortId(entry.request);
  return clip(start + sentence(entry, { ...about, request }), subjectLength);
}

/** Of several requests, or of a desk and more, the subject tells one entry and how many there are. */
function beginning(entries: number, requests: number, hasDesk: boolean): string {
  if (requests < 2 && !(hasDesk && entries > 1)) return '';
  const ofRequests = requests > 1 ? [`${requests} requests`] : ['a request'].slice(0, requests);
  return `${entries} entries of ${[...ofRequests, ...(hasDesk ? ['the desk'] : [])].join(' and ')}: `;
}

/** The part of a ULID that says when; the trailers have it whole. */
function shortId(request: RequestId): string {
  return clip(safeWord(request), 11);
}

/** Ids are minted by us or by GitHub; should one hold a line break or a space after all, it does not become a trailer of its own. */
function trailerValue(id: string): string {
  return id.replace(/[^\x21-\x7e]+/g, '_');
}
