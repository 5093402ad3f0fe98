// An ordinary Octokit whose every request waits its turn in a queue and leaves with the token of that moment.
import { Octokit } from '@octokit/rest';
import type { Fetch } from '../http/fetch.ts';
import { GraphqlErrors } from './failure.ts';
import type { Call, Lane } from './lane.ts';
import { requestKind, type RequestKind } from './request-kind.ts';
import type { WriteQueue } from './write-queue.ts';

export interface Authorization {
  /** Has a token ready; throws where there is none to be had. */
  prepare(): Promise<void>;
  /** The value of the header for a request that leaves now; undefined where Octokit's own strategy does it. */
  header(): string | undefined;
  renew(): void;
}

export interface QueuedOctokitOptions {
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly queue: WriteQueue;
  readonly lane: (kind: RequestKind) => Lane;
  readonly call: Call;
  /** Anew for each request, which may have to change its token. */
  readonly authorize: () => Authorization;
  /** Octokit's own options for authentication. */
  readonly auth?: { readonly authStrategy: unknown; readonly auth: unknown };
}

/** Octokit would log addresses with values in them; the queue logs what matters. */
const silent = (): void => {};
const quiet = { debug: silent, info: silent, warn: silent, error: silent };

export function createQueuedOctokit(options: QueuedOctokitOptions): Octokit {
  const { baseUrl, fetch, queue, lane, call, authorize, auth } = options;
  const octokit = new Octokit({
    baseUrl,
    userAgent: 'countersign',
    log: quiet,
    request: { fetch, log: quiet },
    ...auth,
  });
  octokit.hook.wrap('request', (request, parameters) => {
    const authorization = authorize();
    const kind = requestKind(parameters, octokit.request.endpoint(parameters).url);
    const own: AbortSignal | undefined = parameters.request.signal;
    const signals = [call.signal, own].flatMap((signal) => signal ?? []);
    const job = {
      lane: lane(kind),
      kind,
      call: { ...call, ...(signals.length > 0 && { signal: AbortSignal.any(signals) }) },
      prepare: async () => {
        await authorization.prepare();
        Object.assign(parameters, await call.lastly?.());
      },
      renew: () => authorization.renew(),
      send: async (signal: AbortSignal) => {
        const header = authorization.header();
        // The hooks within ours were bound to this very object: only what is set on it reaches them.
        parameters.request = { ...parameters.request, signal };
        if (header !== undefined) parameters.headers = { ...parameters.headers, authorization: header };
        const answer = await request(parameters);
        if (kind.api === 'graphql') throwGraphqlErrors(answer);
        return answer;
      },
    };
    return queue.run(job);
  });
  return octokit;
}

function throwGraphqlErrors(answer: { readonly data: unknown; readonly headers: object }): void {
  const { data } = answer;
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors)) return;
  throw new GraphqlErrors({ ...answer.headers }, data.errors);
}
