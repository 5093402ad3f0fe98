// The link in a mail by which a guest decides: what it is about and until when, signed, and nothing secret in it but the signature.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { instant, parseInstant, requestId, type Instant, type RequestId } from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';

/** Below it, the token alone. */
export const decidePath = '/decide/';

export interface DecisionLink {
  readonly request: RequestId;
  /** The request itself, or an extension of its access: a link for the one is none for the other. */
  readonly matter: string;
  /** The steps that its mail told of. */
  readonly steps: readonly string[];
  /** In small letters. */
  readonly address: string;
  readonly expiresAt: Instant;
}

export interface LinkSigner {
  print(link: DecisionLink): string;
  /** Undefined where it is no link of ours, whatever else is wrong with it. Whether its time is up, the caller asks. */
  read(token: string): DecisionLink | undefined;
}

/** What is signed begins with it, so that the key signs nothing else by accident. */
const purpose = 'countersign: a link to decide, v1\n';
const form = /^([A-Za-z0-9_-]{1,4000})\.([A-Za-z0-9_-]{43})$/;

export function createLinkSigner(key: Buffer): LinkSigner {
  const sign = (payload: string): string =>
    createHmac('sha256', key).update(purpose).update(payload).digest('base64url');
  return {
    print({ request, matter, steps, address, expiresAt }) {
      const fields = { r: request, m: matter, s: steps, a: address, e: Date.parse(expiresAt) };
      const payload = Buffer.from(JSON.stringify(fields)).toString('base64url');
      return `${payload}.${sign(payload)}`;
    },
    read(token) {
      const [, payload = '', signature = ''] = form.exec(token) ?? [];
      // As text, both of one length: no bit of it may be written in another way.
      const isOurs = signature !== '' && timingSafeEqual(Buffer.from(sign(payload)), Buffer.from(signature));
      return isOurs ? readPayload(payload) : undefined;
    },
  };
}

function readPayload(payload: string): DecisionLink | undefined {
  const fields: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  if (typeof fields !== 'object' || fields === null) return undefined;
  if (!('r' in fields && 'm' in fields && 's' in fields && 'a' in fields && 'e' in fields)) return undefined;
  const { r, m, s, a, e } = fields;
  if (typeof r !== 'string' || typeof m !== 'string' || typeof a !== 'string' || typeof e !== 'number')
    return undefined;
  if (!Array.isArray(s) || parseInstant(instant(e)) === undefined) return undefined;
  const steps = s.flatMap((step: unknown) => (typeof step === 'string' ? [step] : []));
  return { request: requestId(r), matter: m, steps, address: a, expiresAt: instant(e) };
}

/**
 * The signed id of what is said by a link: said again, by whichever of its buttons, it is the same. When it ends is no
 * part of it, so that a mail that is sent again holds no second voice.
 */
export function linkRef({ request, matter, steps, address }: DecisionLink): string {
  return `${refOf(address)}${digest(JSON.stringify([request, matter, [...steps].sort(), address]))}`;
}

/** Whether somebody answered by a link to this address, whatever came of it. */
export function hasAnswered({ heard }: Request, address: string): boolean {
  return heard.some((ref) => ref.startsWith(refOf(address)));
}

function refOf(address: string): string {
  return `link/${digest(address).slice(0, 12)}/`;
}

function digest(text: string): string {
  return createHash('sha256').update(purpose).update(text).digest('hex').slice(0, 40);
}
