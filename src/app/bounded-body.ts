// Reads what a stranger sends: no more of one, nor of all at once, than we can hold before we know who it is.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Milliseconds } from '../domain/names.ts';

export interface BodyLimits {
  readonly maxBytes: number;
  /** Of all bodies that are being read at once: until the signature is verified, anybody may have sent them. */
  readonly maxBytesTogether: number;
  /** Whoever sends more slowly is refused. Default: ten seconds. */
  readonly longest?: Milliseconds;
}

type Refusal = 'too-large' | 'too-many' | 'too-slow' | 'gone';

const answers = {
  'too-large': [413, 'The delivery is too large.'],
  'too-many': [503, 'Too many deliveries at once. Please deliver it again.'],
  'too-slow': [408, 'The delivery came too slowly.'],
} as const;

export type BodyRead = { readonly bytes: Buffer } | { readonly refusal: Refusal };

/** What it gives back never rejects: whoever hangs up in the middle, or sends what is no HTTP, is no concern of the process. */
export function createBodyReader({
  maxBytes,
  maxBytesTogether,
  longest = 10_000,
}: BodyLimits): (request: IncomingMessage) => Promise<BodyRead> {
  let together = 0;
  /** How to end each body that is being read, the longest first. */
  const reading = new Set<(read: BodyRead) => void>();

  /** Whoever has been sending for longest makes way: who stalls keeps nobody out. */
  function makeRoom(): void {
    for (const end of reading) {
      if (together <= maxBytesTogether) return;
      end({ refusal: 'too-many' });
    }
  }

  // By events: an iterator over the same costs a fifth of what a whole delivery does.
  return (request) =>
    new Promise((resolve) => {
      if (Number(request.headers['content-length'] ?? 0) > maxBytes) return resolve({ refusal: 'too-large' });
      const chunks: Buffer[] = [];
      let bytes = 0;
      const take = (chunk: Buffer): void => {
        bytes += chunk.length;
        together += chunk.length;
        chunks.push(chunk);
        if (bytes > maxBytes) end({ refusal: 'too-large' });
        else if (together > maxBytesTogether) makeRoom();
      };
      const whole = (): void =>
        end({ bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) });
      const gone = (): void => end({ refusal: 'gone' });
      const deadline = setTimeout(() => end({ refusal: 'too-slow' }), longest).unref();
      // The connection stays: it is still to be answered, and what else comes on it waits.
      const end = (read: BodyRead): void => {
        together -= bytes;
        reading.delete(end);
        clearTimeout(deadline);
        request.off('data', take).off('end', whole).off('error', gone).off('close', gone).pause();
        resolve(read);
      };
      reading.add(end);
      request.on('end', whole).on('error', gone).on('close', gone).on('data', take);
    });
}

/** So long what is left of a delivery is let in and forgotten: whoever is cut off while sending never reads the answer. */
const lingerMs = 2000;

export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (refusal === 'gone') return void request.destroy();
  const [status, sentence] = answers[refusal];
  response.once('finish', () => {
    const cut = setTimeout(() => request.destroy(), lingerMs).unref();
    request.once('close', () => clearTimeout(cut));
    request.resume();
  });
  // A promise to close would be kept at once, by the server itself.
  answer(response, status, sentence);
}

export function answer(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}
