// What the files of a desk name on Slack, so that it can be looked up. Read without understanding them: whoever proposes a file may write anything into it.
import type { DeskFiles } from '../desk-reader.ts';
import { withoutComment } from './named-groups.ts';

export interface NamedOnSlack {
  /** By name or id. Those of another workspace are left out: what is there is not asked on behalf of whoever proposes something. */
  readonly channels: readonly string[];
  readonly groups: readonly string[];
  readonly users: readonly string[];
  /** Whether anything of Slack is named at all. */
  readonly isAny: boolean;
  /** So many new ones were named beyond those that are looked up. */
  readonly left: number;
}

const most = 50;
/** No reader takes a larger file, and nobody has to wait for one. */
const maxBytes = 256 * 1024;

const patterns = {
  channels: /\bslack-channel:([CG][A-Z0-9]{7,20}\b|[\p{Ll}\p{Lo}\p{N}_-]{1,80})/gu,
  groups: /\bslack-group:(S[A-Z0-9]{7,20}\b|[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}._-]{0,79})/gu,
  users: /\b([UW][A-Z0-9]{5,20})\b/g,
} as const;

/** People and guests have accounts; a word in capitals elsewhere is mostly something else. */
const withAccounts = ['flows/people.yml', 'flows/countersign.yml'];

/** Of the files that change. What is new in them comes first: of a large file not all is looked up each time. */
export function namedOnSlack(after: DeskFiles, before: DeskFiles = new Map()): NamedOnSlack {
  const changed = [...after].filter(([file, content]) => !isSame(before.get(file), content));
  const [is, was] = [namesIn(new Map(changed)), namesIn(before)];
  let left = 0;
  const picked = (kind: keyof typeof patterns): readonly string[] => {
    const fresh = [...is[kind]].filter((name) => !was[kind].has(name));
    left += Math.max(0, fresh.length - most);
    return [...fresh, ...[...is[kind]].filter((name) => was[kind].has(name))].slice(0, most);
  };
  const [channels, groups, users] = [picked('channels'), picked('groups'), picked('users')];
  return { channels, groups, users, isAny: is.isAny, left };
}

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}

type Names = { readonly [K in keyof typeof patterns]: ReadonlySet<string> } & { readonly isAny: boolean };

function namesIn(files: DeskFiles): Names {
  const found = { channels: new Set<string>(), groups: new Set<string>(), users: new Set<string>() };
  let isAny = false;
  for (const [file, content] of files) {
    if (!/^flows\/[^/]+\.yml$/.test(file) || file.endsWith('.test.yml') || content.length > maxBytes)
      continue;
    const text = new TextDecoder()
      .decode(content)
      .split(/\r\n|[\n\r]/)
      .map(withoutComment)
      .join('\n');
    isAny ||= /\bslack(?:-channel|-group|_workspaces|_users)?:/.test(text);
    for (const kind of ['channels', 'groups', 'users'] as const) {
      if (kind === 'users' && !withAccounts.includes(file)) continue;
      for (const [, name = ''] of text.matchAll(patterns[kind])) found[kind].add(name);
    }
  }
  return { ...found, isAny };
}
