// Says an entry of a desk's own stream as a sentence, for `git log`.
import type { DeskEntry, DeskEntryType } from '../domain/desk-entries.ts';
import type { Instant } from '../domain/names.ts';
import { safeWord } from '../domain/safe-word.ts';
import { nameOf } from './sentence.ts';

/** `refused eve-s asking for quick: unlinked-account` */
export function deskSentence(entry: DeskEntry): string {
  switch (entry.type) {
    case 'refused':
      return `refused ${nameOf(entry.by)} asking for ${safeWord(entry.data.flow)}: ${safeWord(entry.data.code)}`;
    case 'ledger-diverged':
      return `found the ledger whole again, which diverged at ${minuteOf(entry.data.since)}`;
    case 'flow-disabled': {
      const { flow, commit, code, line } = entry.data;
      return `disabled ${safeWord(flow)}: ${safeWord(code)} on line ${line} at ${safeWord(commit).slice(0, 7)}`;
    }
    case 'linked':
      return `linked ${accountOf(entry)} to ${safeWord(entry.data.person)}`;
    case 'unlinked':
      return `unlinked ${accountOf(entry)} from ${safeWord(entry.data.person)}, by ${nameOf(entry.by)}`;
    case 'identity-found':
      return `found ${identityOf(entry)} to be ${safeWord(entry.data.person)}, by e-mail address`;
    case 'identity-forgotten':
      return `forgot ${identityOf(entry)} of ${safeWord(entry.data.person)}, by ${nameOf(entry.by)}`;
    case 'drift-found': {
      const { lacking, standing } = entry.data;
      return `found ${lacking} granted and not there, and ${standing} there and not granted`;
    }
    default:
      return entry satisfies never;
  }
}

/** The entry that a commit is about. Of equals the first. */
export function deskLeadOf(entries: readonly DeskEntry[]): DeskEntry | undefined {
  return [...entries].sort((a, b) => weight.indexOf(a.type) - weight.indexOf(b.type))[0];
}

/** By its ids: a name there is anybody's to take. */
function accountOf({ data }: { readonly data: { readonly account: string } }): string {
  return `the Slack account ${safeWord(data.account.replace(/^slack:/, ''))}`;
}

function identityOf({
  data,
}: {
  readonly data: { readonly service: string; readonly account: string };
}): string {
  return `the ${safeWord(data.service)} account ${safeWord(data.account)}`;
}

const weight: readonly DeskEntryType[] = [
  'ledger-diverged',
  'drift-found',
  'linked',
  'unlinked',
  'identity-forgotten',
  'identity-found',
  'flow-disabled',
  'refused',
] satisfies DeskEntryType[];

/** `2026-11-20 12:00` */
function minuteOf(at: Instant): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)}`;
}
