// A fetch that talks to GitHub alone: whatever a link or a redirect says, our token goes nowhere else.
import type { Fetch } from '../http/fetch.ts';

/** GitHub redirects what was renamed; one more may follow from http to https or from a name to an id. */
const mostRedirects = 3;

/**
 * Follows redirects within the origin, with the same method and body. The answer's body is read to its end here, so
 * that one which breaks off is a network error like any other (Octokit would take it for an empty success).
 */
export function createOneOriginFetch(fetch: Fetch, baseUrl: string): Fetch {
  const { origin } = new URL(baseUrl);
  return async (url, init) => {
    let target = new URL(url);
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      if (target.origin !== origin) throw offOrigin();
      const response = await fetch(target.href, { ...init, redirect: 'manual' });
      const next = redirectOf(response, target);
      if (next === undefined) return await whole(response, target);
      await response.body?.cancel();
      target = next;
    }
    throw Object.assign(new Error('too many redirects'), { code: 'TOO_MANY_REDIRECTS' });
  };
}

function offOrigin(): Error {
  return Object.assign(new Error('led away from GitHub'), { code: 'OTHER_ORIGIN' });
}

function redirectOf({ status, headers }: Response, from: URL): URL | undefined {
  const location = headers.get('location');
  if (![301, 302, 307, 308].includes(status) || location === null) return undefined;
  return new URL(location, from);
}

async function whole(response: Response, target: URL): Promise<Response> {
  const { status, statusText, headers } = response;
  const empty = [101, 204, 205, 304].includes(status);
  const body = await response.arrayBuffer();
  const copy = new Response(empty ? null : body, { status, statusText, headers });
  // A made response has no address, and Octokit reads it to go from page to page.
  return Object.defineProperty(copy, 'url', { value: target.href });
}
