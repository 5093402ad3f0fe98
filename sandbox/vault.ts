// A small service with an API of its own: what the generic HTTP strategy gives access to and takes it away from.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { GitHub } from './github/github.ts';
import type { VaultGrantRow } from './github/state.ts';

export function vaultServer(github: GitHub, token: string): Hono {
  const server = new Hono();
  const { state } = github;
  server.use('*', async (context, next) => {
    const given = context.req.header('authorization') ?? '';
    if (!same(given, `Bearer ${token}`)) return context.json({ error: 'unauthorized' }, 401);
    await next();
    return undefined;
  });
  server.get('/grants', (context) => context.json({ grants: state.vaultGrants.all().map(withoutKey) }));
  server.get('/grants/:subject', (context) => {
    const row = state.vaultGrants.get(context.req.param('subject'));
    return row ? context.json(withoutKey(row)) : context.json({ error: 'not found' }, 404);
  });
  server.put('/grants/:subject', async (context) => {
    const subject = context.req.param('subject');
    const text = await context.req.text();
    const body = parsed(text);
    if (body === undefined) return context.json({ error: 'the body is not JSON' }, 400);
    const key = context.req.header('idempotency-key');
    const fingerprint = createHash('sha256').update(`${subject}\n${text}`).digest('hex');
    const earlier = key === undefined ? undefined : state.vaultKeys.get(key);
    if (earlier && earlier.fingerprint !== fingerprint) {
      return context.json({ error: 'this idempotency key was used for another request' }, 422);
    }
    if (earlier) return Response.json(earlier.answer, { status: earlier.status });
    const at = github.now().toISOString();
    const before = state.vaultGrants.get(subject);
    const row = state.vaultGrants.put({
      subject,
      body,
      created_at: before?.created_at ?? at,
      updated_at: at,
      key: before?.key ?? randomBytes(18).toString('base64url'),
    });
    const status = before ? 200 : 201;
    if (key !== undefined) state.vaultKeys.put({ key, fingerprint, status, answer: row });
    return Response.json(row, { status });
  });
  server.delete('/grants/:subject', (context) => {
    const subject = context.req.param('subject');
    if (!state.vaultGrants.get(subject)) return context.json({ error: 'not found' }, 404);
    state.vaultGrants.delete(subject);
    return context.body(null, 204);
  });
  return server;
}

function withoutKey({ key: _, ...row }: VaultGrantRow): Omit<VaultGrantRow, 'key'> {
  return row;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function same(one: string, other: string): boolean {
  const a = createHash('sha256').update(one).digest();
  return timingSafeEqual(a, createHash('sha256').update(other).digest());
}
