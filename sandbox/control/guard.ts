// Lets in only who has the printed address: right host, right origin, and the token from it.
import { createHash, timingSafeEqual } from 'node:crypto';
import { getCookie, setCookie } from 'hono/cookie';
import type { MiddlewareHandler } from 'hono';

const COOKIE = 'countersign-sandbox';

export function guard(options: { readonly port: () => number; readonly token: string }): MiddlewareHandler {
  return async (context, next) => {
    const port = options.port();
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    if (!hosts.includes(context.req.header('host') ?? '')) return context.text('Wrong host.\n', 403);
    const origin = context.req.header('origin');
    if (origin !== undefined && !hosts.includes(origin.replace(/^http:\/\//, ''))) {
      return context.text('Wrong origin.\n', 403);
    }
    const url = new URL(context.req.url);
    const fromAddress = url.searchParams.get('token');
    if (fromAddress !== null && same(fromAddress, options.token)) {
      setCookie(context, `${COOKIE}-${port}`, options.token, { httpOnly: true, sameSite: 'Lax', path: '/' });
      if (context.req.method === 'GET') {
        url.searchParams.delete('token');
        return context.redirect(`${url.pathname}${url.search}`);
      }
    }
    const bearer = (context.req.header('authorization') ?? '').replace(/^bearer /i, '');
    const given = getCookie(context, `${COOKIE}-${port}`) ?? bearer;
    if (!same(given, options.token)) {
      return context.text('Open the address that the sandbox printed: it carries the token.\n', 401);
    }
    await next();
    context.header('cache-control', 'no-store');
    context.header('referrer-policy', 'no-referrer');
    context.header('x-content-type-options', 'nosniff');
    context.header(
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    return undefined;
  };
}

function same(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
