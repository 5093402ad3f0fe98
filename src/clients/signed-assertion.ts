// Signs who we are with a private key, for services that give a token for it: the key itself goes nowhere.
import type { CryptoKey, JWTPayload } from 'jose';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';

export interface Assertion {
  /** For sentences: “Okta”. */
  readonly service: string;
  /** PEM (PKCS #8), its lines ended by `\n` or by the two characters, or a JWK. RSA. */
  readonly privateKey: string;
  readonly keyId?: string;
  readonly claims: JWTPayload;
  readonly clock: Pick<Clock, 'now'>;
}

/** Long enough for a clock that differs a little, and no longer. */
const lastsSeconds = 300;

/** A JSON Web Token, RS256. Throws `Failure` where the key is none. */
export async function signedAssertion({
  service,
  privateKey,
  keyId,
  claims,
  clock,
}: Assertion): Promise<string> {
  // Loaded where a key signs, so that nobody else pays for it.
  const { SignJWT } = await import('jose');
  const key = await readKey(privateKey, service);
  const issuedAt = Math.floor(Date.parse(clock.now()) / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lastsSeconds)
    .sign(key);
}

async function readKey(text: string, service: string): Promise<CryptoKey> {
  const { importJWK, importPKCS8 } = await import('jose');
  try {
    if (!text.trimStart().startsWith('{'))
      return await importPKCS8(text.replaceAll(String.raw`\n`, '\n').trim(), 'RS256');
    const key = await importJWK(JSON.parse(text), 'RS256');
    if (!(key instanceof Uint8Array)) return key;
  } catch {
    // The error may quote the key.
  }
  throw new Failure(
    `The private key for ${service} cannot be read: it has to be RSA, as PEM (PKCS #8) or JWK.`,
    {
      transient: false,
    },
  );
}
