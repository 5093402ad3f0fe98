// The last requests of a ledger, read out of any clone of it without reading the others.
import { isUtf8 } from 'node:buffer';
import type { RequestId } from '../domain/names.ts';
import type { Request } from '../domain/request.ts';
import { parsePath } from './layout.ts';
import type { LedgerCopy } from './ledger-copy.ts';
import { readRequestFile } from './rebuild.ts';

export interface RecentRequests {
  /** Newest first. */
  readonly requests: readonly Request[];
  /** How many of the newest could not be read: `countersign audit verify` says what is wrong with them. */
  readonly unreadable: number;
}

/** The newest by their ids, which begin with the time at which they were asked. Throws `Failure` where the clone lacks a part. */
export async function readRecentRequests(
  copy: Pick<LedgerCopy, 'list' | 'blob'>,
  count = 200,
): Promise<RecentRequests> {
  const files = (await copy.list()).flatMap(({ path, mode, oid }): RequestFile[] => {
    const place = parsePath(path);
    return place?.type === 'request' && mode === '100644' ? [{ id: place.request, path, oid }] : [];
  });
  const newest = files.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, count);
  const read = await Promise.all(newest.map((file) => readOne(copy, file)));
  const requests = read.filter((request) => request !== undefined);
  return { requests, unreadable: read.length - requests.length };
}

interface RequestFile {
  readonly id: RequestId;
  readonly path: string;
  readonly oid: string;
}

async function readOne(
  copy: Pick<LedgerCopy, 'blob'>,
  { path, oid }: RequestFile,
): Promise<Request | undefined> {
  const content = await copy.blob(oid);
  if (!isUtf8(content)) return undefined;
  const file = readRequestFile(path, content.toString('utf8'));
  return file.ok ? file.request : undefined;
}
