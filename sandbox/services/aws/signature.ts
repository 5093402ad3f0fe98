// Reads and checks Signature Version 4: who signed, for which service and region, and that nothing was changed on the way.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AwsRequest } from './aws-service.ts';
import { AwsProblem } from './problem.ts';

export interface Signed {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly headers: readonly string[];
  readonly signature: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
const pattern =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/;
const skewMs = 5 * 60_000;

/** Undefined where it is not signed in this way. */
export function readSignature({ headers }: AwsRequest): Signed | undefined {
  const parts = pattern.exec(headers['authorization'] ?? '');
  if (parts === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', names = '', signature = ''] = parts;
  return { accessKeyId, date, region, service, headers: names.split(';'), signature };
}

/** Throws AWS's refusal. Who signs does so by the time of the machine. */
export function demandSignature(request: AwsRequest, signed: Signed, secret: string): void {
  const at = request.headers['x-amz-date'] ?? '';
  const time = at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  if (!(Math.abs(Date.parse(time) - Date.now()) < skewMs) || !at.startsWith(signed.date))
    throw new AwsProblem(403, 'SignatureDoesNotMatch', 'Signature expired, or not yet current');
  const required = [
    'host',
    'x-amz-date',
    ...(request.headers['x-amz-security-token'] ? ['x-amz-security-token'] : []),
  ];
  const scope = `${signed.date}/${signed.region}/${signed.service}/aws4_request`;
  const text = [algorithm, at, scope, sha256(canonical(request, signed))].join('\n');
  const key = [signed.date, signed.region, signed.service, 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${secret}`,
  );
  const expected = hmac(key, text);
  const isSame = timingSafeEqual(expected, Buffer.from(signed.signature, 'hex'));
  if (!isSame || !required.every((name) => signed.headers.includes(name)))
    throw new AwsProblem(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    );
}

function canonical({ method, path, query, headers, body }: AwsRequest, signed: Signed): string {
  return [
    method,
    path.split('/').map(encoded).join('/'),
    [...new URLSearchParams(query)]
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&'),
    ...signed.headers.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    signed.headers.join(';'),
    sha256(body),
  ].join('\n');
}

function encoded(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
