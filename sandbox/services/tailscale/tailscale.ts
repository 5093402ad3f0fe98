// Tailscale’s API for tests: OAuth clients with scopes, users, and the policy file with its tag, its tests and its comparing.
import { createHash, randomUUID } from 'node:crypto';
import { startDouble, type Double } from '../double.ts';
import { fieldsOf, plainAnswers, type Answer, type AskedWhole } from '../plain-answers.ts';
import { readHujson } from './hujson.ts';

export interface TailscaleUserRow {
  readonly id: string;
  readonly loginName: string;
  readonly status: 'active' | 'idle' | 'suspended' | 'needs-approval' | 'over-billing-limit';
  readonly type: 'member' | 'shared';
}

export interface TailscaleSettings {
  readonly tailnet: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly ('policy_file' | 'policy_file:read' | 'users:read')[];
}

export interface Tailscale {
  readonly double: Double;
  readonly users: Map<string, TailscaleUserRow>;
  policy: string;
  /** Right after the file was next read, somebody else changes it: once for each. */
  readonly meanwhile: ((policy: string) => string)[];
  /** Whether a file passes the tests that it holds; the real ones are rules that nobody has to play here. */
  passesTests: (policy: string) => boolean;
  /** The tokens that were given end now. */
  endTokens(): void;
}

export async function startTailscale(settings: TailscaleSettings): Promise<Tailscale> {
  const { tailnet, clientId, clientSecret, scopes } = settings;
  let tokens = new Set<string>();

  function answer(asked: AskedWhole): Answer | undefined {
    if (asked.method === 'POST' && asked.path === '/api/v2/oauth/token') return giveToken(asked);
    const [, token = ''] = /^Bearer (.+)$/.exec(asked.headers.get('authorization') ?? '') ?? [];
    if (!tokens.has(token)) return refusal(401);
    return route(asked);
  }

  function giveToken({ headers, body }: AskedWhole): Answer {
    if (!/^application\/x-www-form-urlencoded\b/.test(headers.get('content-type') ?? '')) return refusal(400);
    const form = new URLSearchParams(body);
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) return refusal(401);
    const access_token = `tskey-api-${randomUUID()}`;
    tokens.add(access_token);
    const json = { access_token, token_type: 'Bearer', expires_in: 3600, scope: scopes.join(' ') };
    return { status: 200, json };
  }

  function route(asked: AskedWhole): Answer | undefined {
    const { method, path } = asked;
    const [, ofUser] = /^\/api\/v2\/users\/([^/]+)$/.exec(path) ?? [];
    if (method === 'GET' && ofUser !== undefined) {
      const row = tailscale.users.get(decodeURIComponent(ofUser));
      return may('users:read', () => (row ? { status: 200, json: userBody(row) } : refusal(404)));
    }
    const [, inTailnet = '', part] = /^\/api\/v2\/tailnet\/([^/]+)\/([\w/]+)$/.exec(path) ?? [];
    if (part === undefined) return undefined;
    if (![tailnet, '-'].includes(decodeURIComponent(inTailnet))) return refusal(404);
    switch (`${method} ${part}`) {
      case 'GET users': {
        const users = [...tailscale.users.values()].map(userBody);
        return may('users:read', () => ({ status: 200, json: { users } }));
      }
      case 'GET acl':
        return may('policy_file:read', () => file(asked));
      case 'POST acl/validate':
        return may('policy_file:read', () => validate(asked));
      case 'POST acl':
        return may('policy_file', () => write(asked));
      default:
        return undefined;
    }
  }

  function may(scope: string, then: () => Answer): Answer {
    const isRead = scope.endsWith(':read') && scopes.some((each) => `${each}:read` === scope);
    return isRead || scopes.some((each) => each === scope) ? then() : refusal(403);
  }

  function file({ headers }: AskedWhole): Answer {
    const answered = shown(headers.get('accept'));
    const change = tailscale.meanwhile.shift();
    if (change) tailscale.policy = change(tailscale.policy);
    return answered;
  }

  function shown(accept: string | null): Answer {
    const etag = tagOf(tailscale.policy);
    if (accept === 'application/json')
      return { status: 200, json: readHujson(tailscale.policy)?.value, headers: { etag } };
    return { status: 200, text: tailscale.policy, headers: { etag, 'content-type': 'application/hujson' } };
  }

  /** Tests that fail are told with 200; what is no policy file is an error. */
  function validate({ body }: AskedWhole): Answer {
    const problem = problemOf(body);
    if (problem !== undefined) return { status: 400, json: { message: problem } };
    return { status: 200, json: tailscale.passesTests(body) ? {} : failedTests };
  }

  function write({ headers, body }: AskedWhole): Answer {
    const wanted = headers.get('if-match');
    if (wanted !== null && wanted !== tagOf(tailscale.policy)) return refusal(412);
    const problem = problemOf(body);
    if (problem !== undefined) return { status: 400, json: { message: problem } };
    if (!tailscale.passesTests(body)) return { status: 400, json: failedTests };
    tailscale.policy = body;
    return shown(headers.get('accept'));
  }

  const tailscale: Tailscale = {
    double: await startDouble(plainAnswers(answer)),
    users: new Map(),
    policy: '{}',
    meanwhile: [],
    passesTests: () => true,
    endTokens() {
      tokens = new Set();
    },
  };
  return tailscale;
}

const failedTests = {
  message: 'test(s) failed',
  data: [{ user: 'ann@acme.com', errors: ['address "prod:22": want: Drop, got: Accept'] }],
};

const refusals: { readonly [status: number]: string } = {
  400: 'bad request',
  401: 'API token invalid',
  403: 'calling actor does not have enough permissions to perform this function',
  404: 'not found',
  412: 'precondition failed, invalid old hash',
};

function refusal(status: number): Answer {
  return { status, json: { message: refusals[status] ?? 'something went wrong' } };
}

function tagOf(policy: string): string {
  return `"${createHash('sha256').update(policy).digest('hex')}"`;
}

/** Groups hold users by their login names, and no other groups. */
function problemOf(body: string): string | undefined {
  const root = fieldsOf(readHujson(body)?.value);
  if (root === undefined) return 'syntax error';
  const [, groups = {}] = Object.entries(root).find(([name]) => name.toLowerCase() === 'groups') ?? [];
  for (const [name, members] of Object.entries(fieldsOf(groups) ?? {})) {
    if (!name.startsWith('group:')) return `group ${name} must start with "group:"`;
    const isList =
      Array.isArray(members) && members.every((each) => typeof each === 'string' && each.includes('@'));
    if (!isList) return `group ${name} must hold users`;
  }
  return undefined;
}

function userBody({ id, loginName, status, type }: TailscaleUserRow): unknown {
  const dates = { created: '2026-01-05T09:00:00Z', lastSeen: '2026-11-20T08:59:00Z' };
  const rest = { displayName: 'Somebody', profilePicUrl: '', tailnetId: '59954', role: 'member' };
  return { id, loginName, status, type, ...rest, ...dates, deviceCount: 1, currentlyConnected: true };
}
