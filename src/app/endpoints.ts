// Lets the operator point any outside address somewhere else: an emulator, a proxy, the sandbox.
import type { Fetch } from '../clients/http/fetch.ts';

export interface Redirection {
  readonly from: string;
  readonly to: string;
}

/** A fetch that sends what is meant for `from…` to `to…`. The longest match counts. */
export function redirectedFetch({
  endpoints,
  there,
  otherwise,
}: {
  readonly endpoints: readonly Redirection[];
  /** For what is redirected. */
  readonly there: typeof globalThis.fetch;
  /** For what is not. */
  readonly otherwise: Fetch;
}): typeof globalThis.fetch {
  const longestFirst = endpoints.toSorted((a, b) => b.from.length - a.from.length);
  return async (input, init = {}) => {
    if (input instanceof Request) throw new TypeError('Give the address, not a Request.');
    const redirected = redirect(String(input), longestFirst);
    return redirected === undefined ? otherwise(String(input), init) : there(redirected, init);
  };
}

function redirect(url: string, redirections: readonly Redirection[]): string | undefined {
  const found = redirections.find(
    ({ from }) => url === from || url.startsWith(`${from.replace(/\/$/, '')}/`),
  );
  return found && found.to.replace(/\/$/, '') + url.slice(found.from.replace(/\/$/, '').length);
}
