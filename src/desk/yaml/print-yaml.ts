// Values as YAML that reads back as the same, in quotes only where it would not.
import { load, CORE_SCHEMA } from 'js-yaml';

export type YamlValue = string | number | YamlMap;

interface YamlMap {
  readonly [key: string]: YamlValue;
}

/** On one line: `ann`, `'1052'`, `{ login: ann-o, id: 1 }`. */
export function inFlow(value: YamlValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return printText(value);
  const entries = Object.entries(value).map(([key, each]) => `${printText(key)}: ${inFlow(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** In a map that is written line by line: a map that is long, or is to be like its neighbours, has a line for each of its keys. */
export function printEntry({
  key,
  value,
  indent,
  step,
  isLikeBlocks,
}: {
  readonly key: string;
  readonly value: YamlValue;
  readonly indent: number;
  /** How much further in a map within stands. */
  readonly step: number;
  readonly isLikeBlocks: boolean;
}): readonly string[] {
  const name = `${' '.repeat(indent)}${printText(key)}:`;
  if (typeof value !== 'object' || !(isLikeBlocks || isLong(value))) return [`${name} ${inFlow(value)}`];
  const within = Object.entries(value).map(
    ([inner, each]) => `${' '.repeat(indent + step)}${printText(inner)}: ${inFlow(each)}`,
  );
  return [name, ...within];
}

function isLong(value: YamlMap): boolean {
  const values = Object.values(value);
  return values.length > 3 || values.some((each) => typeof each === 'object');
}

/** Letters, digits and what stands between them, which mean nothing to YAML wherever they stand. */
const harmless = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._@+/ -]|:(?=[\p{L}\p{N}]))*$/u;

function printText(text: string): string {
  const isPlain = harmless.test(text) && !text.endsWith(' ') && load(text, { schema: CORE_SCHEMA }) === text;
  if (isPlain) return text;
  const isPrintable = !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);
  return isPrintable && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}
