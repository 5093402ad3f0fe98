// The way of docs/sandbox.md from a desk of one's own to a pull request, line by line as it stands there.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleWorld } from './sample-world.ts';
import { startSandbox, type Sandbox } from './server.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
let folder: string;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'own-desk-'));
  sandbox = await startSandbox({
    port: 0,
    folder: join(folder, 'world'),
    world: sampleWorld,
    seedFolder: join(root, 'flows'),
    issueTemplateFolder: join(root, '.github/ISSUE_TEMPLATE'),
  });
});

afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'what the document says to type brings a flow of one’s own into a pull request',
  { timeout: 60_000 },
  async () => {
    const document = readFileSync(join(root, 'docs/sandbox.md'), 'utf8');
    const section = document.split('\n## ').find((part) => part.startsWith('Your own desk')) ?? '';
    const [bring, slip] = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, lines = '']) =>
      lines.replaceAll('../', `${folder}/`).replace('127.0.0.1:8740', new URL(sandbox.url).host),
    );
    const person = {
      GIT_AUTHOR_NAME: 'G',
      GIT_AUTHOR_EMAIL: 'g@x',
      GIT_COMMITTER_NAME: 'G',
      GIT_COMMITTER_EMAIL: 'g@x',
    };
    const env = { ...process.env, ...person };
    const { stdout, stderr } = await run('bash', ['-ec', bring ?? ''], { cwd: root, env });
    expect(stdout).toMatch(/nothing wrong\. \d+ scenarios passed/);
    expect(stderr).toContain(`${sandbox.url}/acme/access/pull/1`);
    const pull = (): unknown => sandbox.github.state.issues.all()[0]?.pull;
    expect(pull()).toMatchObject({ head_ref: 'my-flow' });

    const { stdout: before } = await run('git', ['rev-parse', 'HEAD'], { cwd: join(folder, 'sandbox-desk') });
    expect(pull()).toMatchObject({ head_sha: before.trim() });
    await run('bash', ['-ec', slip ?? ''], { cwd: join(folder, 'sandbox-desk'), env });
    const { stdout: after } = await run('git', ['show', '--format=%H', 'HEAD'], {
      cwd: join(folder, 'sandbox-desk'),
    });
    expect(after).toContain('+lable: Run a migration');
    expect(pull()).toMatchObject({ head_sha: after.slice(0, 40) });
  },
);
