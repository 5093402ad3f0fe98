// Reads what Slack's blocks hold: any of it may be missing.

export interface Json {
  readonly [key: string]: unknown;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function inside(value: unknown, key: string): Json {
  const found = isJson(value) ? value[key] : undefined;
  return isJson(found) ? found : {};
}

export function listIn(value: unknown, key: string): readonly Json[] {
  const found = isJson(value) ? value[key] : undefined;
  return Array.isArray(found) ? found.filter(isJson) : [];
}

export function textIn(value: unknown, key: string): string {
  const found = isJson(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : '';
}

/** The text of a text object. */
export function wordsIn(value: unknown, key: string): string {
  return textIn(inside(value, key), 'text');
}

/** All options of a menu, those in groups too. */
export function optionsIn(element: Json): readonly Json[] {
  return [
    ...listIn(element, 'options'),
    ...listIn(element, 'option_groups').flatMap((group) => listIn(group, 'options')),
  ];
}
