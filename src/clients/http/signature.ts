// Signs a request, so that the service knows that it is ours, is whole, and is not an old one sent again.
import { createHmac } from 'node:crypto';
import type { Instant } from '../../domain/names.ts';

export interface Signed {
  readonly method: string;
  /** With the query, as it is sent. */
  readonly path: string;
  /** The exact bytes; empty where there is no body. */
  readonly body: string;
  readonly at: Instant;
}

/** HMAC-SHA256 over the four lines time, method, path and body. The receiver should refuse times that are minutes old. */
export function signatureHeaders(
  secret: string,
  { method, path, body, at }: Signed,
): Readonly<Record<string, string>> {
  const digest = createHmac('sha256', secret).update([at, method, path, body].join('\n')).digest('hex');
  return { 'countersign-timestamp': at, 'countersign-signature': `v1=${digest}` };
}
