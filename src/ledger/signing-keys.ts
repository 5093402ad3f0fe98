// Checks who signed a commit, offline: against the public keys that somebody gave, as GitHub publishes its own.
import type { PublicKey } from 'openpgp';
import type { RawCommit } from './raw-commit.ts';

export interface SigningKeys {
  /** As people compare them: `B5690EEEBB952194`. */
  readonly ids: readonly string[];
  check(commit: RawCommit): Promise<SignatureVerdict>;
}

export type SignatureVerdict =
  | { readonly verdict: 'valid' | 'unsigned' | 'bad' }
  | { readonly verdict: 'other-key'; readonly key: string };

/** A file may hold several armored blocks, one after the other, as github.com/web-flow.gpg does. Undefined: it holds no key. */
export async function readSigningKeys(content: Buffer): Promise<SigningKeys | undefined> {
  // Only who checks signatures pays for loading what checks them.
  const openpgp = await import('openpgp');
  const blocks = content.toString('latin1').match(armoredKeys) ?? [];
  const read =
    blocks.length > 0
      ? blocks.map((armored) => openpgp.readKeys({ armoredKeys: armored }))
      : [openpgp.readKeys({ binaryKeys: content })];
  const keys: readonly PublicKey[] = (await Promise.all(read).catch(() => [])).flat();
  if (keys.length === 0) return undefined;
  return {
    ids: keys.map((key) => key.getKeyID().toHex().toUpperCase()),
    async check({ signature, at }) {
      if (signature === undefined) return { verdict: 'unsigned' };
      try {
        const { signatures } = await openpgp.verify({
          message: await openpgp.createMessage({ binary: signature.payload }),
          signature: await openpgp.readSignature({ armoredSignature: signature.armor }),
          verificationKeys: [...keys],
          // A signature from long after its commit is none that was made with it. The clock here has no say.
          date: new Date(at + aDay),
        });
        const [first] = signatures;
        if (first === undefined) return { verdict: 'bad' };
        const isKnown = keys.some((key) => key.getKeys(first.keyID).length > 0);
        if (!isKnown) return { verdict: 'other-key', key: first.keyID.toHex().toUpperCase() };
        await first.verified;
        return { verdict: 'valid' };
      } catch {
        return { verdict: 'bad' };
      }
    },
  };
}

const aDay = 86_400_000;
const armoredKeys = /-----BEGIN PGP PUBLIC KEY BLOCK-----[^]*?-----END PGP PUBLIC KEY BLOCK-----/g;
