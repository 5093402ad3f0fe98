// Webhooks for tests: GitHub's published examples with a few values of our own put in.
import { createRequire } from 'node:module';

// Its types describe another shape than its one JSON file has.
const published: unknown = createRequire(import.meta.url)('@octokit/webhooks-examples');

export interface WebhookChanges {
  readonly [path: string]: unknown;
}

export const annO = { login: 'ann-o', id: 583_231, type: 'User' } as const;
export const bobL = { login: 'bob-l', id: 583_232, type: 'User' } as const;
export const ourBot = { login: 'countersign[bot]', id: 900_001, type: 'Bot' } as const;

/** `at`: dotted paths into the payload, `comment.body`. Objects are merged into what is there. */
export function aWebhook(
  event: 'issues' | 'issue_comment',
  action: string,
  at: WebhookChanges = {},
): unknown {
  const ofEvent = isList(published) ? published.find((each) => member(each, 'name') === event) : undefined;
  const examples = member(ofEvent, 'examples');
  const example = isList(examples) ? examples.find((each) => member(each, 'action') === action) : undefined;
  if (example === undefined) throw new Error(`There is no published example of ${event}.${action}.`);
  const payload: unknown = structuredClone(example);
  const all = { installation: { id: 45_100_001, node_id: 'x' }, 'repository.id': 4711, ...at };
  for (const [path, value] of Object.entries(all)) put(payload, path.split('.'), value);
  return payload;
}

function put(into: unknown, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof into !== 'object' || into === null) throw new Error(`There is nothing to put ${first} into.`);
  const present: unknown = Reflect.get(into, first);
  if (rest.length > 0) return put(present, rest, value);
  const merged = isPlain(present) && isPlain(value) ? { ...present, ...value } : value;
  Reflect.set(into, first, merged);
}

function member(of: unknown, name: string): unknown {
  return isPlain(of) ? Reflect.get(of, name) : undefined;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
