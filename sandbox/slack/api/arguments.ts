// The arguments of one call, from a form, a query or a JSON body, read as Slack reads them.
import { asTexts, isJson, parsed, type Json } from '../json.ts';
import { SlackProblem, invalid } from '../problem.ts';

export class Arguments {
  readonly #values: Json;

  constructor(values: Json) {
    this.#values = values;
  }

  /** An empty text counts as left out. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    if (typeof value === 'number') return String(value);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  needed(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw invalid('invalid_arguments', [`missing required field: ${name}`]);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#values[name];
    return value === true || value === 'true' || value === '1' || value === 1;
  }

  /** Comma-separated, or a JSON array. */
  names(name: string): readonly string[] {
    const value = this.#values[name];
    if (Array.isArray(value)) return asTexts(value);
    const text = this.text(name) ?? '';
    return text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  }

  /** Undefined where it was left out; `error` where it is no JSON. */
  json(name: string, error: string): unknown {
    const value = this.#values[name];
    if (value === undefined || value === '' || value === null) return undefined;
    if (typeof value !== 'string') return value;
    const inside = parsed(value);
    if (inside === undefined) throw new SlackProblem(error);
    return inside;
  }

  page(most: number): { readonly limit: number; readonly from: number } {
    const limit = Number(this.text('limit') ?? 100);
    if (!Number.isInteger(limit) || limit < 1 || limit > most) throw new SlackProblem('invalid_limit');
    return { limit, from: readCursor(this.text('cursor')) };
  }

  get all(): Json {
    return this.#values;
  }
}

/** One page of a list, and what leads to the next, in the shape of every method that has pages. */
export function paged<Item>(
  items: readonly Item[],
  { limit, from }: { readonly limit: number; readonly from: number },
): { readonly items: readonly Item[]; readonly response_metadata: Json; readonly has_more: boolean } {
  const next = from + limit;
  const has_more = next < items.length;
  return {
    items: items.slice(from, next),
    has_more,
    response_metadata: {
      next_cursor: has_more ? Buffer.from(`next:${next}`).toString('base64') : '',
    },
  };
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const found = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  if (!found?.[1]) throw new SlackProblem('invalid_cursor');
  return Number(found[1]);
}

export function readBody(contentType: string, body: string, query: URLSearchParams): Json {
  const fromQuery = Object.fromEntries(query);
  if (/^application\/json/i.test(contentType)) {
    const value = body === '' ? {} : parsed(body);
    if (!isJson(value)) throw new SlackProblem('invalid_json');
    return { ...fromQuery, ...value };
  }
  if (body !== '' && !/^application\/x-www-form-urlencoded/i.test(contentType)) {
    throw new SlackProblem(contentType === '' ? 'missing_post_type' : 'invalid_post_type');
  }
  return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(body)) };
}
