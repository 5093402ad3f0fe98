// Finds the newest head of the ledger in a clone, whatever its remotes are called, and says so where there is none.
import { Failure } from '../engine/ports/failure.ts';
import type { Git } from './git-process.ts';

export interface FoundRef {
  readonly ref: string;
  readonly head: string;
  /** A branch of this clone that the ledger does not go on from, though it once was the ledger. */
  readonly partedFrom?: string;
}

const branch = 'countersign/ledger';

/** Throws `Failure`: what is missing, and what to do. */
export async function findLedgerRef(git: Git, wanted?: string): Promise<FoundRef> {
  const { code, stdout, stderr } = await git(['rev-parse', '--is-shallow-repository']);
  if (code !== 0)
    throw missing(`This is no Git repository (${firstLine(stderr)}). Give the folder of a clone.`);
  if (stdout.toString().trim() === 'true')
    throw missing(
      'The clone is shallow, so its history is cut off. Run “git fetch --unshallow” in it first.',
    );
  return wanted === undefined ? newest(git) : named(git, wanted);
}

async function named(git: Git, ref: string): Promise<FoundRef> {
  const question = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const { code, stdout } = await git(question);
  if (code !== 0)
    throw missing(`There is no “${ref}” in this repository. “git branch --all” lists what there is.`);
  return { ref, head: stdout.toString().trim() };
}

interface Ref {
  readonly ref: string;
  readonly head: string;
}

/** Where both are there, the remote's branch is newer, unless the ledger was written here. */
async function newest(git: Git): Promise<FoundRef> {
  const refs = await ledgerRefs(git);
  const local = refs.find(({ ref }) => ref === `refs/heads/${branch}`);
  const remotes = refs.filter((each) => each !== local);
  const remote = remotes.find(({ ref }) => ref === `refs/remotes/origin/${branch}`) ?? remotes[0];
  if (remotes.some(({ head }) => head !== remote?.head) && remote?.ref !== `refs/remotes/origin/${branch}`)
    throw missing(
      `Several remotes have a ledger. Say which with --ref: ${remotes.map(({ ref }) => ref).join(', ')}.`,
    );
  if (local === undefined || remote === undefined) {
    const only = local ?? remote;
    if (only) return only;
    throw missing(
      `There is no branch ${branch} here. Clone it with “git clone --branch ${branch}”, or name another with --ref.`,
    );
  }
  if (await goesOn(git, local.head, remote.head)) return remote;
  return (await goesOn(git, remote.head, local.head)) ? local : { ...remote, partedFrom: local.ref };
}

async function ledgerRefs(git: Git): Promise<readonly Ref[]> {
  const places = [`refs/heads/${branch}`, 'refs/remotes'];
  const { stdout } = await git(['for-each-ref', '--format=%(objectname) %(refname)', ...places]);
  return stdout
    .toString()
    .split('\n')
    .filter((row) => row.endsWith(`/${branch}`))
    .map((row) => ({ head: row.slice(0, row.indexOf(' ')), ref: row.slice(row.indexOf(' ') + 1) }))
    .filter(({ ref }) => ref.startsWith('refs/remotes/') || ref === `refs/heads/${branch}`);
}

async function goesOn(git: Git, from: string, to: string): Promise<boolean> {
  return (await git(['merge-base', '--is-ancestor', from, to])).code === 0;
}

function missing(message: string): Failure {
  return new Failure(message, { transient: false });
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
