// What authors install: countersign/sdk and countersign/sdk/testing as they are packed, in a folder of somebody else.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const run = promisify(execFile);
const tsc = resolve('node_modules/typescript/bin/tsc');
let folder: string;
let packed: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-packed-'));
  packed = join(folder, 'node_modules/countersign');
  mkdirSync(packed, { recursive: true });
  cpSync('package.json', join(packed, 'package.json'));
  for (const name of ['typescript', 'quickjs-emscripten-core', '@jitl', '@types'])
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  await run(process.execPath, [tsc, '-p', 'src/sdk', '--outDir', join(packed, 'dist')]);
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what package.json exports is built, and packed', () => {
  expect(packageJson.files).toContain('dist');
  expect(packageJson.scripts.build).toContain('tsc -p src/sdk');
  for (const { types, default: code } of [packageJson.exports['./sdk'], packageJson.exports['./sdk/testing']])
    expect([types, code].filter((path) => !existsSync(join(packed, path)))).toEqual([]);
});

test('a hook, and a test of it, type-check in the editor of who writes them, and the test runs under plain Node', async () => {
  mkdirSync(join(folder, 'flows'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'flows/deploy.ts'),
    `import { approve, http, type OnHook } from 'countersign/sdk';
export const on_request: OnHook<'request'> = async ({ request }) => {
  const { ok } = await http({ url: \`https://lms.example.com/\${request.requester.id}\` });
  return ok ? approve({ reason: 'Trained.' }) : undefined;
};
`,
  );
  writeFileSync(
    join(folder, 'trial.mts'),
    `import { codeUnderTest, exampleEvents, type CodeUnderTest } from 'countersign/sdk/testing';
const code: CodeUnderTest = codeUnderTest({ folder: 'flows', outside: { http: () => ({ status: 200 }) } });
const answer = await code.run('deploy.ts', 'on_request', exampleEvents.request);
console.log(JSON.stringify([answer, code.calls, await code.check()]));
await code.stop();
`,
  );
  const options = ['--module', 'nodenext', '--target', 'es2022', '--strict', '--types', 'node'];
  await run(process.execPath, [tsc, ...options, '--skipLibCheck', 'trial.mts', 'flows/deploy.ts'], {
    cwd: folder,
  });
  const { stdout } = await run(process.execPath, ['trial.mjs'], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual([
    { answer: 'approve', reason: 'Trained.' },
    [{ name: 'http', args: { url: 'https://lms.example.com/ann', headers: {} } }],
    [],
  ]);
}, 180_000);
