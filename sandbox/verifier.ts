// Runs the app's own verifier on a fresh clone of the ledger and the sandbox's public key, as anybody with both could.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Verified } from './beside.ts';
import type { Sandbox } from './server.ts';

export const ledgerBranch = 'countersign/ledger';
const patienceMs = 60_000;
const mostShown = 20_000;

export function verifierOf(sandbox: Sandbox, command: readonly string[]): () => Promise<Verified> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-verify-'));
    try {
      const clone = join(folder, 'ledger');
      const bare = sandbox.github.git(sandbox.desk).folder;
      const cloned = await run('git', [
        'clone',
        '--quiet',
        '--single-branch',
        '--branch',
        ledgerBranch,
        bare,
        clone,
      ]);
      if (!cloned.ok) return cloned;
      const keys = join(folder, 'web-flow.gpg');
      await writeFile(keys, sandbox.github.webFlow?.publicKey ?? '');
      const [program = '', ...args] = command;
      return await run(program, [...args, clone, '--keys', keys, '--app', appName(sandbox)]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** The app that writes the ledger: the one that gets the webhooks. */
function appName({ github }: Sandbox): string {
  return github.state.apps.all()[0]?.slug ?? '';
}

function run(program: string, args: readonly string[]): Promise<Verified> {
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      { timeout: patienceMs, maxBuffer: 8 * 1024 * 1024, env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) => {
        const output = stripVTControlCharacters(
          [stdout, stderr].filter((text) => text !== '').join('\n'),
        ).trim();
        resolve({ ok: error === null, output: (output || (error?.message ?? '')).slice(0, mostShown) });
      },
    );
  });
}
