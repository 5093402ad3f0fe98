// Seals what a strategy needs to undo its work, with the operator's key, before it enters store or ledger.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { Failure } from '../engine/ports/failure.ts';

/** The operator's keys by their id: the first seals, all of them open. */
export interface SealingKeys {
  readonly keys: readonly SealingKey[];
  /** 12 bytes, never the same twice. */
  readonly nonce: () => Buffer;
}

export interface SealingKey {
  readonly kid: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export type Sealable = { readonly [name: string]: string };

const algorithm = 'aes-256-gcm';
const version = 'v1';
const tagLength = 16;

/** From base64 text of 32 bytes; undefined where it is not that. The id is a digest, so that it names the key and tells nothing of it. */
export function sealingKey(text: string): SealingKey | undefined {
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32 || key.toString('base64').replace(/=+$/, '') !== text.trim().replace(/=+$/, ''))
    return undefined;
  const digest = createHash('sha256').update('countersign sealing key').update(key).digest('hex');
  return { kid: digest.slice(0, 8), key };
}

/** `v1.kid.nonce.text`; it opens only for the same `context`, so that it cannot be moved to another request. */
export function seal(output: Sealable, context: string, { keys, nonce }: SealingKeys): string {
  const [first] = keys;
  if (first === undefined) throw new Failure(missingKey, { transient: false });
  const iv = nonce();
  const cipher = createCipheriv(algorithm, first.key, iv, { authTagLength: tagLength });
  cipher.setAAD(Buffer.from(context));
  const text = Buffer.concat([
    cipher.update(JSON.stringify(output), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return [version, first.kid, iv.toString('base64url'), text.toString('base64url')].join('.');
}

export function unseal(sealed: string, context: string, { keys }: SealingKeys): Sealable {
  const [format, kid, iv = '', text = ''] = sealed.split('.');
  const key = keys.find((each) => each.kid === kid);
  if (format !== version || key === undefined)
    throw new Failure(
      'What is needed to take it back was sealed with a key that is not configured. Add that key to COUNTERSIGN_SEALING_KEY.',
      { transient: false },
    );
  const bytes = Buffer.from(text, 'base64url');
  try {
    const decipher = createDecipheriv(algorithm, key.key, Buffer.from(iv, 'base64url'), {
      authTagLength: tagLength,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(-tagLength));
    const plain = Buffer.concat([decipher.update(bytes.subarray(0, -tagLength)), decipher.final()]);
    return texts(JSON.parse(plain.toString('utf8')));
  } catch {
    throw new Failure(
      'What is needed to take it back cannot be opened: it was altered, or belongs to another request.',
      {
        transient: false,
      },
    );
  }
}

export const missingKey =
  'This strategy has to keep something secret until the access ends, and no key is configured. Set COUNTERSIGN_SEALING_KEY to 32 random bytes in base64.';

function texts(read: unknown): Sealable {
  if (typeof read !== 'object' || read === null) return {};
  return Object.fromEntries(
    Object.entries(read).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
