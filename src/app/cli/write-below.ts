// Writes and removes files in a folder that somebody else may have made: no link leads out of it.
import { constants } from 'node:fs';
import { lstat, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Failure } from '../../engine/ports/failure.ts';

/** Throws `Failure` where a part of the path is a link. With `new`, what is there stays, and the answer is false. */
export async function writeBelow(
  root: string,
  path: string,
  content: string | Uint8Array,
  how?: 'new',
): Promise<boolean> {
  await refuseLinks(root, path);
  if (how === 'new' && (await kindOf(join(root, path))) !== 'nothing') return false;
  await mkdir(join(root, dirname(path)), { recursive: true });
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;
  const file = await open(
    join(root, path),
    O_WRONLY | O_CREAT | (how === 'new' ? O_EXCL : O_TRUNC) | (O_NOFOLLOW ?? 0),
    0o644,
  );
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
  return true;
}

/** Throws `Failure` where a part of the path is a link. */
export async function removeBelow(root: string, path: string): Promise<void> {
  await refuseLinks(root, path);
  await rm(join(root, path));
}

/** The root itself is what its owner named, and a folder; below it nothing leads elsewhere. Throws `Failure`. */
export async function refuseLinks(root: string, path: string): Promise<void> {
  const parts = path.split(/[/\\]/);
  for (const [index] of parts.entries()) {
    const part = parts.slice(0, index + 1).join(sep);
    if ((await kindOf(join(root, part))) === 'link')
      throw new Failure(`${part} is a link, and links are not followed: put a folder or file there.`, {
        transient: false,
      });
  }
}

async function kindOf(path: string): Promise<'nothing' | 'link' | 'other'> {
  try {
    return (await lstat(path)).isSymbolicLink() ? 'link' : 'other';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return 'nothing';
    if (code === 'ENOTDIR')
      throw new Failure(
        `${dirname(path)} is a file, and no folder. Name the folder that flows/ is in, or a flow by its name alone.`,
        { transient: false, cause: error },
      );
    throw error;
  }
}
