// What the command line says where nobody has named a command of it.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

function called(...args: readonly string[]): { readonly code: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], {
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

test('asked for the help of a family of commands, it lists those', () => {
  const { code, said } = called('people', '--help');
  expect(code).toBe(0);
  expect(said).toContain('people link');
  expect(said).not.toMatch(/There is no|audit verify/);
});

test('a slip in the second word is found as one in the first is', () => {
  expect(called('people', 'chek')).toEqual({
    code: 2,
    said: expect.stringContaining('There is no command “people chek”. Did you mean “people check”?'),
  });
});
