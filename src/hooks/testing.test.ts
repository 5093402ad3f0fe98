import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CodeFailed,
  codeUnderTest,
  exampleEvents,
  Failure,
  OutsideRefusal,
  type CodeUnderTest,
} from './testing.ts';

const hook = `import { approve, http, log, secret, slack, type AfterHook, type OnHook } from 'countersign/sdk';
export const on_request: OnHook<'request'> = async (event) => {
  const url = \`https://lms.example.com/trained/\${event.request.requester.id}\`;
  const { ok, status } = await http({ url, headers: { authorization: \`Bearer \${secret('LMS')}\` } });
  log(\`trained: \${status}\`);
  return ok ? approve({ steps: ['training'], reason: 'Has done the training.' }) : undefined;
};
export const after_deny: AfterHook<'deny'> = async (event) => slack.send({ to: 'person:ann', text: event.at });
export const broken = () => { throw new Error('oh no'); };
export const told = (event: object) => Object.keys(event).sort();
`;

let folder: string;
let code: CodeUnderTest;
let status = 200;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-sdk-'));
  writeFileSync(join(folder, 'deploy.ts'), hook);
  writeFileSync(join(folder, 'deploy.test.ts'), 'this is not code of the desk');
  code = codeUnderTest({ folder, outside: { http: () => ({ status, json: null, text: '' }) } });
});
afterAll(async () => {
  await code.stop();
  rmSync(folder, { recursive: true });
});

it('runs a hook in the sandbox, with the answers of the test', async () => {
  const answer = await code.run('deploy.ts', 'on_request', exampleEvents.request);
  expect(answer).toEqual({ answer: 'approve', steps: ['training'], reason: 'Has done the training.' });
  expect(code.said).toEqual(['trained: 200']);
  expect(code.calls).toEqual([
    {
      name: 'http',
      args: { url: 'https://lms.example.com/trained/ann', headers: { authorization: 'Bearer (secret LMS)' } },
    },
  ]);
  status = 404;
  expect(await code.run('deploy.ts', 'on_request', exampleEvents.request)).toBeUndefined();
});

it('has an event of whatever code is called for, besides hooks', async () => {
  expect(await code.run('deploy.ts', 'told', exampleEvents.action)).toEqual([
    'at',
    'input',
    'isRepeated',
    'key',
    'request',
  ]);
  expect(await code.run('deploy.ts', 'told', exampleEvents.prefetch)).toEqual(['at', 'input', 'requester']);
  expect(await code.run('deploy.ts', 'told', exampleEvents.identity)).toContain('service');
});

it('fails loudly where the code calls what the test does not answer', async () => {
  await expect(code.run('deploy.ts', 'after_deny', exampleEvents.deny)).rejects.toThrow(
    'The code calls slack.send.',
  );
});

it('throws what went wrong, with its place', async () => {
  const failing = code.run('deploy.ts', 'broken');
  await expect(failing).rejects.toBeInstanceOf(CodeFailed);
  await expect(failing).rejects.toThrow('threw: oh no (flows/deploy.ts:9)');
});

it('lets the test fail a call as the world does', async () => {
  const failures = [new OutsideRefusal('not-granted', 'no'), new Failure('lms: 503', { transient: true })];
  const outside = { http: () => Promise.reject(failures.shift() ?? new Error('none left')) };
  const failing = codeUnderTest({ files: { 'deploy.ts': hook }, outside });
  await expect(failing.run('deploy.ts', 'on_request', exampleEvents.request)).rejects.toThrow(
    'OutsideError: no',
  );
  await expect(failing.run('deploy.ts', 'on_request', exampleEvents.request)).rejects.toThrow(
    'OutsideError: lms: 503',
  );
  await failing.stop();
});

it('checks the types, as a pull request would be', async () => {
  expect(await code.check()).toEqual([]);
});
