// A colleague's branch is checked out, and it was made to do harm to whoever looks at it.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CliCommand } from './command.ts';
import { explain } from './explain.ts';
import { forms } from './forms.ts';
import { init } from './init/init.ts';
import { schemas } from './schemas.ts';
import { test as testCommand } from './test.ts';
import { validate } from './validate.ts';

let folder: string;
let outside: string;
beforeEach(async () => {
  const place = mkdtempSync(join(tmpdir(), 'countersign-'));
  [folder, outside] = [join(place, 'desk'), join(place, 'outside')];
  for (const each of [folder, outside]) mkdirSync(each);
  writeFileSync(join(outside, 'precious'), 'mine');
  await called(init, folder, '--me', 'ann-o', '--id', '1', '--team', 'data', '--organization', 'acme');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

async function called(
  command: CliCommand,
  ...args: readonly string[]
): Promise<{ code: number; said: string }> {
  let said = '';
  const console = {
    out: (line: string) => (said += `${line}\n`),
    err: (line: string) => (said += `${line}\n`),
  };
  return { code: await command.run(args, console), said };
}

const formFolder = '.github/ISSUE_TEMPLATE';
const form = `${formFolder}/run-migration.yml`;
const link = (path: string, to: string): void => {
  rmSync(join(folder, path), { recursive: true, force: true });
  symlinkSync(to, join(folder, path));
};

test.each([
  ['a form', form, 'precious', forms],
  ['the folder of forms', formFolder, '.', forms],
  ['the folder around it', '.github', '.', forms],
  ['a schema', 'flows/.schemas/flow.schema.json', 'precious', schemas],
  ['the folder of schemas', 'flows/.schemas', '.', schemas],
  ['all flows', 'flows', '.', validate],
])('nothing is read or written through a link: %s', async (_what, path, to, command) => {
  link(path, join(outside, to));
  const { code, said } = await called(command, folder);
  expect({ code, said }).toEqual({
    code: 3,
    said: expect.stringContaining('is a link, and links are not followed'),
  });
  expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('mine');
  expect(existsSync(join(outside, 'run-migration.yml'))).toBe(false);
});

test('a link that leads nowhere is none that a new file is made through', async () => {
  link('.github', join(outside, 'nowhere'));
  const again = ['--me', 'ann-o', '--id', '1', '--team', 'data', '--organization', 'acme'];
  expect((await called(init, folder, ...again)).code).toBe(3);
  expect(existsSync(join(outside, 'nowhere'))).toBe(false);
});

test('names of files move no cursor, and tell GitHub Actions nothing', async () => {
  const nasty = '\u001b[2J##[stop-commands]x';
  writeFileSync(join(folder, `flows/${nasty}.yml`), 'label: x\n');
  writeFileSync(join(folder, formFolder, `${nasty}.yml`), '# Made from flows/gone.yml by Countersign\n');
  for (const [command, ...args] of [
    [testCommand, 'nosuch', '--folder', folder],
    [explain, 'nosuch', '--folder', folder],
    [forms, folder],
    [validate, folder],
    [validate, folder, '--format', 'github'],
    [validate, folder, '--format', 'json'],
    [validate, folder, '--format', 'sarif'],
  ] as const) {
    const { said } = await called(command, ...args);
    expect(said).not.toMatch(/\u001b|##\[/);
  }
});
