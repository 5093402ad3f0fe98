// Who is in a group of a Tailscale policy file, and the same file with one member more or less: every other character stays.
import { parseTree, visit, type Node, type ParseError } from 'jsonc-parser';
import { Failure } from '../../engine/ports/failure.ts';

/** Undefined where the file has no such group. Throws `Failure` where the file cannot be read without doubt. */
export function membersOf(text: string, group: string): readonly string[] | undefined {
  return listOf(text, group)?.elements.map(({ login }) => login);
}

/** Unchanged where the login is a member. Throws `Failure` where there is no such group. */
export function withMember(text: string, group: string, login: string): string {
  const list = listOf(text, group);
  if (list === undefined)
    throw new Failure('The policy file has no such group any more.', { transient: false });
  if (list.elements.some((each) => isSame(each.login, login))) return text;
  const first = list.elements[0]?.from;
  const written = JSON.stringify(login);
  const lineBreak = firstLineBreak(text, list);
  if (lineBreak === undefined) {
    const at = first ?? list.from + 1;
    return splice(text, [{ from: at, to: at, put: first === undefined ? written : `${written}, ` }]);
  }
  // On a line of its own, above all others: no comment comes to stand beside somebody else.
  const indent = indentOf(text, list);
  const put = `${indent}${written}${first === undefined ? '' : ','}${lineBreak.put}`;
  return splice(text, [{ from: lineBreak.to, to: lineBreak.to, put }]);
}

/** Unchanged where the login is no member, or there is no such group. Comments stay, also those beside the member. */
export function withoutMember(text: string, group: string, login: string): string {
  const list = listOf(text, group);
  const index = list?.elements.findIndex((each) => isSame(each.login, login)) ?? -1;
  if (list === undefined || index < 0) return text;
  return withoutMember(splice(text, cutsOf(text, list, index)), group, login);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const lenient = { allowTrailingComma: true };

interface Range {
  readonly from: number;
  readonly to: number;
}

interface Cut extends Range {
  readonly put?: string;
}

interface Element extends Range {
  readonly login: string;
}

interface List extends Range {
  readonly elements: readonly Element[];
}

/** Tailscale reads the names of sections in any case, and of two alike the last: those are left to people. */
function listOf(text: string, group: string): List | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, lenient);
  // A line that ends in a bare carriage return ends a comment for some readers, and not for others.
  if (errors.length > 0 || root?.type !== 'object' || /\r(?!\n)/.test(text)) throw unreadable();
  const groups = valueOf(root, (name) => isSame(name, 'groups'));
  if (groups === undefined) return undefined;
  if (groups.type !== 'object') throw unreadable();
  const list = valueOf(groups, (name) => name === group);
  if (list === undefined) return undefined;
  if (list.type !== 'array') throw unreadable();
  return { ...rangeOf(list), elements: (list.children ?? []).map(elementOf) };
}

function valueOf({ children = [] }: Node, isMeant: (name: string) => boolean): Node | undefined {
  const meant = children.filter(({ children: [key] = [] }) => isMeant(String(key?.value)));
  if (meant.length > 1) throw unreadable();
  return meant[0]?.children?.[1];
}

function elementOf(node: Node): Element {
  const login: unknown = node.value;
  if (typeof login !== 'string') throw unreadable();
  return { ...rangeOf(node), login };
}

function rangeOf({ offset, length }: Node): Range {
  return { from: offset, to: offset + length };
}

function unreadable(): Failure {
  return new Failure(
    'The policy file of the tailnet cannot be read without doubt: it is no HuJSON, or names `groups` or the group twice.',
    { transient: false },
  );
}

/** The first one before anything but comments, and outside of them. */
function firstLineBreak(text: string, { from, to, elements: [first] }: List): Required<Cut> | undefined {
  const comments: Range[] = [];
  visit(
    text,
    { onComment: (offset, length) => comments.push({ from: offset, to: offset + length }) },
    lenient,
  );
  const end = first?.from ?? to - 1;
  for (const { index, 0: put } of text.slice(0, end).matchAll(/\r?\n/g))
    if (index > from && !comments.some((comment) => comment.from < index && index < comment.to))
      return { from: index, to: index + put.length, put };
  return undefined;
}

/** As the first member stands, or a step deeper than the bracket that closes the list. */
function indentOf(text: string, { to, elements: [first] }: List): string {
  const own = first && beginningOfLine(text, first.from);
  if (own !== undefined) return own;
  const outer = beginningOfLine(text, to - 1) ?? '';
  return outer + (outer.includes('\t') ? '\t' : '  ');
}

/** The white space before it, where the line has nothing else before it. */
function beginningOfLine(text: string, at: number): string | undefined {
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^[ \t]*$/.test(before) ? before : undefined;
}

function cutsOf(text: string, { to, elements }: List, index: number): readonly Cut[] {
  const element = elements[index] ?? { from: 0, to: 0 };
  const after = commaBetween(text, { from: element.to, to: elements[index + 1]?.from ?? to });
  if (after !== undefined) return tidied(text, joined(text, element, after));
  const previous = elements[index - 1];
  const before = previous && commaBetween(text, { from: previous.to, to: element.from });
  // A list that ended without a comma still does: the file may be plain JSON.
  return before === undefined ? tidied(text, [element]) : joinedBackwards(text, before, element);
}

/** One that parts, not one in a comment. */
function commaBetween(text: string, { from, to }: Range): Range | undefined {
  const commas: number[] = [];
  visit(text, { onSeparator: (_, offset) => void commas.push(offset) }, lenient);
  const at = commas.find((offset) => from <= offset && offset < to);
  return at === undefined ? undefined : { from: at, to: at + 1 };
}

function joined(text: string, element: Range, comma: Range): readonly Range[] {
  const isNear = /^[ \t]*$/.test(text.slice(element.to, comma.from));
  return isNear ? [{ from: element.from, to: comma.to }] : [element, comma];
}

function joinedBackwards(text: string, comma: Range, element: Range): readonly Cut[] {
  const isNear = /^[ \t]*$/.test(text.slice(comma.to, element.from));
  return isNear ? [{ from: comma.from, to: element.to }] : [comma, ...tidied(text, [element])];
}

/** A line that would be left empty goes too, and the white space that parted a member from the next. */
function tidied(text: string, [first, ...others]: readonly Range[]): readonly Cut[] {
  if (first === undefined || others.length > 0) return first === undefined ? [] : [first, ...others];
  const indent = beginningOfLine(text, first.from);
  const [rest = ''] = /^[ \t]*(?:\r?\n)?/.exec(text.slice(first.to)) ?? [];
  if (rest.endsWith('\n'))
    return [indent === undefined ? first : { from: first.from - indent.length, to: first.to + rest.length }];
  return [text[first.to - 1] === ',' ? { from: first.from, to: first.to + rest.length } : first];
}

/** The cuts are in order and apart. */
function splice(text: string, cuts: readonly Cut[]): string {
  let made = '';
  let at = 0;
  for (const { from, to, put = '' } of cuts) {
    made += text.slice(at, from) + put;
    at = to;
  }
  return made + text.slice(at);
}
