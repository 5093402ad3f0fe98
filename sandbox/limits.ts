// Counts calls the way GitHub does, and says no when the count is exceeded and limits are on.
import { GitHubProblem } from './github/problem.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const LIMITS = {
  primaryAnHour: 5000,
  contentAMinute: 80,
  contentAnHour: 500,
  restPointsAMinute: 900,
  graphqlPointsAMinute: 2000,
} as const;

export interface CallCost {
  /** Who pays: the installation, the app, the person. */
  readonly who: string;
  readonly kind: 'rest' | 'graphql';
  readonly writes: boolean;
  readonly createsContent: boolean;
}

interface Account {
  windowStart: number;
  used: number;
  readonly points: Map<'rest' | 'graphql', Array<{ readonly at: number; readonly points: number }>>;
  contents: number[];
}

export class Limits {
  #enforced: boolean;
  readonly #now: () => Date;
  readonly #accounts = new Map<string, Account>();

  constructor(options: { readonly enforced: boolean; readonly now: () => Date }) {
    this.#enforced = options.enforced;
    this.#now = options.now;
  }

  /** Whether the count leads to a no; it goes on in any case. */
  enforce(enforced: boolean): void {
    this.#enforced = enforced;
  }

  /** Throws GitHub's answer when this call is one too many. */
  charge(cost: CallCost): void {
    const account = this.#account(cost.who);
    const now = this.#now().getTime();
    account.used += 1;
    const points = account.points.get(cost.kind) ?? [];
    const recent = points.filter((one) => one.at > now - MINUTE_MS);
    recent.push({ at: now, points: cost.writes ? 5 : 1 });
    account.points.set(cost.kind, recent);
    if (cost.createsContent) account.contents = [...account.contents.filter((at) => at > now - HOUR_MS), now];
    if (this.#enforced) this.#enforce(account, cost, now);
  }

  /** The headers that every answer carries. */
  headers(who: string): Readonly<Record<string, string>> {
    const account = this.#account(who);
    return {
      'x-ratelimit-limit': String(LIMITS.primaryAnHour),
      'x-ratelimit-remaining': String(Math.max(0, LIMITS.primaryAnHour - account.used)),
      'x-ratelimit-reset': String(Math.ceil((account.windowStart + HOUR_MS) / 1000)),
      'x-ratelimit-used': String(account.used),
      'x-ratelimit-resource': 'core',
    };
  }

  status(who: string): Readonly<Record<string, number>> {
    const account = this.#account(who);
    return {
      limit: LIMITS.primaryAnHour,
      used: account.used,
      remaining: Math.max(0, LIMITS.primaryAnHour - account.used),
      reset: Math.ceil((account.windowStart + HOUR_MS) / 1000),
    };
  }

  #account(who: string): Account {
    const now = this.#now().getTime();
    const known = this.#accounts.get(who);
    if (known) {
      if (now >= known.windowStart + HOUR_MS) {
        known.windowStart = now;
        known.used = 0;
      }
      return known;
    }
    const account: Account = { windowStart: now, used: 0, points: new Map(), contents: [] };
    this.#accounts.set(who, account);
    return account;
  }

  #enforce(account: Account, cost: CallCost, now: number): void {
    if (account.used > LIMITS.primaryAnHour) {
      throw primaryLimit(cost.who, Math.ceil((account.windowStart + HOUR_MS) / 1000));
    }
    const spent = (account.points.get(cost.kind) ?? []).reduce((sum, one) => sum + one.points, 0);
    const most = cost.kind === 'rest' ? LIMITS.restPointsAMinute : LIMITS.graphqlPointsAMinute;
    const lastMinute = account.contents.filter((at) => at > now - MINUTE_MS).length;
    const tooMuchContent =
      lastMinute > LIMITS.contentAMinute || account.contents.length > LIMITS.contentAnHour;
    if (spent > most || (cost.createsContent && tooMuchContent)) throw secondaryLimit(60);
  }
}

export function secondaryLimit(retryAfterSeconds: number): GitHubProblem {
  return new GitHubProblem({
    status: 403,
    message:
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.',
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}

export function primaryLimit(who: string, reset: number): GitHubProblem {
  return new GitHubProblem({
    status: 403,
    message: `API rate limit exceeded for ${who}.`,
    headers: {
      'x-ratelimit-limit': String(LIMITS.primaryAnHour),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-used': String(LIMITS.primaryAnHour),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': 'core',
    },
  });
}
