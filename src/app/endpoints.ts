// Lets the operator point any outside address somewhere else: an emulator, a proxy, the sandbox.

export interface Redirection {
  readonly from: string;
  readonly to: string;
}

/** A fetch that sends what is meant for `from…` to `to…`. The longest match counts. */
export function redirectedFetch(
  fetch: typeof globalThis.fetch,
  redirections: readonly Redirection[],
): typeof globalThis.fetch {
  const longestFirst = redirections.toSorted((a, b) => b.from.length - a.from.length);
  return (input, init) => {
    if (input instanceof Request) throw new TypeError('Give the address, not a Request.');
    return fetch(redirect(String(input), longestFirst), init);
  };
}

function redirect(url: string, redirections: readonly Redirection[]): string {
  const found = redirections.find(
    ({ from }) => url === from || url.startsWith(`${from.replace(/\/$/, '')}/`),
  );
  return found ? found.to.replace(/\/$/, '') + url.slice(found.from.replace(/\/$/, '').length) : url;
}
