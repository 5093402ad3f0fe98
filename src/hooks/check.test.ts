import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { deskId } from '../domain/names.ts';
import type { CodeProblem } from './code-problem.ts';
import { createCodeRooms, type CodeRooms } from './code-rooms.ts';
import type { CodeLimits } from './limits.ts';

const desk = deskId('github', 1);
const silence = { info: () => undefined, warn: () => undefined, error: () => undefined };

function createRooms(limits: Partial<CodeLimits> = {}): CodeRooms {
  return createCodeRooms({
    capabilities: {},
    clock: createVirtualClock(),
    log: silence,
    limits: { checkMs: 120_000, ...limits },
  });
}

let rooms: CodeRooms;
beforeAll(() => {
  rooms = createRooms();
});
afterAll(() => rooms.stop());

const check = (
  text: string,
  more: { readonly [file: string]: string } = {},
): Promise<readonly CodeProblem[]> => rooms.check({ desk, files: { 'flows/a.ts': text, ...more } });

async function messages(text: string): Promise<readonly string[]> {
  return (await check(text)).map(({ line, message }) => `${line}: ${message}`);
}

describe('code that is sound', () => {
  it('has no problems: hooks, answers, strategies, files of its own', async () => {
    const text = `import { approve, defineStrategy, http, ignore, secret, type AfterHook, type ApprovalAnswer, type OnHook, type Prefetch } from 'countersign/sdk';
import { teamOf } from './lib/teams.ts';
import type { Team } from './lib/teams.js';
export const on_request: OnHook<'request'> = async ({ request }) => {
  if (request.fields['urgency'] === 'Emergency') return ignore('Call us.');
  const answer = await http({ url: 'https://crm.example.com/x', headers: { authorization: \`Bearer \${secret('CRM')}\` } });
  return answer.ok ? approve({ reason: teamOf(request.requester.id) }) : undefined;
};
export const after_escalate: AfterHook<'escalate'> = ({ account }) => void account;
export const approval: ApprovalAnswer = () => ({ steps: [{ name: 'owner', approvers: ['team:acme/data'] }] });
export const buckets: Prefetch = () => [{ value: 'a', label: 'A' }];
const team: Team = 'member';
export const strategy = defineStrategy({
  order: ['none', 'member'], wanted: () => 'member',
  resource: ({ settings }) => ({ resource: String(settings['id']) }),
  read: () => ({ holds: team }), set: async () => undefined,
});`;
    const problems = await check(text, {
      'flows/lib/teams.ts': `export type Team = 'member';\nexport const teamOf = (id: string): string => id;`,
    });
    expect(problems).toEqual([]);
  });
});

describe('a problem', () => {
  it('is at its place', async () => {
    expect(await check(`export const a: number = 1;\nexport const b: number =   'x';\n`)).toEqual([
      {
        file: 'flows/a.ts',
        line: 2,
        column: 14,
        message: "Type 'string' is not assignable to type 'number'.",
      },
    ]);
  });

  it.each([
    ['a syntax error', 'export const = 1;', '1: Variable declaration expected.'],
    [
      'a hook that answers what it may not',
      `import type { AfterHook } from 'countersign/sdk';\nexport const after_deny: AfterHook<'deny'> = () => ({ answer: 'approve', reason: 'x' });`,
      '2: Type',
    ],
    ['no process', 'export const a = process.env;', "1: Cannot find name 'process'"],
    ['no fetch', `export const a = fetch('x');`, "1: Cannot find name 'fetch'"],
    ['no timers', 'setTimeout(() => 1);', "1: Cannot find name 'setTimeout'"],
    ['no document', 'export const a = document;', "1: Cannot find name 'document'"],
    ['a package', `import { x } from 'lodash';\nexport const a = x;`, '1: Code imports countersign/sdk and'],
    ['a part of Node', `import fs from 'node:fs';\nexport const a = fs;`, '1: Code imports'],
    ['a file that is not there', `import './gone.ts';`, '1: Code imports'],
    ['a file outside', `import '../../../../etc/passwd.ts';`, '1: Code imports'],
    [
      'a part of the SDK',
      `import { makeKernel } from 'countersign/sdk/kernel.js';\nexport const a = makeKernel;`,
      '1: Code imports',
    ],
    ['something passed on', `export * from 'node:fs';`, '1: Code imports'],
    ['the type of a package', `export type A = import('typescript').Node;`, '1: Code imports'],
    ['an import in an expression', `export const a = () => import('./a.ts');`, '1: Imports stand at the top'],
    ['require', `import fs = require('fs');\nexport const a = fs;`, '1: Write'],
    [
      'a file of the machine',
      `/// <reference path="/etc/passwd" />\nexport const a = 1;`,
      '1: /etc/passwd: code refers to nothing',
    ],
    ['types of a package', `/// <reference types="node" />\nexport const a = 1;`, '1: node: code refers'],
    ['a library', `/// <reference lib="dom" />\nexport const a = 1;`, '1: dom: code refers'],
    [
      'a declaration for others',
      `declare module 'countersign/sdk' { export const x: 1 }\nexport {};`,
      '1: Code declares nothing',
    ],
    ['a global declaration', `declare global { const process: any }\nexport {};`, '1: Code declares nothing'],
    ['an await at the top', `export const a = await Promise.resolve(1);`, '1: There is no await'],
  ])('is %s', async (_, text, expected) => {
    expect((await messages(text))[0]).toContain(expected);
  });

  it('comes with few others', async () => {
    const problems = await check(
      'export const a: number = "x";\n'.replace('a', 'a0') +
        Array.from({ length: 200 }, (_, n) => `export const b${n}: number = "x";`).join('\n'),
    );
    expect(problems).toHaveLength(50);
  });

  it('says first what does not fit, and last why, however long the types between are', async () => {
    const [problem] = await check(
      `import { approve, type OnHook } from 'countersign/sdk';
export const on_prompt: OnHook<'prompt'> = async ({ at }) => at === '' ? approve({ reason: 'x' }) : undefined;`,
    );
    expect(problem?.message).toBe(
      "Type 'Promise<Approve | undefined>' is not assignable to type 'void | Ignore | Promise<void | Ignore | undefined> | undefined'. … Property 'message' is missing in type 'Approve' but required in type 'Ignore'.",
    );
  });

  it('is one line of words, whatever the code says', async () => {
    const [problem] = await check(`export const a: '\\u001b[31m\\n::error::' = 'x';`);
    expect(problem?.message).not.toMatch(/\p{Cc}/u);
  });
});

