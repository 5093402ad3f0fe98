// Proves to GitHub that we are the app: a short-lived JSON Web Token, signed with the app's private key.
import { createSign } from 'node:crypto';
import type { Instant } from '../../domain/names.ts';
import { plus } from '../../domain/names.ts';

export interface AppToken {
  readonly jwt: string;
  readonly expiresAt: Instant;
}

/** GitHub takes ten minutes at most, by its own clock: so it begins a minute ago and ends a minute early. */
const validMs = 9 * 60_000;
const skewMs = 60_000;

/** `privateKey` is PEM, also with its line breaks written as `\n` as they come out of an environment variable. */
export function signAppToken(appId: string | number, privateKey: string, now: Instant): AppToken {
  const expiresAt = plus(now, validMs);
  const content = [
    { alg: 'RS256', typ: 'JWT' },
    { iat: seconds(plus(now, -skewMs)), exp: seconds(expiresAt), iss: String(appId) },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const key = privateKey.replaceAll('\\n', '\n');
  const signature = createSign('RSA-SHA256').update(content).sign(key, 'base64url');
  return { jwt: `${content}.${signature}`, expiresAt };
}

function seconds(at: Instant): number {
  return Math.floor(Date.parse(at) / 1000);
}
