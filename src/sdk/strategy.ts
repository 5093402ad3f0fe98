// What the author of a custom strategy writes: how to read and how to set what an account holds. The rest is Countersign's.
import type { Person } from './events.ts';
import type { JsonObject } from './json.ts';

/** What an account has of one thing: one of the strategy's `order`, which begins with `none`. */
export type Holding = string;

/** What every function of a strategy is told. Functions throw where the service does not answer; it is tried again. */
export interface StrategyCall {
  /** Of the target, as resolved for this request. */
  readonly settings: JsonObject;
  /** Of the integration in `countersign.yml`; empty where it has none. */
  readonly integration: JsonObject;
}
export interface IdentifyCall extends StrategyCall {
  readonly person: Person;
}
export interface ReadCall extends StrategyCall {
  /** What `identify` answered. */
  readonly account: string;
  /** What `resource` answered. */
  readonly resource: string;
}
export interface SetCall extends ReadCall {
  /** What the account shall hold, exactly. To take away what is gone is a success; so is to give what is there. */
  readonly holding: Holding;
  /** `deescalate` when it is taken back or put back to what was there before. */
  readonly purpose: 'escalate' | 'deescalate';
  /** The request's id: good as an idempotency key, together with the purpose. */
  readonly request: string;
  /** What the grant returned as `sealed`. */
  readonly sealed: { readonly [name: string]: string };
}

/** What setting it brought about. */
export interface SetOutput {
  /** For the ledger, which people read: no secrets. */
  readonly recorded?: { readonly [name: string]: string };
  /** Needed to take it back; encrypted before it is kept. */
  readonly sealed?: { readonly [name: string]: string };
}

type Later<T> = T | Promise<T>;

export interface CustomStrategy {
  /** From least to most, beginning with `none`. Of two grants that overlap the greater holds. */
  readonly order: readonly [first: 'none', ...more: Holding[]];
  /** What these settings ask for. */
  wanted(call: StrategyCall): Later<Holding>;
  /** The account in the service, by an id that is never given to anybody else. Left out: the flow's `identity`, or an e-mail match. */
  identify?(call: IdentifyCall): Later<{ readonly account: string } | { readonly missing: string }>;
  /** The thing itself, by an id that outlives a rename: it decides which grants overlap. */
  resource(call: StrategyCall): Later<{ readonly resource: string } | { readonly missing: string }>;
  /** What the account holds now; `unreadable` where the service does not say. */
  read(call: ReadCall): Later<{ readonly holds: Holding } | 'unreadable'>;
  /** Makes the account hold exactly `holding`, and returns once that is so. It may be called twice for one grant. */
  set(call: SetCall): Later<SetOutput | undefined | void>;
}

/** What Countersign asks of a strategy before anything else. */
export interface StrategyDescription {
  readonly order: readonly Holding[];
  readonly identifies: boolean;
}

/** A strategy of one's own: `export const strategy = defineStrategy({ … })`. Throws where its `order` is none. */
export function defineStrategy(
  strategy: CustomStrategy,
): CustomStrategy & { describe(): StrategyDescription } {
  const { order } = strategy;
  const isOrder = order[0] === 'none' && order.length > 1 && new Set(order).size === order.length;
  if (!isOrder)
    throw new TypeError('`order` begins with none, goes on with at least one more, and names each once.');
  return { ...strategy, describe: () => ({ order, identifies: strategy.identify !== undefined }) };
}