describe('code that is too much', () => {
  it.each([
    ['a file', { 'flows/a.ts': ' '.repeat(131_073) }, 'A file of code is at most'],
    [
      'its number',
      Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`flows/f${n}.ts`, ''])),
      'at most 100 files',
    ],
    [
      'all together',
      Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`flows/f${n}.ts`, ' '.repeat(120_000)])),
      'all files together',
    ],
    ['outside of flows', { 'src/a.ts': '' }, 'Code lies in flows/'],
    ['a strange name', { 'flows/../a.ts': '' }, 'Code lies in flows/'],
    ['a declaration', { 'flows/a.d.ts': '' }, 'Code lies in flows/'],
  ])('is refused before it is read: %s', async (_, files, expected) => {
    const [problem] = await rooms.check({ desk, files });
    expect(problem?.message).toContain(expected);
  });

  /** Types that double at each step: the compiler would work on them for hours, or until there is no memory. */
  const bomb = `type Twice<T extends string> = T extends \`\${infer A}\${infer B}\` ? \`\${A}\${A}\` | \`\${B}\${A}\${B}\` : T;
type Grow<T extends unknown[], N extends number> = T['length'] extends N ? T : Grow<[...T, T], N>;
type Deep<T> = { [K in keyof T]: Deep<{ [L in keyof T]: [T, K, L] }> };
${Array.from({ length: 60 }, (_, n) => `export type A${n} = { a: A${n + 1} | B${n + 1}; b: B${n + 1} } & (A${n + 1} | { c: B${n + 1} });\nexport type B${n} = { a: A${n + 1}; b: A${n + 1} | B${n + 1} } & (B${n + 1} | { d: A${n + 1} });`).join('\n')}
export type A60 = { a: 1 }; export type B60 = { b: 2 };
declare const one: A0; declare const other: B0;
export const all: Deep<A0> & B0 = one as never as Deep<B0> & A0;
export const more: A0 extends B0 ? (B0 extends A0 ? 1 : 2) : 3 = other;`;

  it('is given up in time where its types are a bomb', async () => {
    const strict = createRooms({ checkMs: 4000 });
    const from = performance.now();
    const [problem] = await strict.check({ desk, files: { 'flows/a.ts': bomb } });
    expect(performance.now() - from).toBeLessThan(20_000);
    expect(problem?.message).toMatch(
      /takes longer|too much memory|too complex|possibly infinite|excessively deep/,
    );
    await strict.stop();
  });

  it('is given up where there is no memory for it', async () => {
    const strict = createRooms({ checkMemoryMb: 24 });
    const [problem] = await strict.check({ desk, files: { 'flows/a.ts': 'export const a = 1;' } });
    expect(problem?.message).toBe('Reading this code takes too much memory.');
    expect(await strict.check({ desk, files: {} })).toEqual([]);
    await strict.stop();
  });
});
