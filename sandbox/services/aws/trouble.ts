// The trouble that a test asks of the AWS double: errors, lost answers, silence and slowness, for some operations or all.

export type Trouble =
  /** Refused, and not performed. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  /** Performed, and the connection breaks before the answer. */
  | { readonly kind: 'answer-lost' }
  /** The connection breaks before anything is performed. */
  | { readonly kind: 'reset' }
  /** Never answered, and not performed. */
  | { readonly kind: 'hang' };

export interface Where {
  readonly service?: string;
  readonly operation?: RegExp;
  /** What the request holds. */
  readonly body?: RegExp;
  /** How many more times; without it, until it is removed. */
  readonly times?: number;
}

export interface Troubles {
  /** Gives what removes it again. */
  add(trouble: Trouble, where?: Where): () => void;
  clear(): void;
  strike(service: string, operation: string, body: string): Trouble | undefined;
}

export function createTroubles(): Troubles {
  let live: { readonly trouble: Trouble; readonly where: Where; left: number }[] = [];
  return {
    add(trouble, where = {}) {
      const entry = { trouble, where, left: where.times ?? Infinity };
      live.push(entry);
      return () => {
        live = live.filter((each) => each !== entry);
      };
    },
    clear() {
      live = [];
    },
    strike(service, operation, body) {
      const found = live.find(
        ({ where, left }) =>
          left > 0 &&
          (where.service === undefined || where.service === service) &&
          (where.operation === undefined || where.operation.test(operation)) &&
          (where.body === undefined || where.body.test(body)),
      );
      if (found) found.left -= 1;
      return found?.trouble;
    },
  };
}
