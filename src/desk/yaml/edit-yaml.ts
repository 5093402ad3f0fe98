// Small changes to a YAML file that people keep: what is not meant stays as it was typed, comments and all, or nothing is changed.
import { isDeepStrictEqual } from 'node:util';
import { constructFromEvents, CORE_SCHEMA, parseEvents } from 'js-yaml';
import { readTree, type ListNode, type MapNode, type YamlNode } from './yaml-tree.ts';
import { inFlow, printEntry, type YamlValue } from './print-yaml.ts';

export type YamlChange =
  /** The value of a key, which is added where it is not there; of the maps on the way, the last too. */
  | { readonly set: YamlPath; readonly value: YamlValue; readonly after?: string }
  /** A key with its value. */
  | { readonly remove: YamlPath }
  /** One more text at the end of a list. */
  | { readonly append: YamlPath; readonly item: string }
  | { readonly drop: YamlPath; readonly item: string };

type YamlPath = readonly [string, ...string[]];

/** Undefined where it cannot be done without touching more than is meant. `text` is sound: whoever asks has read it. */
export function editYaml(text: string, change: YamlChange): string | undefined {
  const tree = readTree(text);
  const splice = tree && spliceFor({ text, newline: text.includes('\r\n') ? '\r\n' : '\n' }, tree, change);
  if (splice === undefined) return undefined;
  const edited = text.slice(0, splice.start) + splice.text + text.slice(splice.end);
  return isDeepStrictEqual(valueOf(edited), afterChange(valueOf(text), change)) ? edited : undefined;
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Source {
  readonly text: string;
  readonly newline: string;
}

function spliceFor(source: Source, tree: YamlNode, change: YamlChange): Splice | undefined {
  if ('set' in change) return setSplice(source, tree, change);
  if ('remove' in change) {
    const [map, key] = [nodeAt(tree, change.remove.slice(0, -1)), change.remove.at(-1)];
    return map?.kind === 'map' ? removeSplice(source, map, key) : undefined;
  }
  if ('append' in change) {
    const list = nodeAt(tree, change.append);
    return list?.kind === 'list' ? appendSplice(source, list, change.item) : undefined;
  }
  const list = nodeAt(tree, change.drop);
  return list?.kind === 'list' ? dropSplice(source, list, change.item) : undefined;
}

function nodeAt(node: YamlNode | undefined, path: readonly string[]): YamlNode | undefined {
  const [key, ...rest] = path;
  if (key === undefined || node === undefined) return node;
  return node.kind === 'map' ? nodeAt(entryOf(node, key)?.value, rest) : undefined;
}

function entryOf({ entries }: MapNode, name: string | undefined): MapNode['entries'][number] | undefined {
  return entries.find(({ key }) => key.value === name);
}

function setSplice(
  source: Source,
  tree: YamlNode,
  { set: path, value, after }: Extract<YamlChange, { set: unknown }>,
): Splice | undefined {
  const [parents, key] = [path.slice(0, -1), path.at(-1) ?? ''];
  const map = nodeAt(tree, parents);
  const [grand, ...above] = [parents.at(-1), ...parents.slice(0, -1)];
  if (map === undefined && grand !== undefined) {
    const around = nodeAt(tree, above);
    return around?.kind === 'map'
      ? addSplice(source, around, { key: grand, value: { [key]: value } })
      : undefined;
  }
  if (map?.kind !== 'map') return undefined;
  const known = entryOf(map, key)?.value;
  if (known === undefined) return addSplice(source, map, { key, value, after });
  const isOnItsLine = known.kind === 'scalar' ? known.end > known.start : known.isFlow;
  return isOnItsLine ? { start: known.start, end: known.end, text: inFlow(value) } : undefined;
}

interface Addition {
  readonly key: string;
  readonly value: YamlValue;
  /** The key that it is to stand behind; absent, or not there: the last. */
  readonly after?: string | undefined;
}

function addSplice(
  { text, newline }: Source,
  map: MapNode,
  { key, value, after }: Addition,
): Splice | undefined {
  const [first, anchor] = [map.entries[0], entryOf(map, after) ?? map.entries.at(-1)];
  if (first === undefined || anchor === undefined)
    return map.isFlow ? { start: map.start, end: map.end, text: inFlow({ [key]: value }) } : undefined;
  if (map.isFlow)
    return {
      start: anchor.value.end,
      end: anchor.value.end,
      text: `, ${inFlow({ [key]: value }).slice(2, -2)}`,
    };
  const indent = first.key.start - lineStart(text, first.key.start);
  const inner = map.entries.map((each) => each.value).find(isBlock);
  const step = (inner ? inner.start - lineStart(text, inner.start) : indent + 2) - indent;
  const lines = printEntry({ key, value, indent, step, isLikeBlocks: isBlock(anchor.value) });
  const gap = isSpaced(text, map) ? newline : '';
  const at = lineEnd(text, anchor.value.end);
  const isOpen = at === text.length && !text.endsWith('\n');
  const added = `${gap}${lines.join(newline)}${newline}`;
  return { start: at, end: at, text: isOpen ? newline + added : added };
}

function isBlock(node: YamlNode): boolean {
  return node.kind === 'map' && !node.isFlow;
}

/** Whether an empty line stands between each two, so that one belongs before the next as well. */
function isSpaced(text: string, { entries }: MapNode): boolean {
  return (
    entries.length > 1 &&
    entries
      .slice(1)
      .every(({ key }, at) => /\n[ \t]*\r?\n/.test(text.slice(entries[at]?.value.end, key.start)))
  );
}

function removeSplice({ text }: Source, map: MapNode, name: string | undefined): Splice | undefined {
  const places = map.entries.map(({ key, value }) => ({ start: key.start, end: value.end }));
  const at = map.entries.findIndex(({ key }) => key.value === name);
  return withoutOne(text, { places, isFlow: map.isFlow }, at);
}

function appendSplice(
  { text, newline }: Source,
  { items, isFlow, start, end }: ListNode,
  item: string,
): Splice | undefined {
  const last = items.at(-1);
  if (last === undefined) return isFlow ? { start, end, text: `[${inFlow(item)}]` } : undefined;
  if (isFlow) return { start: last.end, end: last.end, text: `, ${inFlow(item)}` };
  const dash = text.slice(lineStart(text, last.start), last.start);
  if (!/^\s*-\s+$/.test(dash)) return undefined;
  const at = lineEnd(text, last.end);
  const line = `${dash}${inFlow(item)}`;
  const isOpen = at === text.length && !text.endsWith('\n');
  return { start: at, end: at, text: isOpen ? newline + line : line + newline };
}

function dropSplice({ text }: Source, { items, isFlow }: ListNode, item: string): Splice | undefined {
  const at = items.findIndex((each) => each.kind === 'scalar' && each.value === item);
  return withoutOne(text, { places: items, isFlow }, at);
}

/** The last one stays: what holds nothing means something else than what is not there. */
function withoutOne(
  text: string,
  {
    places,
    isFlow,
  }: {
    readonly places: readonly { readonly start: number; readonly end: number }[];
    readonly isFlow: boolean;
  },
  at: number,
): Splice | undefined {
  const [before, one, behind] = [places[at - 1], places[at], places[at + 1]];
  if (one === undefined || places.length === 1) return undefined;
  if (isFlow)
    return { start: before?.end ?? one.start, end: before ? one.end : (behind?.start ?? one.end), text: '' };
  const start = lineStart(text, one.start);
  const isAlone = /^\s*(-\s+)?$/.test(text.slice(start, one.start));
  return isAlone ? { start, end: lineEnd(text, one.end), text: '' } : undefined;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the next line begins. A block of text ends there already. */
function lineEnd(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset;
  const found = text.indexOf('\n', offset);
  return found < 0 ? text.length : found + 1;
}

/** As a reader of the file has it, and comparable. */
function valueOf(text: string): unknown {
  const [value] = constructFromEvents(parseEvents(text, { maxDepth: 20 }), {
    source: text,
    schema: CORE_SCHEMA,
    maxAliases: 0,
  });
  return JSON.parse(JSON.stringify(value));
}

/** What the change means, whatever the text is like. */
function afterChange(value: unknown, change: YamlChange): unknown {
  if ('set' in change) return withValue(value, change.set, () => change.value);
  if ('remove' in change) return withValue(value, change.remove, () => undefined);
  if ('append' in change) return withValue(value, change.append, (list) => [...listIn(list), change.item]);
  return withValue(value, change.drop, (list) => listIn(list).filter((each) => each !== change.item));
}

function withValue(
  value: unknown,
  [key, ...rest]: readonly string[],
  change: (value: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value);
  const map = typeof value === 'object' && value !== null ? value : {};
  const next = withValue(Reflect.get(map, key), rest, change);
  const others = Object.entries(map).filter(([name]) => name !== key);
  return Object.fromEntries(next === undefined ? others : [...others, [key, next]]);
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
