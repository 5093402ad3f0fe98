// Proves who calls: an app by its signed JWT, an installation by a token that lives an hour, a person by their own token.
import { createHmac, randomBytes, timingSafeEqual, verify } from 'node:crypto';
import type { Actor, GitHub } from './github.ts';
import { toTimestamp } from './github.ts';
import { notFound, unauthorized, unprocessable } from './problem.ts';
import type { AppRow, InstallationRow, Level, Permissions, TokenRow } from './rows.ts';

export type Caller =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'app'; readonly app: AppRow }
  | {
      readonly kind: 'installation';
      readonly app: AppRow;
      readonly installation: InstallationRow;
      readonly token: TokenRow;
      readonly actor: Actor;
    }
  | { readonly kind: 'person'; readonly actor: Actor };

const TOKEN_LIFE_MS = 3600 * 1000;
const LONGEST_JWT_SECONDS = 600;
const CLOCK_SKEW_SECONDS = 60;
const levels: readonly Level[] = ['read', 'write', 'admin'];

export function identify(github: GitHub, authorization: string | undefined): Caller {
  if (!authorization) return { kind: 'nobody' };
  const [scheme = '', credentials = ''] = authorization.split(/\s+/);
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'token':
      return credentials.split('.').length === 3
        ? { kind: 'app', app: verifyJwt(github, credentials) }
        : fromToken(github, credentials);
    case 'basic': {
      const [, password = ''] = Buffer.from(credentials, 'base64').toString().split(/:(.*)/s);
      return fromToken(github, password);
    }
    default:
      throw unauthorized();
  }
}

function fromToken(github: GitHub, token: string): Caller {
  if (token.startsWith('ghp_')) {
    const account = github.state.accounts.find(
      (one) => one.type === 'User' && same(personalToken(github, one.id), token),
    );
    if (!account || account.suspended) throw unauthorized();
    return { kind: 'person', actor: { account, app: null } };
  }
  const row = github.state.tokens.get(token);
  if (!row || Date.parse(row.expires_at) <= github.now().getTime()) throw unauthorized();
  const installation = github.state.installations.get(row.installation_id);
  if (!installation || installation.suspended_at) throw unauthorized();
  const app = github.appById(row.app_id);
  return { kind: 'installation', app, installation, token: row, actor: github.botOf(app) };
}

/** A person's token follows from the sandbox's own secret: it survives a restart without a row. */
export function personalToken(github: GitHub, accountId: number): string {
  const secret = github.state.secrets.get('personal-tokens')?.value ?? '';
  return `ghp_${createHmac('sha256', secret).update(String(accountId)).digest('hex').slice(0, 36)}`;
}

function verifyJwt(github: GitHub, token: string): AppRow {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decodePart(head);
  const claims = decodePart(body);
  if (header['alg'] !== 'RS256') throw unauthorized('A JSON web token could not be decoded');
  const app = appNamed(github, claims['iss']);
  const genuine = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${body}`),
    app.public_key,
    Buffer.from(signature, 'base64url'),
  );
  if (!genuine) throw unauthorized('A JSON web token could not be decoded');
  checkTimes(claims, Math.floor(github.now().getTime() / 1000));
  return app;
}

function appNamed(github: GitHub, issuer: unknown): AppRow {
  const name = String(issuer);
  const app = github.state.apps.find((one) => String(one.id) === name || one.client_id === name);
  if (app) return app;
  if (issuer === undefined) throw unauthorized("'Issuer' claim ('iss') must be an Integer");
  const problem = notFound();
  problem.message = 'Integration not found';
  throw problem;
}

function checkTimes(claims: Readonly<Record<string, unknown>>, now: number): void {
  const { exp, iat } = claims;
  if (typeof exp !== 'number') {
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp <= now) {
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + LONGEST_JWT_SECONDS) {
    throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  }
  if (typeof iat !== 'number' || iat > now + CLOCK_SKEW_SECONDS) {
    throw unauthorized(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (exp - iat > LONGEST_JWT_SECONDS + CLOCK_SKEW_SECONDS) {
    throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  }
}

function decodePart(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    throw unauthorized('A JSON web token could not be decoded');
  }
}

export interface Narrowing {
  readonly permissions?: Permissions;
  readonly repositories?: readonly string[];
  readonly repository_ids?: readonly number[];
}

export function issueToken(
  github: GitHub,
  app: AppRow,
  installation: InstallationRow,
  narrowing: Narrowing,
): TokenRow {
  return github.state.tokens.put({
    token: `ghs_${randomBytes(27).toString('base64url').replace(/[-_]/g, 'x').slice(0, 36)}`,
    installation_id: installation.id,
    app_id: app.id,
    permissions: narrowedPermissions(app, narrowing.permissions),
    repository_ids: narrowedRepositories(github, installation, narrowing),
    expires_at: toTimestamp(new Date(github.now().getTime() + TOKEN_LIFE_MS)),
  });
}

function narrowedPermissions(app: AppRow, wanted: Permissions | undefined): Permissions {
  if (!wanted || Object.keys(wanted).length === 0) return app.permissions;
  for (const [name, level] of Object.entries(wanted)) {
    if (!covers(app.permissions[name], level)) {
      throw unprocessable('The permissions requested are not granted to this installation.');
    }
  }
  return { metadata: 'read', ...wanted };
}

function narrowedRepositories(
  github: GitHub,
  installation: InstallationRow,
  narrowing: Narrowing,
): readonly number[] | null {
  const names = narrowing.repositories ?? [];
  const ids = narrowing.repository_ids ?? [];
  if (names.length + ids.length === 0) return installation.repository_ids;
  const owned = github.state.repositories.all().filter((row) => row.owner_id === installation.account_id);
  const reachable = owned.filter((row) => installation.repository_ids?.includes(row.id) ?? true);
  const chosen = reachable.filter(
    (row) => ids.includes(row.id) || names.some((name) => name.toLowerCase() === row.name.toLowerCase()),
  );
  if (chosen.length < new Set([...names, ...ids]).size) {
    throw unprocessable(
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return chosen.map((row) => row.id);
}

export function covers(has: Level | undefined, wanted: Level): boolean {
  return has !== undefined && levels.indexOf(has) >= levels.indexOf(wanted);
}

function same(one: string, other: string): boolean {
  const a = Buffer.from(one);
  const b = Buffer.from(other);
  return a.length === b.length && timingSafeEqual(a, b);
}
