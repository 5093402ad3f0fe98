// Fetches what a desk names, and never from this machine or the network it stands in: each address is judged as it resolves.
import { lookup as resolve, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, fetch as fetchThrough } from 'undici';
import { Failure } from '../../engine/ports/failure.ts';
import type { Fetch } from './fetch.ts';

export interface GuardSettings {
  /** Hosts, such as `vault.internal`, or addresses and ranges, such as `10.1.0.0/16`, that may be reached all the same. */
  readonly allowed: readonly string[];
  readonly resolve?: Resolve;
}

/** As `node:dns` resolves a name to all of its addresses. */
export type Resolve = (
  name: string,
  options: LookupAllOptions,
  done: (error: Error | null, found: LookupAddress[]) => void,
) => void;

/** What is reached by whoever stands inside, and what has no place on the internet at all. */
const closed: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/127',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

export function createGuardedFetch({ allowed, resolve: ask = resolve }: GuardSettings): Fetch {
  const mayReach = createGuard(allowed);

  /** What is judged is what is connected to: a name that resolves differently the next time gains nothing. */
  const lookup: LookupFunction = (hostname, options, done) => {
    ask(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return done(error, '');
      const first = found[0];
      if (first === undefined || found.some(({ address }) => !mayReach(hostname.toLowerCase(), address)))
        return done(new NotReachable(), '');
      return options.all ? done(null, found) : done(null, first.address, first.family);
    });
  };
  const agent = new Agent({ connect: { lookup } });

  return async (url, init) => {
    const host = new URL(url).hostname.toLowerCase().replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !mayReach(host, host)) throw notReachable();
    try {
      const { method = 'GET', headers, body, signal } = init;
      const response = await fetchThrough(url, {
        method,
        redirect: 'manual',
        dispatcher: agent,
        ...(headers !== undefined && { headers: [...new Headers(headers)] }),
        ...(typeof body === 'string' && { body }),
        ...(signal && { signal }),
      });
      return asResponse(response);
    } catch (error) {
      if (error instanceof Error && error.cause instanceof NotReachable) throw notReachable();
      throw error;
    }
  };
}

/** Whether a desk may reach a host, in small letters, at an address of it. */
export function createGuard(allowed: GuardSettings['allowed']): (host: string, address: string) => boolean {
  const inside = listOf(closed);
  const exempt = listOf(allowed.filter((entry) => rangeOf(entry) !== undefined));
  const names = new Set(allowed.map((entry) => entry.toLowerCase()));
  return (host, address) => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    // As `::ffff:10.0.0.1`, an address of the old kind is judged like itself.
    return names.has(host) || exempt.check(address, family) || !inside.check(address, family);
  };
}

class NotReachable extends Error {}

function notReachable(): Failure {
  return new Failure(
    'The host leads to this machine or its network, which a desk may not reach. The operator may list it in COUNTERSIGN_PRIVATE_HOSTS.',
    { transient: false },
  );
}

function asResponse({
  status,
  statusText,
  headers,
  body,
}: Awaited<ReturnType<typeof fetchThrough>>): Response {
  const isEmpty = status === 204 || status === 205 || status === 304;
  return new Response(isEmpty || body === null ? null : passedOn(body), {
    status,
    statusText,
    headers: [...headers],
  });
}

/** The stream of one library as that of the other. */
function passedOn(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const parts = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(into) {
      const { done, value } = await parts.next();
      if (done) into.close();
      else into.enqueue(value);
    },
    async cancel() {
      await parts.return?.();
    },
  });
}

function listOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const { address, bits, family } of entries.flatMap((entry) => rangeOf(entry) ?? []))
    list.addSubnet(address, bits, family);
  return list;
}

/** An address or a range; undefined where it is a name. */
export function rangeOf(
  entry: string,
): { readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', bits] = entry.split('/');
  const version = isIP(address);
  if (version === 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const width = bits === undefined ? most : Number(bits);
  if (!Number.isInteger(width) || width < 0 || width > most) return undefined;
  return { address, bits: width, family: version === 4 ? 'ipv4' : 'ipv6' };
}
