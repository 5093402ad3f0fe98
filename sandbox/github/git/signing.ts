// Signs commits made through the API, as GitHub does with its own key; the public half is served at /web-flow.gpg.
import { createMessage, generateKey, readPrivateKey, sign } from 'openpgp';
import type { GitHub } from '../github.ts';
import type { RepositoryRow } from '../rows.ts';
import type { State } from '../state.ts';
import type { Commit } from './codec.ts';

export interface WebFlow {
  /** Armored. */
  readonly publicKey: string;
  /** A detached signature, armored. */
  sign(payload: Buffer, at: Date): Promise<string>;
}

const secretName = 'web-flow-key';

/** A key for each world, made when it is first needed: a clone of an old ledger can still be verified after a restart. */
export async function openWebFlow(state: State): Promise<WebFlow> {
  const kept = state.secrets.get(secretName) ?? { name: secretName, value: await newKey() };
  if (!state.secrets.get(secretName)) state.secrets.put(kept);
  const key = await readPrivateKey({ armoredKey: kept.value });
  return {
    publicKey: key.toPublic().armor(),
    sign: async (payload, date) =>
      sign({
        message: await createMessage({ binary: payload }),
        signingKeys: key,
        detached: true,
        format: 'armored',
        date,
      }),
  };
}

/** Older than any commit: the clock of a world may stand anywhere. */
const madeAt = new Date('2024-01-16T18:00:00Z');

async function newKey(): Promise<string> {
  const { privateKey } = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name: 'GitHub', email: 'noreply@github.com' }],
    date: madeAt,
    format: 'armored',
  });
  return privateKey;
}

/** Writes a commit signed by GitHub, and remembers having signed it: GitHub too keeps what it found when a commit came. */
export async function writeSignedCommit(
  github: GitHub,
  repository: RepositoryRow,
  commit: Omit<Commit, 'sha' | 'signature'>,
): Promise<string> {
  const git = github.git(repository);
  const { webFlow } = github;
  if (webFlow === null) throw new Error('The sandbox has no key yet: open it before anything is committed.');
  const armor = await webFlow.sign(git.payloadOf(commit), commit.committer.date);
  const sha = git.writeCommit(commit, armor);
  github.state.signedCommits.put({ sha });
  return sha;
}

export type Verification = 'valid' | 'unsigned' | 'invalid';

/** A signature that was copied from another commit, or made by anybody else, is none of GitHub's. */
export function verificationOf({ state }: GitHub, { sha, signature }: Commit): Verification {
  if (signature === null) return 'unsigned';
  return state.signedCommits.get(sha) ? 'valid' : 'invalid';
}
