// The options in what a service answered, looked at one by one.
import { valueAt } from '../clients/http/value-at.ts';
import type { LiveOption } from '../domain/flow.ts';
import { Failure } from '../engine/ports/failure.ts';

const place = {
  type: 'string',
  pattern: '^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$',
  wants: 'a place in JSON, such as data.url',
} as const;

/** Keys of `with`: where in the answer the options are. */
export const optionPlaces = {
  items: { ...place, description: 'Where the list is in the answer. Default: the answer is the list.' },
  value: {
    ...place,
    description:
      'Where the value is in an item. Default: `value`, or the item where it is a text or a number.',
  },
  label: {
    ...place,
    description: 'Where the text for people is in an item. Default: `label`, or the value.',
  },
} as const;

export interface Places {
  readonly items?: string;
  readonly value?: string;
  readonly label?: string;
}

/** Throws `Failure` where there is no list, or an item has no value. */
export function optionsIn(
  answer: unknown,
  service: string,
  { items, value = 'value', label = 'label' }: Places,
): readonly LiveOption[] {
  const list = items === undefined ? answer : within(answer, items.split('.'));
  if (!Array.isArray(list)) throw new Failure(`${service} answered with no list.`, { transient: false });
  return list.map((item: unknown) => {
    const found = textOf(item) ?? valueAt(item, value.split('.'));
    if (found === undefined)
      throw new Failure(`${service} answered with an option that has no value.`, { transient: false });
    return { value: found, label: valueAt(item, label.split('.')) ?? found };
  });
}

function textOf(item: unknown): string | undefined {
  return typeof item === 'string' || typeof item === 'number' ? String(item) : undefined;
}

function within(read: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return read;
  if (typeof read !== 'object' || read === null || !Object.hasOwn(read, name)) return undefined;
  return within(Object.getOwnPropertyDescriptor(read, name)?.value, rest);
}
