// The way to an Okta org: one host, a token or a signed assertion, and its limits and refusals as Okta tells them.
import { Failure } from '../../engine/ports/failure.ts';
import { between, instant } from '../../domain/names.ts';
import type { Explain } from '../http/http-client.ts';
import { createRest, type Rest } from '../http/rest.ts';
import { createTokenRest } from '../http/token-rest.ts';
import { withSecrets } from '../secret-text.ts';
import { signedAssertion } from '../signed-assertion.ts';
import type { WaysOut } from '../ways-out.ts';
import type { OktaIntegration } from './okta-integration.ts';

/** What the service app asks for: no more than what it is about to do. */
export type OktaPurpose = 'read' | 'manage';

const scopes: Readonly<Record<OktaPurpose, string>> = {
  read: 'okta.groups.read okta.users.read',
  manage: 'okta.groups.manage okta.users.read',
};

/** Paths begin with `/api/v1`. */
export function oktaRest(integration: OktaIntegration, using: WaysOut, purpose: OktaPurpose): Rest {
  const { domain, token } = integration;
  const common = { service: 'Okta', baseUrl: `https://${domain}`, using, meaning, explain };
  if (token !== undefined)
    return createRest({
      ...common,
      headers: async () => ({ authorization: `SSWS ${await withSecrets(token, domain, using)}` }),
    });
  const { client_id: clientId, private_key: privateKey, key_id: keyId } = integration;
  if (clientId === undefined || privateKey === undefined)
    throw new Failure('The integration with Okta has neither a `token` nor a `private_key`.', {
      transient: false,
    });
  return createTokenRest({
    ...common,
    credentials: async () => [clientId, await withSecrets(privateKey, domain, using), scopes[purpose]],
    async ask(plain, [, key = '']) {
      const claims = {
        iss: clientId,
        sub: clientId,
        aud: `https://${domain}/oauth2/v1/token`,
        jti: crypto.randomUUID(),
      };
      const signing = { service: 'Okta', privateKey: key, claims, clock: using.clock };
      const assertion = await signedAssertion({ ...signing, ...(keyId !== undefined && { keyId }) });
      return plain.call('asking for an access token', {
        method: 'POST',
        path: '/oauth2/v1/token',
        form: {
          grant_type: 'client_credentials',
          scope: scopes[purpose],
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        },
      });
    },
  });
}

const meaning = {
  400: 'Where it was asked for a token: the service app must not demand DPoP, and needs this key and these scopes.',
  401: 'The credentials of the integration are not valid, or have expired.',
  403: 'Its credentials lack a scope or an admin role: compare them with the documentation.',
};

/** Okta sends no `retry-after`: a limit ends at a second of the clock. */
const explain: Explain = ({ status, headers, json }, now) => {
  const reason = codeOf(json);
  const reset = headers.get('x-rate-limit-reset');
  const isLimit = status === 429 && reset !== null && /^[0-9]{9,11}$/.test(reset);
  return {
    ...(reason !== undefined && { reason }),
    // “Unsupported operation” is a 501, and stays one.
    ...(status === 501 && { transient: false }),
    ...(isLimit && { retryAfter: Math.max(0, between(now, instant(Number(reset) * 1000))) }),
  };
};

function codeOf(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('errorCode' in json)) return undefined;
  const { errorCode } = json;
  return typeof errorCode === 'string' && /^E[0-9]{7}$/.test(errorCode) ? errorCode : undefined;
}
