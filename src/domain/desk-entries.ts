// The vocabulary of a desk's own stream in the ledger: what happened to the desk, and what was tried there and became no request.
import type { Holding, Speaker } from './entries.ts';
import type { Account, Hash, DeskId, Instant, PersonId, RequestId } from './names.ts';
import type { RefusalCode } from './refusals.ts';

/** What acts on a desk without a person: the one that keeps its ledger, the one that reads its files, the one that finds people’s accounts, and the one that looks at what targets hold. */
export interface DeskMachine {
  readonly system: 'committer' | 'reader' | 'finder' | 'drift';
}

export type DeskActor = Speaker | DeskMachine;

/** Something that a target shows and the ledger does not, or the other way round. */
export interface DriftItem {
  /** `lacking`: a grant is live, and the target does not show it. `standing`: the target shows what nobody granted. */
  readonly what: 'lacking' | 'standing';
  readonly resource: string;
  /** By its id there. */
  readonly account: string;
  /** What it holds there. */
  readonly holds: Holding;
  /** Of `lacking`: what was granted, and by which requests. */
  readonly wanted?: Holding;
  readonly requests?: readonly RequestId[];
}

interface DeskEntryData {
  refused: {
    /** What was tried. */
    readonly command: 'request';
    /** As it was asked for; whether there is such a flow or not. */
    readonly flow: string;
    readonly code: RefusalCode;
  };
  /** Written once the ledger is whole again. */
  'ledger-diverged': { readonly why: string; readonly since: Instant; readonly until: Instant };
  'flow-disabled': {
    readonly flow: string;
    /** The first commit of the default branch that was seen with it. */
    readonly commit: string;
    /** Of its first diagnostic. */
    readonly code: string;
    readonly line: number;
  };
  /** `by` said so with their account on GitHub, which the link stands and falls with. */
  linked: {
    /** On Slack. */
    readonly account: Account;
    /** What the account was called. */
    readonly name: string;
    readonly person: PersonId;
    readonly proof: {
      /** When the account on Slack asked for its code. */
      readonly asked: Instant;
      /** The signed id of the comment that brought the code; `by` confirmed it in another. */
      readonly brought: string;
    };
  };
  unlinked: { readonly account: Account; readonly person: PersonId };
  /** Matched by an e-mail address that the desk trusts. It is used from then on, whatever the service says of addresses later. */
  'identity-found': {
    readonly person: PersonId;
    /** As below `accounts` of people.yml: `okta`, or `okta@NAME` by one integration. */
    readonly service: string;
    /** By its id there. */
    readonly account: string;
    /** Of the address in people.yml and of the integration: with another of either it is matched anew. */
    readonly basis: Hash;
  };
  /** What the targets of the desk hold is not as it was when they were last looked at. Nothing of it was changed by us. */
  'drift-found': {
    /** What was not so before; at most 100. */
    readonly appeared: readonly DriftItem[];
    /** What is no more; at most 100. */
    readonly gone: readonly DriftItem[];
    /** How much there is now in all. */
    readonly lacking: number;
    readonly standing: number;
  };
  /** An admin said so: it is matched anew. */
  'identity-forgotten': { readonly person: PersonId; readonly service: string; readonly account: string };
}

export type DeskEntryType = keyof DeskEntryData;

/** What has happened; when, and its place in the chain, are added as it is sealed. */
export type NewDeskEntry = {
  [T in DeskEntryType]: { readonly type: T; readonly by: DeskActor; readonly data: DeskEntryData[T] };
}[DeskEntryType];

interface Recorded {
  readonly v: 1;
  readonly id: string;
  readonly desk: DeskId;
  readonly seq: number;
  readonly at: Instant;
  /** The hash of the stream's previous line, whichever month it is in; null on the first. */
  readonly prev: Hash | null;
}

/** One line of the stream. */
export type DeskEntry = NewDeskEntry & Recorded;
export type DeskEntryOf<T extends DeskEntryType> = Extract<DeskEntry, { type: T }>;
