// The way to the directory of Google Workspace: tokens for a signed assertion, and its refusals as Google tells them.
import type { Explain } from '../http/http-client.ts';
import { createRest, type Rest } from '../http/rest.ts';
import { createTokenRest } from '../http/token-rest.ts';
import { withSecrets } from '../secret-text.ts';
import { signedAssertion } from '../signed-assertion.ts';
import type { WaysOut } from '../ways-out.ts';
import type { GoogleIntegration } from './google-integration.ts';

export type GooglePurpose = 'read' | 'manage';

const scope = 'https://www.googleapis.com/auth/admin.directory';
/** To decide who belongs, it need not be able to change anything. */
const scopes: Readonly<Record<GooglePurpose, string>> = {
  read: `${scope}.group.readonly ${scope}.user.readonly`,
  manage: `${scope}.group.readonly ${scope}.group.member ${scope}.user.readonly`,
};

/** What the key signs is sent there, and to no other host: by it the secret is granted. */
const tokenHost = 'oauth2.googleapis.com';

/** Paths begin below `/admin/directory/v1`. */
export function googleRest(integration: GoogleIntegration, using: WaysOut, purpose: GooglePurpose): Rest {
  const secret = (text: string): Promise<string> => withSecrets(text, tokenHost, using);
  return createTokenRest({
    service: 'Google',
    baseUrl: 'https://admin.googleapis.com/admin/directory/v1',
    using,
    meaning: {
      401: 'The token of the service account is not valid.',
      403: 'The administrator of the integration lacks a privilege, or the API is not enabled: compare both with the documentation.',
    },
    explain,
    credentials: () =>
      Promise.all([
        secret(integration.client_email),
        secret(integration.subject),
        secret(integration.private_key),
        scopes[purpose],
      ]),
    async ask(_, [clientEmail = '', subject = '', privateKey = '']) {
      const claims = {
        iss: clientEmail,
        sub: subject,
        scope: scopes[purpose],
        aud: `https://${tokenHost}/token`,
      };
      const signing = { service: 'Google', privateKey, claims, clock: using.clock };
      return tokenRest(using).call('asking for an access token', {
        method: 'POST',
        path: '/token',
        form: {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: await signedAssertion(signing),
        },
      });
    },
  });
}

function tokenRest(using: WaysOut): Rest {
  return createRest({
    service: 'Google',
    baseUrl: `https://${tokenHost}`,
    headers: async () => ({}),
    using,
    meaning: {
      400: 'The service account, its key or the administrator of the integration is not valid.',
      401: 'Domain-wide delegation does not give the service account these scopes: compare them with the documentation.',
    },
  });
}

/** Google says by a 403 too that it was asked too often. */
const tooOften: ReadonlySet<string> = new Set([
  'userRateLimitExceeded',
  'rateLimitExceeded',
  'quotaExceeded',
]);

const explain: Explain = ({ status, json }) => {
  const reason = reasonOf(json);
  if (reason === undefined) return {};
  return { reason, ...(status === 403 && tooOften.has(reason) && { transient: true }) };
};

function reasonOf(json: unknown): string | undefined {
  const [first]: readonly unknown[] = listAt(fieldOf(fieldOf(json, 'error'), 'errors'));
  const reason = fieldOf(first, 'reason');
  return typeof reason === 'string' && /^[A-Za-z]{1,60}$/.test(reason) ? reason : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
