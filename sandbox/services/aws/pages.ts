// Lists come in pages, each with a token for the next one that is good for that list alone.
import { invalid } from './problem.ts';

export interface Paged {
  readonly MaxResults: number | undefined;
  readonly NextToken: string | undefined;
}

export function pageOf<T>(
  list: string,
  rows: readonly T[],
  { MaxResults, NextToken }: Paged,
  most: number,
): { readonly rows: readonly T[]; readonly NextToken?: string } {
  const start = NextToken === undefined ? 0 : placeIn(list, NextToken);
  const end = start + Math.min(MaxResults ?? most, most);
  return {
    rows: rows.slice(start, end),
    ...(end < rows.length && { NextToken: Buffer.from(`${list}:${end}`).toString('base64') }),
  };
}

function placeIn(list: string, token: string): number {
  const [, place] = new RegExp(`^${list}:(\\d+)$`).exec(Buffer.from(token, 'base64').toString()) ?? [];
  if (place === undefined) throw invalid('The provided NextToken is not valid');
  return Number(place);
}
