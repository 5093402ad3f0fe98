// Who owns a path by a CODEOWNERS file, read as GitHub reads it: the last rule that matches counts, even one without owners.
import { RE2JS } from 're2js';

export interface CodeOwners {
  /** Empty where nobody does. */
  of(path: string): readonly string[];
}

interface Rule {
  readonly owners: readonly string[];
  matches(path: string): boolean;
}

/** Where GitHub looks for the file; the first that exists is the only one that counts. */
export const codeOwnersPaths = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

export function parseCodeOwners(text: string): CodeOwners {
  const rules = text.split(/\r?\n/).flatMap((line) => parseRule(line) ?? []);
  return { of: (path) => rules.findLast((rule) => rule.matches(path))?.owners ?? [] };
}

/** A user, a team, or an e-mail address. No team is called `..`: in the address of a call it would climb. */
const owner = /^(?:@[A-Za-z0-9][\w.-]*(?:\/(?!\.{1,2}$)[\w.-]+)?|[^@\s]+@[^@\s]+)$/;

/** Undefined for a line that GitHub skips: a comment, a pattern of gitignore that CODEOWNERS does not know, a strange owner. */
function parseRule(line: string): Rule | undefined {
  const [pattern, ...rest] = line.trim().match(/(?:\\.|\S)+/g) ?? [];
  if (pattern === undefined || pattern.startsWith('#') || pattern.startsWith('!') || /[[\]]/.test(pattern))
    return undefined;
  const comment = rest.findIndex((word) => word.startsWith('#'));
  const owners = comment < 0 ? rest : rest.slice(0, comment);
  if (!owners.every((name) => owner.test(name))) return undefined;
  const expression = RE2JS.compile(toExpression(pattern));
  return { owners, matches: (path) => expression.matches(path) };
}

/** The pattern as a regular expression for the whole path, in a dialect that takes linear time. */
function toExpression(pattern: string): string {
  const isFolder = pattern.endsWith('/');
  const body = pattern.replace(/^\//, '').replace(/\/$/, '');
  const parts = body.split('/');
  const isAnchored = pattern.startsWith('/') || parts.length > 1;
  const last = parts.at(-1);
  const path = parts.map((part, index) => partExpression(part, index === parts.length - 1)).join('');
  // `docs/*` means the files in `docs` and nothing below; any other name covers the file or all of the folder.
  const below = isFolder ? '/.*' : last === '*' && isAnchored ? '' : '(?:/.*)?';
  return `${isAnchored ? '' : '(?:.*/)?'}${path}${last === '**' ? '' : below}`;
}

function partExpression(part: string, isLast: boolean): string {
  if (part === '**') return isLast ? '.*' : '(?:.*/)?';
  const expression = (part.match(/\\.|[^\\]|\\$/g) ?? [])
    .map((piece) => {
      if (piece === '*') return '[^/]*';
      return piece === '?' ? '[^/]' : RE2JS.quote(piece.replace(/^\\(?=.)/, ''));
    })
    .join('');
  // A bare star stands for a name, and no name is empty.
  return (part === '*' ? '[^/]+' : expression) + (isLast ? '' : '/');
}
