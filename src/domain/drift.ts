// Holds what a target shows against the grants that are live: what is missing there, and what is there that nobody granted.
import type { Holding } from './entries.ts';
import type { Instant, PersonId, RequestId } from './names.ts';

/** What a target shows. */
export interface Shown {
  readonly resource: string;
  /** From least to most. */
  readonly order: readonly Holding[];
  readonly holders: readonly { readonly account: string; readonly holds: Holding }[];
}

/** A grant that is to be there now. */
export interface LiveGrant {
  readonly request: RequestId;
  readonly person: PersonId;
  readonly flow: string;
  readonly resource: string;
  readonly account: string;
  readonly wanted: Holding;
  readonly before: Holding;
  /** Absent where it lasts until somebody ends it. */
  readonly until?: Instant;
}

export interface HeldAccount {
  readonly account: string;
  readonly holds: Holding;
  /** The part that stays when all grants have ended; absent where nothing does. */
  readonly standing?: Holding;
  readonly grants: readonly LiveGrant[];
  /** Grants say that it holds this, and it does not. */
  readonly lacks?: Holding;
}

/** Everybody who holds something or should, by account. What cannot be compared, such as a role of somebody's own, is neither more nor less. */
export function heldAccounts(
  { resource, order, holders }: Shown,
  live: readonly LiveGrant[],
): readonly HeldAccount[] {
  const here = live.filter((grant) => grant.resource === resource);
  const shown = new Map(holders.map(({ account, holds }) => [account, holds]));
  const accounts = [...new Set([...shown.keys(), ...here.map(({ account }) => account)])].sort();
  return accounts.map((account) => {
    const grants = here.filter((grant) => grant.account === account);
    return heldAccount({ order, account, holds: shown.get(account) ?? nothing(order), grants });
  });
}

export function heldAccount({
  order,
  account,
  holds,
  grants,
}: Pick<Shown, 'order'> & Pick<HeldAccount, 'account' | 'holds' | 'grants'>): HeldAccount {
  const least = nothing(order);
  const granted = most(
    order,
    grants.map(({ wanted }) => wanted),
  );
  // The first of those that overlap knows what was there before any of them.
  const before = grants[0]?.before ?? least;
  const isMore = rank(order, holds) > rank(order, most(order, [granted, before]));
  const kept = grants.length === 0 || isMore || rank(order, holds) < 0 ? holds : before;
  const standing = rank(order, kept) > rank(order, holds) && rank(order, holds) >= 0 ? holds : kept;
  const isLacking = rank(order, holds) >= 0 && rank(order, holds) < rank(order, granted);
  return {
    account,
    holds,
    grants,
    ...(standing !== least && { standing }),
    ...(isLacking && { lacks: granted }),
  };
}

function most(order: readonly Holding[], holdings: readonly Holding[]): Holding {
  return holdings.reduce(
    (one, other) => (rank(order, other) > rank(order, one) ? other : one),
    nothing(order),
  );
}

function nothing(order: readonly Holding[]): Holding {
  return order[0] ?? 'none';
}

/** −1: it is not in the order. */
function rank(order: readonly Holding[], holding: Holding): number {
  return order.indexOf(holding);
}
