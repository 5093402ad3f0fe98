// Which account on Slack somebody has shown to be theirs, from both sides: folded from the entries of a desk's own stream.
import type { DeskEntry } from './desk-entries.ts';
import type { Account, Instant, PersonId } from './names.ts';

export interface Link {
  readonly person: PersonId;
  /** The account on GitHub that said so: whoever has it in `people.yml` is meant, and nobody else of the same name. */
  readonly through: Account;
  /** When that was said, and in which comment. */
  readonly saidAt: Instant;
  readonly ref: string;
}

/** By the account on Slack. */
export type Links = ReadonlyMap<Account, Link>;

export const noLinks: Links = new Map();

/** The links after an entry of the stream, the same where it is about something else. */
export function linksAfter(links: Links, entry: DeskEntry): Links {
  if (entry.type !== 'linked' && entry.type !== 'unlinked') return links;
  const { account, person } = entry.data;
  const others = [...links].filter(([known]) => known !== account);
  if (entry.type === 'unlinked') return new Map(others);
  // Only a person on GitHub can say it, and only of an account on Slack.
  if (!('via' in entry.by) || entry.by.via.surface !== 'github' || !account.startsWith('slack:'))
    return links;
  const { via, at } = entry.by;
  return new Map([
    ...others,
    [account, { person, through: via.account, saidAt: at ?? entry.at, ref: via.ref }],
  ]);
}
