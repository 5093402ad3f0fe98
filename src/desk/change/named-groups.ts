// Groups that lie outside of a desk's files, with the place where a file names each: whoever can look them up says what they are.
import { group, type Group } from '../../domain/names.ts';
import type { DeskFiles } from '../desk-reader.ts';
import { diagnose, type Diagnostic } from '../diagnostic.ts';
import { isWellFormed } from '../group-grammar.ts';

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
const named =
  /\b(?:(?:team|codeowners):[A-Za-z0-9-]+\/|(?:slack-(?:group|channel)|okta-group|google-group|pagerduty-(?:schedule|escalation-policy)):)[^\s'"\]},)#]+/g;
/** A key of YAML, wherever it stands on a line. */
const keys = /(?:^|[\s{,-])([a-z_]+):(?=\s|$)/g;
/** Below these, a channel or a schedule is where somebody is told, and lets nobody decide. */
const telling: ReadonlySet<string> = new Set(['notify', 'to', 'errors']);
const most = 50;
/** No reader takes a larger file, and nobody has to wait for one. */
const maxBytes = 256 * 1024;

/** Each once, where it is named first; those of one organisation alone. */
export function namedGroups(files: DeskFiles, organization: string): readonly NamedGroup[] {
  const found = new Map<string, NamedGroup>();
  for (const [file, content] of files) {
    if (!/^flows\/[^/]+\.yml$/.test(file) || file.endsWith('.test.yml') || content.length > maxBytes)
      continue;
    let key = '';
    for (const [index, line] of new TextDecoder()
      .decode(content)
      .split(/\r\n|[\n\r]/)
      .entries()) {
      const text = withoutComment(line);
      const keysHere = [...text.matchAll(keys)];
      let passed = 0;
      for (const match of text.matchAll(named)) {
        for (; (keysHere[passed]?.index ?? match.index) < match.index; passed += 1)
          key = keysHere[passed]?.[1] ?? key;
        const [name] = match;
        if (found.size >= most || found.has(name) || !isOf(organization, name)) continue;
        if (/^(?:slack-channel|pagerduty-)/.test(name) && telling.has(key)) continue;
        found.set(name, { group: group(name), file, line: index + 1, column: match.index + 1 });
      }
      key = keysHere.at(-1)?.[1] ?? key;
    }
  }
  return [...found.values()];
}

/** What the app may see of others by chance is not asked on behalf of whoever proposes something. */
function isOf(organization: string, text: string): boolean {
  // Of the desk's own workspace, and by the desk's own integrations.
  if (!/^(?:team|codeowners):/.test(text)) return isWellFormed(text);
  const [, owner = ''] = /^[a-z]+:([^/]+)\//.exec(text) ?? [];
  return owner.toLowerCase() === organization.toLowerCase() && isWellFormed(text);
}

/** What stands behind the first `#` that begins a line or follows a blank. */
export function withoutComment(line: string): string {
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1))
    if (at === 0 || /\s/.test(line.charAt(at - 1))) return line.slice(0, at);
  return line;
}

export function groupDiagnostics(seen: readonly SeenGroup[]): readonly Diagnostic[] {
  return seen.flatMap(({ problem, group: text, ...place }) =>
    problem === undefined ? [] : [diagnose(place, 'group-not-found', text, problem)],
  );
}
