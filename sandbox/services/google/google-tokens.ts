// Google's token endpoint for service accounts that act for an administrator: an assertion in, a token out.
import { claimsOf, readAssertion } from '../assertion.ts';
import type { GoogleState } from './google-state.ts';

export interface GoogleTokens {
  give(request: Request): Promise<Response>;
  /** The scopes of a token that is good. */
  scopesOf(token: string): readonly string[] | undefined;
}

const lastsSeconds = 3599;

export function createGoogleTokens(state: GoogleState, now: () => Date): GoogleTokens {
  const given = new Map<string, { readonly scopes: readonly string[]; readonly until: number }>();
  return {
    async give(request) {
      const form = new URLSearchParams(await request.text());
      if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
        return refuse(400, 'unsupported_grant_type');
      const assertion = form.get('assertion') ?? '';
      const claimed = claimsOf(assertion);
      const [issuer, subject] = [String(claimed?.['iss']), String(claimed?.['sub'])];
      const account = state.serviceAccounts.get(issuer);
      if (account === undefined) return refuse(400, 'invalid_grant');
      const audience = 'https://oauth2.googleapis.com/token';
      const read = readAssertion(assertion, { issuer, subject, audience, key: account.key, now: now() });
      if ('wrong' in read || !state.administrators.has(subject)) return refuse(400, 'invalid_grant');
      const scopes = String(read.claims['scope']).split(' ');
      if (scopes.some((scope) => !account.scopes.includes(scope))) return refuse(401, 'unauthorized_client');
      const token = `ya29.${given.size + 1}`;
      given.set(token, { scopes, until: now().getTime() + lastsSeconds * 1000 });
      return Response.json({ access_token: token, expires_in: lastsSeconds, token_type: 'Bearer' });
    },
    scopesOf(token) {
      const known = given.get(token);
      return known && known.until > now().getTime() ? known.scopes : undefined;
    },
  };
}

function refuse(status: number, error: string): Response {
  return Response.json({ error, error_description: 'As RFC 6749 has it.' }, { status });
}
