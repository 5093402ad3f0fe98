// What the functions of a custom strategy may answer. Nothing of it is believed before it was looked at here.
import type { Holding } from '../../domain/entries.ts';
import { none, type Output } from '../strategy.ts';
import type { FunctionName, Program } from './program.ts';

export interface Description {
  readonly order: readonly Holding[];
  readonly identifies: boolean;
  readonly seals: boolean;
}

export interface Answers {
  describe(answer: unknown): Description;
  holding(name: 'wanted', answer: unknown, order: readonly Holding[]): Holding;
  /** Of `identify` and `resource`: what it found, by the key of that name, or why it did not. */
  found<K extends 'account' | 'resource'>(
    name: FunctionName,
    key: K,
    answer: unknown,
  ): { readonly found: string } | { readonly missing: string };
  read(answer: unknown, order: readonly Holding[]): Holding | 'unreadable';
  set(answer: unknown, description: Description): Output;
}

const mostLevels = 20;
const levelForm = /^[A-Za-z][A-Za-z0-9_-]{0,49}$/;
const longestId = 500;
const longestWhy = 300;
const mostOutputs = 20;
const longestOutput = 1000;
const outputName = /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/;

export function answersOf({ fault }: Program): Answers {
  const outputOf = (answer: object, key: 'recorded' | 'sealed'): Output[typeof key] => {
    const kept = valueIn(answer, key);
    if (kept === undefined || kept === null) return undefined;
    const texts = isObject(kept) ? Object.entries(kept) : undefined;
    const isFine =
      texts !== undefined &&
      texts.length <= mostOutputs &&
      texts.every(([name, text]) => outputName.test(name) && isText(text, longestOutput));
    if (!isFine) throw fault('set', `\`${key}\` that is no object of at most ${mostOutputs} short texts`);
    return Object.fromEntries(texts.map(([name, text]) => [name, String(text)]));
  };

  return {
    describe(answer) {
      const order = textsIn(isObject(answer) ? valueIn(answer, 'order') : undefined);
      const isOrder =
        order !== undefined &&
        order[0] === none &&
        order.length > 1 &&
        order.length <= mostLevels &&
        new Set(order).size === order.length &&
        order.every((level) => levelForm.test(level));
      if (!isObject(answer) || !isOrder)
        throw fault(
          'describe',
          `an \`order\` that is none: from ${none} on, 2 to ${mostLevels} different words`,
        );
      return {
        order,
        identifies: valueIn(answer, 'identifies') === true,
        seals: valueIn(answer, 'seals') === true,
      };
    },
    holding(name, answer, order) {
      if (typeof answer === 'string' && answer !== none && order.includes(answer)) return answer;
      throw fault(name, 'nothing of its `order` that could be granted');
    },
    found(name, key, answer) {
      const id = isObject(answer) ? valueIn(answer, key) : undefined;
      if (isId(id)) return { found: id };
      const why = isObject(answer) ? valueIn(answer, 'missing') : undefined;
      if (id === undefined && isText(why, longestWhy)) return { missing: why };
      throw fault(name, `neither \`${key}\`, as a text of one line, nor why it is \`missing\``);
    },
    read(answer, order) {
      if (answer === 'unreadable') return answer;
      const holds = isObject(answer) ? valueIn(answer, 'holds') : undefined;
      if (typeof holds === 'string' && order.includes(holds)) return holds;
      throw fault('read', 'neither `holds`, as one of its `order`, nor that it is unreadable');
    },
    set(answer, { seals }) {
      if (answer === undefined || answer === null) return {};
      if (!isObject(answer)) throw fault('set', 'neither nothing nor an object');
      const [recorded, sealed] = [outputOf(answer, 'recorded'), outputOf(answer, 'sealed')];
      if (sealed !== undefined && !seals) throw fault('set', '`sealed` without saying `seals: true`');
      return { ...(recorded && { recorded }), ...(sealed && { sealed }) };
    },
  };
}

/** One line that is shown, with nothing in it that is not. */
function isId(value: unknown): value is string {
  return isText(value, longestId) && value === value.trim();
}

function isText(value: unknown, length: number): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= length &&
    !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(value)
  );
}

function textsIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((each) => typeof each === 'string');
  return texts.length === value.length ? texts : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueIn(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
}
