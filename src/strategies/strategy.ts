// What the author of a strategy writes: how to read and how to set what an account holds of one thing. Granting,
// revoking, restoring and overlapping grants follow from it, and are worked out once, in `access-control.ts`.
import type { Octokit } from '@octokit/rest';
import type { Purpose } from '../clients/outside.ts';
import type { WaysOut, KnownPerson } from '../clients/ways-out.ts';
import type { Placeholders } from '../desk/desk.ts';
import type { Holding } from '../domain/entries.ts';
import type { Settings, StrategyCode } from '../domain/flow.ts';
import type { DeskId, Instant, RequestId } from '../domain/names.ts';
import type { CodeRan, CodeRun } from './desk-code.ts';

/** Validation, documentation and editor help follow from it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Nothing at all: the least holding of every strategy. */
export const none: Holding = 'none';

/**
 * `S` are the settings of a target, `I` those of its integration. Both were validated by the schemas before any
 * method is called. Methods throw `Failure`; no message of theirs holds a setting's value.
 */
export interface Strategy<S = Settings, I = Settings> {
  /** As written in a flow: `github-team`. */
  readonly type: string;
  /** What people call the service, for sentences: “GitHub”. */
  readonly service: string;
  /** The settings of a target, by the names that the vendor uses. */
  readonly settings: JsonSchema;
  /** What its integration in `countersign.yml` holds; absent where it needs none. */
  readonly integration?: JsonSchema;
  /** Settings whose texts hold `{{NAME}}`, which it fills in as it calls. */
  readonly placeholders?: Placeholders;
  /** From least to most, beginning with `none`. The join of two holdings is the greater. */
  readonly order: readonly Holding[];
  /** A holding that was offered and not yet accepted. It is not access, and it is taken back all the same. */
  readonly pending?: Holding;
  /** The longest that one attempt may take, where a minute is not enough: a service that works asynchronously. */
  readonly patienceMs?: number;

  /**
   * Where code of the desk decides all that follows here: what makes the strategy of it for a call. The first one counts.
   * Another one is tried only to take back, and only where those before it threw `CodeFault`.
   */
  readonly versions?: readonly Version[];

  /** What these settings ask for. */
  wanted(settings: S): Holding;
  /** Whether taking it back needs output of the grant, which then is sealed with the operator's key. */
  seals?(settings: S): boolean;
  /**
   * Whether what it grants comes with something for the requester alone, such as a password. It is asked for when they
   * want to see it: `set` is called once more for the grant, and answers `handedOver`.
   */
  handsOver?(settings: S): boolean;
  /**
   * Whether each grant is a thing of its own in the service, such as a lease that is ended by its number: then it is
   * made and ended whatever else the account holds. Otherwise overlapping grants are one, and the last one ends it.
   */
  isApart?(settings: S): boolean;
  /**
   * Whether what was set may show only after a while: then what seems to be so already is set all the same, for a grant
   * that does not show yet would be left standing.
   */
  readonly readsLate?: true;
  /** The account in the service, by an id that is never given to anybody else. */
  identify(call: Call<S, I> & { readonly person: Person }): Promise<Identified>;
  /**
   * The real thing, by an id that outlives renames: what decides which grants overlap, whatever their level.
   * The same thing always has the same key, and no other strategy makes that key.
   */
  resource(call: Call<S, I>): Promise<Found>;
  /**
   * Whether this integration leads to where a resource lies, whatever became of the thing itself: asked to take back what
   * was renamed or deleted meanwhile. Absent: its resource has to be found again.
   */
  leadsTo?(call: Call<S, I> & { readonly resource: string }): Promise<boolean>;
  /** What can be told beforehand: why this account cannot be granted this. Asked again right before the grant. */
  obstacle?(call: AccountCall<S, I>): Promise<string | undefined>;
  /** What the account holds now. `unreadable`: the service does not say, so its answers have to be believed. */
  read(call: AccountCall<S, I>): Promise<Reading | 'unreadable'>;
  /**
   * Makes the account hold exactly this, and returns once the service says that it is done: one that works
   * asynchronously is polled to its end. Idempotent; to take away what is already gone is a success.
   */
  set(call: SetCall<S, I>, holding: Holding): Promise<Output>;
  /**
   * Cuts what was opened with the access while it lasted: sessions that began before `endedAt`. Called once the access is
   * gone, where the flow says `end_sessions`, and again until it succeeds. Absent where the service has no such thing.
   */
  endSessions?(call: SetCall<S, I>, endedAt: Instant): Promise<void>;
  /** Everybody who holds something of it, for reports of standing access. Absent where the service does not say. */
  holders?(call: Call<S, I> & { readonly resource: string }): Promise<readonly Holder[]>;
}

export type Version = (call: Call) => Promise<Strategy>;

export interface Holder {
  /** As `identify` would give it. */
  readonly account: string;
  readonly holds: Holding;
}

/** Whom a grant is for, as `people.yml` says it. */
export interface Person extends KnownPerson {
  readonly github?: { readonly id: number };
}

export type Identified =
  | { readonly account: string }
  /** `no-identity`: the person has no account there that we know of. */
  | { readonly missing: 'no-identity' | 'impossible'; readonly why: string };

export type Found = { readonly resource: string } | { readonly missing: 'impossible'; readonly why: string };

export interface Reading {
  /** What was given to this very account on this very resource: what is put back afterwards. */
  readonly holds: Holding;
  /** What the account can do from all sources together, where that may be more: through a team, say. */
  readonly effective?: Holding;
}

/** Output has three destinies. */
export interface Output {
  /** For the ledger, which people read. */
  readonly recorded?: { readonly [name: string]: string };
  /** Needed to take it back; encrypted before it enters store or ledger. */
  readonly sealed?: { readonly [name: string]: string };
  /** For the requester alone, by the names that they read: shown to them once, and written nowhere. */
  readonly handedOver?: { readonly [name: string]: string };
}

export interface Call<S = Settings, I = Settings> {
  readonly desk: DeskId;
  readonly settings: S;
  readonly integration: I;
  /** By which `countersign.yml` declares it; absent where the strategy needs none. */
  readonly integrationName?: string;
  /** Absent where the strategy is built in. */
  readonly code?: StrategyCode;
  readonly using: Capabilities;
  /** What it is for; absent where somebody only looks. */
  readonly purpose?: Purpose;
}

export interface AccountCall<S = Settings, I = Settings> extends Call<S, I> {
  readonly account: string;
  readonly resource: string;
}

export interface SetCall<S = Settings, I = Settings> extends AccountCall<S, I> {
  readonly request: RequestId;
  readonly purpose: Purpose;
  /** To take back what was never seen to be there: where it has to be looked for, it may show only later. */
  readonly isUnseen?: true;
  /** What the grant returned as `sealed`. */
  readonly sealed: { readonly [name: string]: string };
}

/** All that a strategy may use of the world. Every call it makes is aborted in time, and none leaves too late. */
export interface Capabilities extends WaysOut {
  /** GitHub as the grants app, where it is installed in this organisation: by its login, or by the id that outlives it. */
  github(organization: string | number): Promise<{ readonly octokit: Octokit; readonly login: string }>;
  /** The same for a repository by its id, with the names that it has now. */
  githubRepository(
    id: number,
  ): Promise<{ readonly octokit: Octokit; readonly owner: string; readonly name: string }>;
  /** The login of a GitHub account as it is now: logins are renamed, and taken by strangers. */
  githubLogin(id: number): Promise<string | undefined>;
  /** Runs a function of the desk's own code in a sandbox. Throws `Failure` where the code cannot be had. */
  code(run: CodeRun): Promise<CodeRan>;
}
