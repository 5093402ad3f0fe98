// What every double of a service shares: a server on a free port, trouble on demand, and a list of what nobody should have asked.
import { serve, type Http2Bindings, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** `lost`: it is done, and the connection breaks before the answer. */
export type Mishap =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | 'lost'
  | 'hang';

export interface Double {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** What this service does not know: each is a mistake of whoever asked. */
  readonly strangers: readonly string[];
  /** Befalls each request for which it returns one. */
  mishap(choose: (asked: Asked) => Mishap | undefined): void;
  stop(): Promise<void>;
}

export interface Answering {
  /** Undefined where the service has no such thing. */
  answer(request: Request, stranger: (what: string) => void): Response | Promise<Response>;
}

export async function startDouble({ answer }: Answering): Promise<Double> {
  const asked: Asked[] = [];
  const strangers: string[] = [];
  let choose: (asked: Asked) => Mishap | undefined = () => undefined;

  async function fetch(request: Request, { incoming }: HttpBindings | Http2Bindings): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const one = { method: request.method, path: pathname, query: searchParams };
    asked.push(one);
    const mishap = choose(one);
    if (mishap === 'hang') return new Promise(() => {});
    if (typeof mishap === 'object')
      return Response.json(mishap.body ?? {}, { status: mishap.status, headers: mishap.headers ?? {} });
    const response = await answer(request, (what) => strangers.push(what));
    if (mishap !== 'lost') return response;
    incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }

  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    asked,
    strangers,
    mishap(next) {
      choose = next;
    },
    async stop() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('The double of a service has no port.');
}
