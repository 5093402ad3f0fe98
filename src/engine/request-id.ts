// A request's id follows from what asked for it: said again, even to an app that has forgotten everything, it is the same request.
import { createHash } from 'node:crypto';
import { requestId, type Instant, type RequestId } from '../domain/names.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 48 bits of the time it was said, 80 bits of the hash of its signed id. */
export function requestIdOf(key: string, at: Instant): RequestId {
  const time = encode(BigInt(Date.parse(at)), 10);
  const hash = createHash('sha256').update(key).digest();
  return requestId(time + encode(BigInt(`0x${hash.subarray(0, 10).toString('hex')}`), 16));
}

function encode(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest >>= 5n) text = `${alphabet[Number(rest & 31n)]}${text}`;
  return text;
}
