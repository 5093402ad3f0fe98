// The trouble a test or a visitor asks for: slow, failing, lost or limited answers, and webhooks that go astray.

type RequestTrouble =
  | { readonly kind: 'delay'; readonly ms: number }
  /** Not performed, unless it says so. */
  | { readonly kind: 'error'; readonly status: 500 | 502 | 503 | 504; readonly performed?: boolean }
  /** Performed, then the connection breaks before the answer. */
  | { readonly kind: 'answer-lost' }
  /** The connection breaks before anything is performed. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'too-many-requests'; readonly retryAfterSeconds: number }
  | { readonly kind: 'secondary-limit'; readonly retryAfterSeconds: number }
  | { readonly kind: 'primary-limit'; readonly resetInSeconds: number };

type WebhookTrouble =
  | { readonly kind: 'drop' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Held back until the next delivery has gone out. */
  | { readonly kind: 'reorder' };

interface HowOften {
  /** How many more times; without it, until removed. */
  readonly times?: number;
  /** Let this many matching ones through first. */
  readonly after?: number;
  /** Between 0 and 1, drawn from the seeded generator; without it, always. */
  readonly probability?: number;
}

export type RequestFault = RequestTrouble &
  HowOften & {
    readonly method?: string;
    /** Part of the path (a string) or a pattern on it. Paths carry no `/api/v3`. */
    readonly path?: string | RegExp;
    /** Part of the body, for GraphQL: `createCommitOnBranch`. */
    readonly body?: string | RegExp;
    /** The app's slug. */
    readonly app?: string;
  };

export type WebhookFault = WebhookTrouble & HowOften & { readonly event?: string; readonly action?: string };

export interface FaultHandle {
  /** How often it has struck. */
  readonly hits: number;
  remove(): void;
}

export interface RequestFacts {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly app: string | null;
}

interface Live<Fault> {
  readonly fault: Fault;
  seen: number;
  hits: number;
}

export class Faults {
  readonly #requests = new Set<Live<RequestFault>>();
  readonly #webhooks = new Set<Live<WebhookFault>>();
  #random: () => number;

  constructor(seed = 1) {
    this.#random = seededRandom(seed);
  }

  seed(seed: number): void {
    this.#random = seededRandom(seed);
  }

  onRequest(fault: RequestFault): FaultHandle {
    return this.#add(this.#requests, fault);
  }

  onWebhook(fault: WebhookFault): FaultHandle {
    return this.#add(this.#webhooks, fault);
  }

  clear(): void {
    this.#requests.clear();
    this.#webhooks.clear();
  }

  list(): ReadonlyArray<RequestFault | WebhookFault> {
    return [...this.#requests, ...this.#webhooks].map((live) => live.fault);
  }

  forRequest(facts: RequestFacts): RequestFault | undefined {
    return this.#strike(
      this.#requests,
      (fault) =>
        (fault.method === undefined || fault.method.toUpperCase() === facts.method) &&
        contains(fault.path, facts.path) &&
        contains(fault.body, facts.body) &&
        (fault.app === undefined || fault.app === facts.app),
    );
  }

  forWebhook(event: string, action: string | null): WebhookFault | undefined {
    return this.#strike(
      this.#webhooks,
      (fault) =>
        (fault.event === undefined || fault.event === event) &&
        (fault.action === undefined || fault.action === action),
    );
  }

  #add<Fault extends HowOften>(faults: Set<Live<Fault>>, fault: Fault): FaultHandle {
    const live: Live<Fault> = { fault, seen: 0, hits: 0 };
    faults.add(live);
    return {
      get hits() {
        return live.hits;
      },
      remove: () => faults.delete(live),
    };
  }

  #strike<Fault extends HowOften>(
    faults: Set<Live<Fault>>,
    matches: (fault: Fault) => boolean,
  ): Fault | undefined {
    for (const live of faults) {
      const { fault } = live;
      if (!matches(fault)) continue;
      live.seen += 1;
      if (live.seen <= (fault.after ?? 0)) continue;
      if (fault.probability !== undefined && this.#random() >= fault.probability) continue;
      live.hits += 1;
      if (fault.times !== undefined && live.hits >= fault.times) faults.delete(live);
      return fault;
    }
    return undefined;
  }
}

function contains(wanted: string | RegExp | undefined, text: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}

/** Mulberry32: small, and the same on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
