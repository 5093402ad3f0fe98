import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../engine/ports/failure.ts';
import { readSecretFile } from './secret-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-secret-file-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function holding(content: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, `VALUE-${Math.random()}`);
  writeFileSync(path, content, { mode });
  return path;
}

/** Root may read everything: whoever is root is somebody else meanwhile. */
async function asNobodySpecial<T>(work: () => Promise<T>): Promise<T> {
  const { seteuid } = process;
  if (process.getuid?.() !== 0 || seteuid === undefined) return work();
  chmodSync(folder, 0o711);
  seteuid(65_534);
  try {
    return await work();
  } finally {
    seteuid(0);
  }
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  if (!(thrown instanceof Failure)) throw new Error('It should have failed.');
  return thrown;
}

describe('a secret in a file', () => {
  test.each([
    ['s3cr3t', 's3cr3t'],
    ['s3cr3t\n', 's3cr3t'],
    ['s3cr3t\r\n', 's3cr3t'],
    ['two\nlines\n\n', 'two\nlines\n'],
    [' kept ', ' kept '],
  ])('%j is %j', async (content, secret) => {
    expect(await readSecretFile('OKTA', holding(content))).toBe(secret);
  });

  test('that is rotated counts at once, also behind a link as Kubernetes makes it', async () => {
    const path = join(folder, 'rotated');
    symlinkSync(holding('old'), path);
    expect(await readSecretFile('OKTA', path)).toBe('old');
    symlinkSync(holding('new'), `${path}-next`);
    renameSync(`${path}-next`, path);
    expect(await readSecretFile('OKTA', path)).toBe('new');
  });

  test('may be as long as AWS takes them, and no longer', async () => {
    expect(await readSecretFile('OKTA', holding('x'.repeat(65_536)))).toHaveLength(65_536);
    const failure = await failureOf(readSecretFile('OKTA', holding('x'.repeat(65_537))));
    expect(failure.message).toBe('What COUNTERSIGN_SECRET_OKTA_FILE names is too long for a secret.');
  });

  test.each<readonly [string, () => string]>([
    ['is not there', () => join(folder, 'VALUE')],
    ['is no file', () => folder],
    ['is empty', () => holding('\n')],
    ['holds no text', () => holding(Uint8Array.of(0x56, 0xff))],
  ])('%s: said so, and neither what it holds nor where it lies', async (why, path) => {
    const failure = await failureOf(readSecretFile('OKTA', path()));
    expect(failure).toMatchObject({ transient: false });
    expect(failure.message).toBe(`What COUNTERSIGN_SECRET_OKTA_FILE names ${why}.`);
    expect(failure.cause).toBeUndefined();
  });

  test('a pipe keeps nobody waiting', async () => {
    const path = join(folder, 'pipe');
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', path]);
    const failure = await failureOf(readSecretFile('OKTA', path));
    expect(failure.message).toBe('What COUNTERSIGN_SECRET_OKTA_FILE names is no file.');
  });

  test('that may not be read', async () => {
    const path = holding('VALUE');
    chmodSync(path, 0);
    const failure = await failureOf(asNobodySpecial(() => readSecretFile('OKTA', path)));
    expect(failure).toMatchObject({ transient: false });
    expect(failure.message).toContain('may not be read by the user that runs Countersign');
  });
});
