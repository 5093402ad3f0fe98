// Looks into what a service answered: one value, by its place in the JSON.

/** As a text; undefined where there is no single value. */
export function valueAt(read: unknown, [name, ...rest]: readonly string[]): string | undefined {
  if (name === undefined)
    return ['string', 'number', 'boolean'].includes(typeof read) ? String(read) : undefined;
  if (typeof read !== 'object' || read === null || !Object.hasOwn(read, name)) return undefined;
  return valueAt(Object.getOwnPropertyDescriptor(read, name)?.value, rest);
}
