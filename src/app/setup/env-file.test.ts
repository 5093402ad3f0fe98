import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEnvFile } from './env-file.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'countersign-env-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('a new file is for its owner alone, and reads back what was written, with its number sign', () => {
  const file = openEnvFile(folder);
  file.add({ APP_ID: '12', COUNTERSIGN_DESKS: 'acme/access#4711' });
  expect(file.values).toEqual({ APP_ID: '12', COUNTERSIGN_DESKS: 'acme/access#4711' });
  expect(mode(file.path)).toBe('600');
  expect(file.backup).toBeUndefined();
});

test('what was there stays, word for word, and is copied before the first change', () => {
  const before = '# mine\nLOG_LEVEL=warn';
  writeFileSync(join(folder, '.env'), before, { mode: 0o644 });
  const file = openEnvFile(folder);
  file.add({ APP_ID: '12' });
  file.add({ WEBHOOK_SECRET: 'x' });
  expect(readFileSync(file.path, 'utf8')).toBe(`${before}\nAPP_ID="12"\nWEBHOOK_SECRET="x"\n`);
  expect([readFileSync(file.backup ?? '', 'utf8'), mode(file.backup ?? '')]).toEqual([before, '600']);
  expect(mode(file.path)).toBe('600');
});

test('an earlier copy is not written over', () => {
  writeFileSync(join(folder, '.env.before-setup'), 'older');
  writeFileSync(join(folder, '.env'), 'A=1');
  const file = openEnvFile(folder);
  file.add({ B: '2' });
  expect(readFileSync(join(folder, '.env.before-setup'), 'utf8')).toBe('older');
  expect(file.backup).toBe(join(folder, '.env.before-setup-2'));
});

test('a name that is set is never written over', () => {
  writeFileSync(join(folder, '.env'), 'APP_ID=1');
  const file = openEnvFile(folder);
  expect(() => file.add({ WEBHOOK_SECRET: 'x', APP_ID: '2' })).toThrow(/APP_ID stands in .*already/);
  expect(file.values).toEqual({ APP_ID: '1' });
});

test('a key is kept for its owner alone, and never over another', () => {
  const file = openEnvFile(folder);
  expect(mode(file.keep('a.pem', 'key'))).toBe('600');
  expect(() => file.keep('a.pem', 'another')).toThrow();
});
