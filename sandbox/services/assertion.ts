// Checks a signed assertion (RFC 7523, RS256) as token endpoints do: whose it is, for whom, and for how long.
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';

export interface Expected {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly key: JsonWebKey;
  readonly now: Date;
}

/** The claims, or what is wrong with it. */
export function readAssertion(
  text: string,
  { issuer, subject, audience, key, now }: Expected,
): { readonly claims: Readonly<Record<string, unknown>> } | { readonly wrong: string } {
  const [head = '', body = '', signature = '', ...rest] = text.split('.');
  const header = decode(head);
  const claims = decode(body);
  if (header === undefined || claims === undefined || rest.length > 0) return { wrong: 'no JWT' };
  if (header['alg'] !== 'RS256') return { wrong: 'alg' };
  const publicKey = createPublicKey({ key, format: 'jwk' });
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${body}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) return { wrong: 'signature' };
  const { iss, sub, aud, exp, iat } = claims;
  const seconds = now.getTime() / 1000;
  if (iss !== issuer) return { wrong: 'iss' };
  if (sub !== subject) return { wrong: 'sub' };
  if (aud !== audience) return { wrong: 'aud' };
  if (typeof exp !== 'number' || exp <= seconds) return { wrong: 'exp' };
  if (typeof iat !== 'number' || iat > seconds + 300 || exp - iat > 3600) return { wrong: 'iat' };
  return { claims };
}

/** What is claimed, before anybody believes it: to find the key that it has to be signed with. */
export function claimsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  return decode(text.split('.')[1] ?? '');
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
