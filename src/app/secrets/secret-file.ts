// A secret that lies in a file, as Kubernetes and Docker mount them: read each time, so that a rotated one counts at once.
import { open, stat } from 'node:fs/promises';
import { Failure } from '../../engine/ports/failure.ts';

/** As much as AWS Secrets Manager takes: whatever is longer is no secret. */
const mostBytes = 65_536;

/** Throws `Failure`, which tells nothing of the text and not where it lies. */
export async function readSecretFile(name: string, path: string): Promise<string> {
  const bytes = await firstBytes(name, path);
  if (bytes.length > mostBytes) throw unusable(name, 'is too long for a secret');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unusable(name, 'holds no text');
  }
  // Whoever writes it in an editor ends the line.
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw unusable(name, 'is empty');
  return secret;
}

/** One more than is allowed, at the most. */
async function firstBytes(name: string, path: string): Promise<Buffer> {
  try {
    // A pipe would keep us waiting: to open it is too much already.
    if (!(await stat(path)).isFile()) throw unusable(name, 'is no file');
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(mostBytes + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unreadable(name, codeOf(error));
  }
}

function unreadable(name: string, code: string | undefined): Failure {
  const why = (code !== undefined && reasons[code]) || 'cannot be read';
  return new Failure(`What COUNTERSIGN_SECRET_${name}_FILE names ${why}.`, {
    // Where a disk is in trouble, the next look may find it well.
    transient: code === undefined || !(code in reasons),
  });
}

const reasons: { readonly [code: string]: string } = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there',
  EISDIR: 'is no file',
  EACCES: 'may not be read by the user that runs Countersign',
  EPERM: 'may not be read by the user that runs Countersign',
};

function unusable(name: string, why: string): Failure {
  return new Failure(`What COUNTERSIGN_SECRET_${name}_FILE names ${why}.`, { transient: false });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
