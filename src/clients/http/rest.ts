// Speaks to a vendor's REST API in JSON: one host, the credentials that were granted for it, and answers told in our own words.
import type { WaysOut } from '../ways-out.ts';
import {
  createHttpClient,
  HttpFailure,
  type Explain,
  type HttpAnswer,
  type HttpRequest,
} from './http-client.ts';

export interface Rest {
  /** Undefined where the service answers 404. `what` completes “Okta answered 403 to …”. */
  find(what: string, request: RestRequest): Promise<RestAnswer | undefined>;
  /** Throws `Failure` for anything but a 2xx. */
  call(what: string, request: RestRequest): Promise<RestAnswer>;
}

export type RestRequest = Pick<
  HttpRequest,
  'method' | 'path' | 'query' | 'headers' | 'json' | 'form' | 'text'
>;
export type RestAnswer = HttpAnswer;

export interface RestParts {
  /** For sentences: “Okta”. */
  readonly service: string;
  /** `https://acme.okta.com/api/v1`: the host of it is the only one that is spoken to. */
  readonly baseUrl: string;
  /** Asked for each request, so that a changed secret counts at once. */
  headers(): Promise<{ readonly [name: string]: string }>;
  readonly using: Pick<WaysOut, 'clock' | 'signal' | 'fetch'>;
  /** What these answers mean, for the sentence: `{ 403: 'The token lacks the scope okta.groups.manage.' }`. */
  readonly meaning?: { readonly [status: number]: string };
  /** Where the service says in its own way why, or for how long. */
  readonly explain?: Explain;
}

export function createRest({ service, baseUrl, headers, using, meaning = {}, explain }: RestParts): Rest {
  const { fetch, clock, signal } = using;
  const allowedHosts = [new URL(baseUrl).host];
  const client = createHttpClient({ fetch, clock, baseUrl, allowedHosts, ...(explain && { explain }) });

  async function send(what: string, request: RestRequest): Promise<RestAnswer> {
    const own = await headers();
    try {
      return await client.send({ name: what, ...request, headers: { ...request.headers, ...own }, signal });
    } catch (error) {
      throw inOurWords(error, what);
    }
  }

  /** The client's sentences are made of the name alone, never of an address or an answer. */
  function inOurWords(error: unknown, what: string): unknown {
    if (!(error instanceof HttpFailure)) return error;
    const { status, transient, retryAfter, reason } = error;
    const answer = status === undefined ? 'did not answer' : `answered ${status}`;
    const means = status === undefined ? undefined : meaning[status];
    return new RestFailure(`${service} ${answer} to ${what}.${means === undefined ? '' : ` ${means}`}`, {
      transient,
      ...(status !== undefined && { status }),
      ...(retryAfter !== undefined && { retryAfter }),
      ...(reason !== undefined && { reason }),
    });
  }

  return {
    call: send,
    async find(what, request) {
      try {
        return await send(what, request);
      } catch (error) {
        if (error instanceof RestFailure && error.status === 404) return undefined;
        throw error;
      }
    },
  };
}

/** With the status, for those services that say “it is so already” by an error. */
export class RestFailure extends HttpFailure {}
