// The options in what a service answered, looked at one by one.
import { valueAt } from '../clients/http/value-at.ts';
import type { LiveOption } from '../domain/flow.ts';
import { Failure } from '../engine/ports.ts';

export interface Places {
  readonly items?: string;
  readonly value?: string;
  readonly label?: string;
}

/** Throws `Failure` where there is no list, or an item has no value. */
export function optionsIn(answer: unknown, { items, value, label }: Places): readonly LiveOption[] {
  const list = items === undefined ? answer : within(answer, items.split('.'));
  if (!Array.isArray(list)) throw new Failure('The service answered with no list of options.', { transient: false });
  return list.map((item: unknown) => {
    const found = textOf(item) ?? valueAt(item, (value ?? 'value').split('.'));
    if (found === undefined)
      throw new Failure('The service answered with an option that has no value.', { transient: false });
    return { value: found, label: valueAt(item, (label ?? 'label').split('.')) ?? found };
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
