// Speaks REST with a token that the service gives for credentials; one that is refused is asked for anew, once.
import type { FromSchema } from 'json-schema-to-ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { WaysOut } from '../ways-out.ts';
import { answerShape } from './answer-shape.ts';
import type { GivenToken } from './kept-tokens.ts';
import { createRest, RestFailure, type Rest, type RestAnswer, type RestParts } from './rest.ts';

export interface TokenRestParts extends Omit<RestParts, 'headers' | 'using'> {
  readonly using: Pick<WaysOut, 'clock' | 'signal' | 'fetch' | 'tokens'>;
  /** With the secrets filled in: asked for each request, so that a changed secret counts at once. */
  credentials(): Promise<readonly string[]>;
  /** Asks the service for a token, as its documentation says. `plain` is the same service without one. */
  ask(plain: Rest, credentials: readonly string[]): Promise<RestAnswer>;
}

export function createTokenRest(parts: TokenRestParts): Rest {
  const { service, baseUrl, using, credentials, ask } = parts;
  const plain = createRest({ ...parts, headers: async () => ({}) });
  const readToken = tokenReader(service);
  const rest = createRest({
    ...parts,
    async headers() {
      const own = await credentials();
      const token = await using.tokens.get([baseUrl, ...own], using.clock, async () =>
        readToken(await ask(plain, own).catch(notAsked)),
      );
      return { authorization: `Bearer ${token}` };
    },
  });

  async function renewing<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof RestFailure) || error.status !== 401) throw error;
      // Revoked before its time, or forgotten over there.
      using.tokens.forget([baseUrl, ...(await credentials())]);
      return send();
    }
  }

  return {
    call: (what, request) => renewing(() => rest.call(what, request)),
    find: (what, request) => renewing(() => rest.find(what, request)),
  };
}

/** Credentials that are refused are not tried twice, and a token that is not found is no missing thing. */
function notAsked(error: unknown): never {
  if (!(error instanceof RestFailure)) throw error;
  const { message, transient, retryAfter } = error;
  throw new Failure(message, { transient, ...(retryAfter !== undefined && { retryAfter }) });
}

const tokenAnswer = {
  type: 'object',
  required: ['access_token'],
  properties: { access_token: { type: 'string', minLength: 1 }, expires_in: { type: 'number' } },
} as const;

function tokenReader(service: string): (answer: RestAnswer) => GivenToken {
  const shape = answerShape<FromSchema<typeof tokenAnswer>>(service, tokenAnswer);
  return ({ json }) => {
    const { access_token: token, expires_in: seconds = 0 } = shape(json);
    return { token, lastsMs: seconds * 1000 };
  };
}
