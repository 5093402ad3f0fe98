// The text of Git's trees and commits, to and fro.

export interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly sha: string;
  readonly type: 'blob' | 'tree' | 'commit';
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
  /** The armoured signature and what it signs, when there is one. */
  readonly signature: { readonly armor: string; readonly payload: string } | null;
}

export function encodeTree(entries: readonly TreeEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  return Buffer.concat(
    sorted.flatMap((entry) => [
      Buffer.from(`${entry.mode.replace(/^0/, '')} ${entry.name}\0`),
      Buffer.from(entry.sha, 'hex'),
    ]),
  );
}

/** Git sorts folders as if their names ended in a slash. */
function sortKey(entry: TreeEntry): Buffer {
  return Buffer.from(entry.type === 'tree' ? `${entry.name}/` : entry.name);
}

export function decodeTree(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length;) {
    const end = content.indexOf(0, at);
    const head = content.subarray(at, end).toString();
    const mode = head.slice(0, head.indexOf(' ')).padStart(6, '0');
    entries.push({
      mode,
      name: head.slice(head.indexOf(' ') + 1),
      sha: content.subarray(end + 1, end + 21).toString('hex'),
      type: mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob',
    });
    at = end + 21;
  }
  return entries;
}

export function encodeCommit(commit: Omit<Commit, 'sha' | 'signature'>, armor?: string): Buffer {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${encodeSignature(commit.author)}`,
    `committer ${encodeSignature(commit.committer)}`,
    ...(armor ? [`gpgsig ${armor.trimEnd().replaceAll('\n', '\n ')}`] : []),
    '',
    commit.message,
  ];
  return Buffer.from(lines.join('\n'));
}

export function decodeCommit(sha: string, content: Buffer): Commit {
  const text = content.toString();
  const endOfHead = text.indexOf('\n\n');
  const headers = unfold(endOfHead < 0 ? text : text.slice(0, endOfHead));
  const one = (name: string): string => headers.find(([key]) => key === name)?.[1] ?? '';
  const armor = one('gpgsig');
  return {
    sha,
    tree: one('tree'),
    parents: headers.filter(([key]) => key === 'parent').map(([, value]) => value),
    author: decodeSignature(one('author')),
    committer: decodeSignature(one('committer')),
    message: endOfHead < 0 ? '' : text.slice(endOfHead + 2),
    signature: armor === '' ? null : { armor, payload: withoutSignature(text) },
  };
}

/** A header's further lines begin with a space. */
function unfold(head: string): Array<readonly [string, string]> {
  return head
    .replaceAll('\n ', '\u0000')
    .split('\n')
    .map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(0, space), line.slice(space + 1).replaceAll('\u0000', '\n')] as const;
    });
}

function withoutSignature(text: string): string {
  return text.replace(/\ngpgsig [^\n]*(\n [^\n]*)*/, '');
}

function encodeSignature(signature: Signature): string {
  const clean = (text: string): string => text.replace(/[<>\n\0]/g, '');
  const seconds = Math.floor(signature.date.getTime() / 1000);
  return `${clean(signature.name)} <${clean(signature.email)}> ${seconds} +0000`;
}

function decodeSignature(text: string): Signature {
  const match = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(text);
  return {
    name: match?.[1] ?? '',
    email: match?.[2] ?? '',
    date: new Date(Number(match?.[3] ?? 0) * 1000),
  };
}
