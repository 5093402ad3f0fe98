// Okta's token endpoint for service apps: an assertion signed with the app's key in, a token for some scopes out.
import { claimsOf, readAssertion } from '../assertion.ts';
import type { OktaState } from './okta-state.ts';

export interface TokenEndpoint {
  give(request: Request): Promise<Response>;
  allows(token: string): 'read' | 'manage' | undefined;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const lastsSeconds = 3600;

export function createTokenEndpoint({
  domain,
  now,
  state,
}: {
  readonly domain: string;
  readonly now: () => Date;
  readonly state: OktaState;
}): TokenEndpoint {
  const given = new Map<string, { readonly scopes: readonly string[]; readonly until: number }>();
  const seen = new Set<unknown>();
  return {
    async give(request) {
      const form = new URLSearchParams(await request.text());
      const assertion = form.get('client_assertion') ?? '';
      const clientId = claimsOf(assertion)?.['iss'];
      const app = typeof clientId === 'string' ? state.apps.get(clientId) : undefined;
      if (form.get('grant_type') !== 'client_credentials') return refuse(400, 'unsupported_grant_type');
      if (form.get('client_assertion_type') !== assertionType || !app || typeof clientId !== 'string')
        return refuse(401, 'invalid_client');
      const audience = `https://${domain}/oauth2/v1/token`;
      const expected = { issuer: clientId, subject: clientId, audience, key: app.key, now: now() };
      const read = readAssertion(assertion, expected);
      if ('wrong' in read || seen.has(read.claims['jti'])) return refuse(401, 'invalid_client');
      if (app.demandsDpop === true) return refuse(400, 'invalid_dpop_proof');
      seen.add(read.claims['jti']);
      const scopes = (form.get('scope') ?? '').split(' ');
      if (scopes.some((scope) => !app.scopes.includes(scope))) return refuse(400, 'invalid_scope');
      const token = `eyJ-${given.size + 1}-${clientId}`;
      given.set(token, { scopes, until: now().getTime() + lastsSeconds * 1000 });
      return Response.json({
        token_type: 'Bearer',
        expires_in: lastsSeconds,
        access_token: token,
        scope: scopes.join(' '),
      });
    },
    allows(token) {
      const known = given.get(token);
      if (known === undefined || known.until <= now().getTime()) return undefined;
      return known.scopes.includes('okta.groups.manage') ? 'manage' : 'read';
    },
  };
}

function refuse(status: number, error: string): Response {
  return Response.json({ error, error_description: 'As RFC 6749 has it.' }, { status });
}
