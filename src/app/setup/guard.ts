// Lets in only who has the printed address: from this machine, by its own name, and with the token.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type Admission =
  | { readonly in: true }
  /** With the token in its address: it is put into a cookie, and out of sight. */
  | { readonly redirect: string; readonly cookie: string }
  | { readonly refused: 401 | 403; readonly sentence: string };

export function admit(request: IncomingMessage, port: number, token: string): Admission {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = '', origin, cookie = '' } = request.headers;
  // A name of somebody else that leads here by DNS; a page of somebody else that posts here.
  if (!hosts.includes(host)) return { refused: 403, sentence: 'Wrong host.' };
  if (origin !== undefined && !hosts.includes(origin.replace(/^http:\/\//, '')))
    return { refused: 403, sentence: 'Wrong origin.' };
  const name = `countersign-setup-${port}`;
  const url = new URL(request.url ?? '/', `http://${host}`);
  const given = url.searchParams.get('token');
  if (given !== null && same(given, token) && request.method === 'GET')
    return { redirect: url.pathname, cookie: `${name}=${token}; HttpOnly; SameSite=Lax; Path=/` };
  const kept = cookie
    .split(/; */)
    .map((pair) => pair.split('='))
    .find(([each]) => each === name)?.[1];
  if (kept !== undefined && same(kept, token)) return { in: true };
  return { refused: 401, sentence: 'Open the address that setup printed: it carries the token.' };
}

export function same(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
