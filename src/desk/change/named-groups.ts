// Groups that lie outside of a desk's files, with the place where a file names each: whoever can look them up says what they are.
import { group, type Group } from '../../domain/names.ts';
import type { DeskFiles } from '../desk-reader.ts';
import { diagnose, type Diagnostic } from '../diagnostic.ts';

export interface NamedGroup {
  readonly group: Group;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What came of looking one up: nothing where it could not be told. */
export interface LookedUpGroup {
  /** Whether whoever proposes the change belongs to it. */
  readonly belongs?: boolean;
  /** Why it could not be looked up: mostly, there is none of that name. */
  readonly problem?: string;
}

export interface SeenGroup extends NamedGroup, LookedUpGroup {}

/** In lists and in conditions alike. */
const named = /\b(?:team|codeowners):[A-Za-z0-9-]+\/[^\s'"\]},)#]+/g;
const most = 50;

/** Each once, where it is named first. */
export function namedGroups(files: DeskFiles): readonly NamedGroup[] {
  const found = new Map<string, NamedGroup>();
  for (const [file, content] of files) {
    if (!/^flows\/[^/]+\.yml$/.test(file) || file.endsWith('.test.yml')) continue;
    for (const [index, line] of new TextDecoder()
      .decode(content)
      .split(/\r\n|[\n\r]/)
      .entries())
      for (const match of withoutComment(line).matchAll(named)) {
        const [text] = match;
        if (found.size < most && !found.has(text))
          found.set(text, { group: group(text), file, line: index + 1, column: match.index + 1 });
      }
  }
  return [...found.values()];
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s)#.*$/, '$1');
}

export function groupDiagnostics(seen: readonly SeenGroup[]): readonly Diagnostic[] {
  return seen.flatMap(({ problem, group: text, ...place }) =>
    problem === undefined ? [] : [diagnose(place, 'group-not-found', text, problem)],
  );
}
