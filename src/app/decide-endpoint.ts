// Where guests decide by a link: bounded, slowed down, and silent in the log about what stands in the address.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLimit } from '../clients/limit.ts';
import type { Rate } from '../clients/token-bucket.ts';
import { minutes } from '../domain/duration.ts';
import { describe } from '../engine/engine.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Log } from '../engine/ports/log.ts';
import type { LinkDeciding } from '../surfaces/email/deciding.ts';
import { pageHeaders, plainPage, type Page } from '../surfaces/email/decision-page.ts';
import { decidePath, linkRef, type DecisionLink } from '../surfaces/email/decision-link.ts';
import { noLink } from '../surfaces/email/deciding.ts';
import { createBodyReader, refuse } from './bounded-body.ts';

export interface DecideEndpointParts {
  /** Waits for the app to be up. */
  readonly deciding: () => Promise<LinkDeciding>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A message of 2000 characters, each of which may take twelve in a form. */
const limits = { maxBytes: 32 * 1024, maxBytesTogether: 4 * 1024 * 1024 };
/** Of one link, whoever opens it. */
const perLink: Rate = { burst: 30, refill: 30, per: minutes(1) };
/**
 * Of one sender, of what is no link of ours. A true link is not counted: behind a proxy all come from one address, and
 * whoever guesses must not keep the others out.
 */
const perSender: Rate = { burst: 30, refill: 30, per: minutes(1) };

export function createDecideEndpoint({ deciding, clock, log }: DecideEndpointParts) {
  const read = createBodyReader(limits);
  const links = createLimit('opening of a link', perLink, clock);
  const senders = createLimit('guess of a link', perSender, clock);

  async function pageFor(request: IncomingMessage, response: ServerResponse): Promise<Page | undefined> {
    const { method } = request;
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
      response.setHeader('allow', 'GET, HEAD, POST');
      return plainPage(405, 'A link is opened, or its form sent', []);
    }
    const { linkIn, look, decide } = await deciding();
    const link = linkIn(tokenIn(request));
    if (link === undefined) return senders(request.socket.remoteAddress ?? '') ? noLink : tooOften;
    if (!links(linkRef(link))) return tooOften;
    if (method !== 'POST') return look(link);
    const fields = await fieldsOf(request, response);
    return fields && decideWith(decide, link, fields);
  }

  async function fieldsOf(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<URLSearchParams | Page | undefined> {
    if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
      return plainPage(415, 'Only the form of this page is read', []);
    const body = await read(request);
    if ('refusal' in body) {
      refuse(request, response, body.refusal);
      return undefined;
    }
    if (!isUtf8(body.bytes)) return plainPage(400, 'This could not be read', []);
    return new URLSearchParams(body.bytes.toString('utf8'));
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const page = await pageFor(request, response);
      if (page) send(request, response, page);
    } catch (error) {
      log.error('A link could not be answered', { error: describe(error) });
      send(request, response, broken);
    }
  };
}

async function decideWith(
  decide: LinkDeciding['decide'],
  link: DecisionLink,
  fields: URLSearchParams | Page,
): Promise<Page> {
  return fields instanceof URLSearchParams ? decide(link, fields) : fields;
}

function tokenIn({ url = '' }: IncomingMessage): string {
  return (url.split('?')[0] ?? '').slice(decidePath.length);
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, html }: Page): void {
  response.writeHead(status, pageHeaders).end(method === 'HEAD' ? undefined : html);
}

const tooOften = plainPage(429, 'That was too often', ['Nothing was decided. Please try again in a minute.']);

const broken = plainPage(500, 'Something went wrong here', [
  'Whether your answer was taken is not known. Please open the link again to see.',
]);
