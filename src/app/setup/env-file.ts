// Writes what setup finds out: secrets to files that only their owner reads, and never over what somebody else wrote.
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { readEnvFile } from '../environment.ts';
import type { Environment } from '../settings.ts';

export interface EnvFile {
  readonly path: string;
  /** As it stands now. */
  readonly values: Environment;
  /** The copy that was made before the first change; absent where there was nothing to keep. */
  readonly backup: string | undefined;
  /** Adds these lines at the end. Throws where one of the names is set already, and writes nothing. */
  add(values: { readonly [name: string]: string }): void;
  /** A file beside it for its owner alone; its path. Throws where there is one of that name. */
  keep(name: string, content: string): string;
}

export function openEnvFile(place: string): EnvFile {
  const folder = resolve(place);
  const path = join(folder, '.env');
  let backup: string | undefined;
  let isKept = !existsSync(path);

  function keepBefore(): void {
    if (isKept) return;
    backup = copyOf(path);
    isKept = true;
  }

  return {
    path,
    get values() {
      return readEnvFile(folder);
    },
    get backup() {
      return backup;
    },
    add(values) {
      const present = readEnvFile(folder);
      const taken = Object.keys(values).filter((name) => (present[name] ?? '') !== '');
      if (taken.length > 0)
        throw new Error(
          `${taken.join(' and ')} stands in ${path} already. Remove it first, and load this page again.`,
        );
      keepBefore();
      const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const lines = Object.entries(values).map(([name, value]) => `${name}=${quoted(value)}`);
      replace(path, [before.trimEnd(), ...lines].filter((line) => line !== '').join('\n') + '\n');
    },
    keep(name, content) {
      const file = join(folder, name);
      writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
      return file;
    },
  };
}

/** Without quotes, all after a # would be a comment. */
function quoted(value: string): string {
  if (/["\n\r]/.test(value)) throw new Error('A value with quotes or line breaks cannot be kept in .env.');
  return `"${value}"`;
}

function copyOf(path: string): string {
  for (let number = 1; ; number += 1) {
    const copy = `${path}.before-setup${number === 1 ? '' : `-${number}`}`;
    if (existsSync(copy)) continue;
    copyFileSync(path, copy, constants.COPYFILE_EXCL);
    chmodSync(copy, 0o600);
    return copy;
  }
}

/** Whole or not at all. */
function replace(path: string, text: string): void {
  const next = `${path}.${randomUUID()}`;
  writeFileSync(next, text, { mode: 0o600, flag: 'wx' });
  renameSync(next, path);
}
