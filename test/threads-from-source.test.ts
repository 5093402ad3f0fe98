// Other tests start threads that are built. Here they begin as under `npm start`: each reads its own TypeScript.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

const script = `
import { codeUnderTest } from './src/hooks/testing.ts';
import { createJudge } from './src/surfaces/github/flow-check/judge-apart.ts';
const code = codeUnderTest({ files: { 'deploy.ts': 'export const twice = (n: number): number => n * 2;' } });
const answer = await code.run('deploy.ts', 'twice', 4);
await code.stop();
const judge = createJudge({ strategies: {}, clock: { sleep: () => new Promise(() => {}) } });
const files = new Map([['flows/a.yml', new TextEncoder().encode('requestors: [role:member]')]]);
const { conclusion } = await judge({ before: undefined, after: { files, commit: 'c0ffee' }, unchanged: 0 });
console.log(JSON.stringify({ answer, conclusion }));
`;

test('threads for code and for flows start from their source', async () => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  expect(JSON.parse(stdout)).toEqual({ answer: 8, conclusion: 'failure' });
});
