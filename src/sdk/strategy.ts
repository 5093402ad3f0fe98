// What the author of a custom strategy writes: how to read and how to set what an account holds. The rest is Countersign's.
import type { Person } from './events.ts';
import type { JsonObject } from './json.ts';
import type { HttpAnswer } from './outside.ts';

/** What an account has of one thing: one of the strategy's `order`, which begins with `none`. */
export type Holding = string;

/** From least to most, beginning with `none`, with at least one more, and each named once. */
export type HoldingOrder = readonly [least: 'none', more: Holding, ...evenMore: Holding[]];

/** What every function of a strategy is told. Where the service does not answer they throw; it is tried again. */
export interface StrategyCall {
  /** Of the target, as resolved for this request. */
  readonly settings: JsonObject;
  /** Of the integration in `countersign.yml`; empty where it has none. Secrets are only named in it. */
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
export interface SetCall<H extends Holding = Holding> extends ReadCall {
  /** What the account shall hold, exactly. To take away what is gone is a success; so is to give what is there. */
  readonly holding: H;
  /** `deescalate` when it is taken back or put back to what was there before. */
  readonly purpose: 'escalate' | 'deescalate';
  /** The request's id: good as an idempotency key, together with the purpose. */
  readonly request: string;
  /** What the grant returned as `sealed`. */
  readonly sealed: { readonly [name: string]: string };
}

/** What setting it brought about: at most 20 texts each, of 1,000 characters. */
export interface SetOutput {
  /** For the ledger, which people read: no secrets. */
  readonly recorded?: { readonly [name: string]: string };
  /** Needed to take it back; encrypted before it is kept. Of a strategy that says `seals`. */
  readonly sealed?: { readonly [name: string]: string };
}

type Later<T> = T | Promise<T>;

export interface CustomStrategy<Order extends HoldingOrder = HoldingOrder> {
  /** Of two grants that overlap the greater holds. Add levels; to rename or remove one strands grants that are live. */
  readonly order: Order;
  /**
   * A grant answers what taking it back needs: a lease that is ended by its number, say. Each grant is a thing of its own
   * then, made and ended whatever else the account holds. Needs the operator's sealing key.
   */
  readonly seals?: true;
  /** What these settings ask for. */
  wanted(call: StrategyCall): Later<Order[number]>;
  /** The account in the service, by an id that is never given to anybody else. Left out: `accounts` of `people.yml`. */
  identify?(call: IdentifyCall): Later<{ readonly account: string } | { readonly missing: string }>;
  /** The thing itself, by an id that outlives a rename: it decides which grants overlap. Always the same for the same settings. */
  resource(call: StrategyCall): Later<{ readonly resource: string } | { readonly missing: string }>;
  /** What the account holds now; `unreadable` where the service does not say. */
  read(call: ReadCall): Later<{ readonly holds: Order[number] } | 'unreadable'>;
  /** Makes the account hold exactly `holding`, and returns once that is so. It may be called twice for one grant. */
  set(call: SetCall<Order[number]>): Later<SetOutput | undefined | void>;
}

/** What Countersign asks of a strategy before anything else. */
export interface StrategyDescription {
  readonly order: readonly Holding[];
  readonly identifies: boolean;
  readonly seals: boolean;
}

/** An order that names one twice fits no strategy. One that does not fit otherwise is told by `HoldingOrder` itself. */
type Distinct<Order extends readonly unknown[]> = string extends Order[number]
  ? Order
  : Order extends readonly [infer First, ...infer Rest]
    ? First extends Rest[number]
      ? never
      : readonly [First, ...Distinct<Rest>]
    : Order;

/** A strategy of one's own: `export const strategy = defineStrategy({ … })`. Throws where its `order` is none. */
export function defineStrategy<const Order extends HoldingOrder>(
  strategy: CustomStrategy<Order> & { readonly order: Distinct<Order> },
): CustomStrategy<Order> & { describe(): StrategyDescription } {
  const order: readonly Holding[] = strategy.order;
  const isOrder = order[0] === 'none' && order.length > 1 && new Set(order).size === order.length;
  if (!isOrder)
    throw new TypeError('`order` begins with none, goes on with at least one more, and names each once.');
  return {
    ...strategy,
    describe: () => ({
      order,
      identifies: strategy.identify !== undefined,
      seals: strategy.seals === true,
    }),
  };
}

/** Why the service did not do it. What is thrown without saying `transient` counts as a mistake of the code. */
export class ServiceFailure extends Error {
  override readonly name = 'ServiceFailure';
  /** Whether the same may work later: then it is tried again, and else a grant is given up. */
  readonly transient: boolean;
  /** `message` is shown to people and kept for ever: no secrets. */
  constructor(message: string, { transient }: { readonly transient: boolean }) {
    super(message);
    this.transient = transient;
  }
}

/** Throws `ServiceFailure` unless the status is 2xx or one of `or`: 408, 425, 429 and 5xx are worth another try. */
export function demandOk(
  answer: Pick<HttpAnswer, 'status'>,
  { or = [] }: { readonly or?: readonly number[] } = {},
): void {
  const { status } = answer;
  if ((status >= 200 && status < 300) || or.includes(status)) return;
  const transient = [408, 425, 429].includes(status) || status >= 500;
  throw new ServiceFailure(`The service answered ${status}.`, { transient });
}
