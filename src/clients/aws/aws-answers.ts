// How AWS answers, whichever service it is: lists in pages, and an error for what is not there.
import { isAwsCode } from './aws-failure.ts';

/** Undefined where AWS knows no such thing. */
export async function found<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (isAwsCode(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

/** All of a list that comes in pages. */
export async function everyPage<T>(
  page: (next: {
    readonly NextToken?: string;
  }) => Promise<{ readonly rows: readonly T[]; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let token: string | undefined; ;) {
    const { rows, next } = await page(token === undefined ? {} : { NextToken: token });
    all.push(...rows);
    if (next === undefined) return all;
    token = next;
  }
}
