// What surfaces ask of whoever links accounts: a proof from both sides, so that one human is one person on Slack and on GitHub.
import type { Voice } from '../domain/commands.ts';
import type { Identity } from '../domain/identities.ts';
import type { Account, DeskId, PersonId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusals.ts';

/** What says whose account it is: `people.yml`, a group of guests, a trusted e-mail address, or a link that was proved. */
export type KnownBy = 'people' | 'guests' | 'e-mail' | 'link';

/** An account on Slack, as Slack itself shows it. */
export interface SlackFace {
  readonly account: Account;
  /** What others call it, and what it calls itself: anybody may take any name. */
  readonly handle: string;
  readonly name: string;
  readonly workspace: string;
}

/** What to comment on GitHub. */
export interface LinkOffer {
  readonly desk: DeskId;
  readonly line: string;
}

export interface AskedOnSlack {
  readonly account: Account;
  /** The desks whose own workspace it is. */
  readonly offers: readonly LinkOffer[];
  /** Those that know the account already. */
  readonly known: readonly { readonly desk: DeskId; readonly person: PersonId; readonly by: KnownBy }[];
}

/** Answers may be asked for again: the same words by the same voice are taken once. */
export interface Linking {
  /** Who has the account, and what says so. Throws `Failure` where that cannot be known now. */
  identify(
    desk: DeskId,
    account: Account,
  ): Promise<{ readonly person: PersonId; readonly by: KnownBy } | null>;
  /** An account on Slack wants to be linked. */
  ask(account: Account): Promise<AskedOnSlack | { readonly refusal: Refusal }>;
  /** Somebody on GitHub says the line: whether they mean it is asked. */
  bring(
    desk: DeskId,
    voice: Voice,
    line: string,
  ): Promise<
    | { readonly asks: SlackFace; readonly person: PersonId; readonly word: string }
    | { readonly refusal: Refusal }
  >;
  /** They mean it. */
  confirm(
    desk: DeskId,
    voice: Voice,
    word: string,
  ): Promise<{ readonly linked: SlackFace; readonly person: PersonId } | { readonly refusal: Refusal }>;
  /**
   * Their own accounts, or the one that they name. One in another service, as in `okta:00u…`, is what was found by an
   * e-mail address: an admin lets go of it.
   */
  unlink(
    desk: DeskId,
    voice: Voice,
    account?: string,
  ): Promise<
    | { readonly unlinked: readonly Account[] }
    | { readonly forgotten: Pick<Identity, 'person' | 'service' | 'account'> }
    | { readonly refusal: Refusal }
  >;
}
