// What targets hold, and how it is brought to what it should be.
import type { Grant, Holding, Verified } from '../../domain/entries.ts';
import type { Access } from '../../domain/facts.ts';
import type { Settings, StrategyRef } from '../../domain/flow.ts';
import type { DeskId, Instant, PersonId, RequestId } from '../../domain/names.ts';
import type { AskIdentity } from './desk-code.ts';

/** What the engine may ask of a strategy, whichever it is. See `strategies/strategy.ts` for what authors write. */
export interface AccessControl {
  /** Resolves account and resource, reads what is held now. `live` is left to the engine. */
  look(
    desk: DeskId,
    strategy: StrategyRef,
    settings: Settings,
    person: PersonId,
    identity?: AskIdentity,
  ): Promise<Exclude<Access, { live: unknown }> | Omit<Extract<Access, { live: unknown }>, 'live'>>;
  /** Makes the account hold what all of `wanted` and `before` together ask, and verifies it. Idempotent. Throws `Failure`. */
  settle(call: SettleCall): Promise<Settled>;
  /** Has what goes with a grant that is there told once more. Throws `Failure`. Whoever gets it writes it nowhere. */
  handOver(call: HandOverCall): Promise<HandedOver>;
}

/** `wanted`: of this grant and of all that are live beside it, none of which may lose anything by it. */
export type HandOverCall = Omit<SettleCall, 'purpose'>;

/** By the names that people read, such as `password`. */
export type HandedOver = { readonly [name: string]: string };

/** What reports ask of a strategy. Nothing is changed, and nothing is decided by it. Neither throws `Failure`. */
export interface AccessReports {
  /** Everybody who holds something of a target now, whoever gave it. */
  holders(desk: DeskId, strategy: StrategyRef, settings: Settings): Promise<Holders>;
  /** What the account of a grant holds now, by the resource that it was granted on. */
  holding(desk: DeskId, request: RequestId, grant: Grant): Promise<Held>;
}

export interface HeldByOne {
  /** By the id that the strategy knows it by. */
  readonly account: string;
  readonly holds: Holding;
}

export type Holders =
  /** `order`: from least to most. */
  | { readonly resource: string; readonly order: readonly Holding[]; readonly holders: readonly HeldByOne[] }
  | Unseen;

export type Held = { readonly order: readonly Holding[]; readonly holds: Holding } | Unseen;

/** `unlisted`: the service, or its strategy, does not say. */
export interface Unseen {
  readonly missing: 'unlisted' | 'unavailable' | 'impossible';
  readonly why: string;
  /** Where it is known all the same. */
  readonly resource?: string;
}

export interface SettleCall {
  readonly request: RequestId;
  readonly desk: DeskId;
  readonly strategy: StrategyRef;
  readonly settings: Settings;
  readonly resource: string;
  readonly account: string;
  /** The integration as it was when this was approved. */
  readonly integration?: Settings;
  readonly before: Holding;
  /** What the live grants want; empty: restore `before`. */
  readonly wanted: readonly Holding[];
  readonly purpose: 'escalate' | 'deescalate';
  /** To take back: the grant was never seen to be there, so that it may show only later. */
  readonly isUnseen?: true;
  readonly sealed?: string;
  /** No call leaves after this. */
  readonly notAfter?: Instant;
  readonly signal: AbortSignal;
}

export interface Settled {
  readonly verified: Verified;
  readonly holds: Holding;
  readonly recorded?: { readonly [name: string]: string };
  readonly sealed?: string;
}
