// Git's object database: reads and writes loose objects directly, so that a commit costs a millisecond and no process.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';
export interface GitObject {
  readonly type: ObjectType;
  readonly content: Buffer;
}

const CACHED_OBJECTS = 20_000;
const LARGEST_CACHED = 256 * 1024;

export class ObjectStore {
  readonly #folder: string;
  readonly #cache = new Map<string, GitObject>();

  constructor(gitFolder: string) {
    this.#folder = gitFolder;
  }

  write(type: ObjectType, content: Buffer): string {
    const raw = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
    const sha = createHash('sha1').update(raw).digest('hex');
    this.#remember(sha, { type, content });
    const file = this.#looseFile(sha);
    if (existsSync(file)) return sha;
    mkdirSync(dirname(file), { recursive: true });
    const unfinished = join(dirname(file), `tmp_obj_${randomBytes(6).toString('hex')}`);
    writeFileSync(unfinished, deflateSync(raw, { level: 1 }), { mode: 0o444 });
    renameSync(unfinished, file);
    return sha;
  }

  /** Undefined when there is no such object. A packed one (after `git gc` by hand) is asked from Git itself. */
  read(sha: string): GitObject | undefined {
    const known = this.#cache.get(sha);
    if (known) return known;
    if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
    const file = this.#looseFile(sha);
    const found = existsSync(file) ? parseLoose(inflateSync(readFileSync(file))) : this.#readPacked(sha);
    if (found) this.#remember(sha, found);
    return found;
  }

  #readPacked(sha: string): GitObject | undefined {
    if (!existsSync(join(this.#folder, 'objects/pack'))) return undefined;
    const output = execFileSync('git', ['--git-dir', this.#folder, 'cat-file', '--batch'], {
      input: `${sha}\n`,
      maxBuffer: 1 << 28,
    });
    const endOfLine = output.indexOf(10);
    const [, type, size] = output.subarray(0, endOfLine).toString().split(' ');
    if (!isObjectType(type)) return undefined;
    return { type, content: output.subarray(endOfLine + 1, endOfLine + 1 + Number(size)) };
  }

  #looseFile(sha: string): string {
    return join(this.#folder, 'objects', sha.slice(0, 2), sha.slice(2));
  }

  #remember(sha: string, object: GitObject): void {
    if (object.content.length > LARGEST_CACHED) return;
    if (this.#cache.size >= CACHED_OBJECTS) {
      for (const oldest of this.#cache.keys()) {
        this.#cache.delete(oldest);
        if (this.#cache.size < CACHED_OBJECTS / 2) break;
      }
    }
    this.#cache.set(sha, object);
  }
}

function parseLoose(raw: Buffer): GitObject | undefined {
  const end = raw.indexOf(0);
  const [type] = raw.subarray(0, end).toString().split(' ');
  return isObjectType(type) ? { type, content: raw.subarray(end + 1) } : undefined;
}

function isObjectType(type: string | undefined): type is ObjectType {
  return type === 'blob' || type === 'tree' || type === 'commit' || type === 'tag';
}
