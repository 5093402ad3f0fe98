// What the server answers where: webhooks, whether the process lives, whether it may be sent work. Nothing about any request.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ReadinessWatch } from './readiness.ts';
import { decidePath } from '../surfaces/email/decision-link.ts';
import type { SlackEndpoint } from './slack-door.ts';
import { webhookPath } from './webhook-endpoint.ts';

export interface RouteParts {
  readonly readiness: Pick<ReadinessWatch, 'state'>;
  readonly webhook: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Where Slack delivers, by path. */
  readonly slack?: ReadonlyMap<string, SlackEndpoint>;
  /** Where guests decide by a link; absent where they are sent none. */
  readonly decide?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

export function createRoutes({ readiness, webhook, slack, decide }: RouteParts): RequestListener {
  return (request, response) => {
    const { state } = readiness;
    // Whoever keeps a connection open is not to be answered on it for ever.
    if (state === 'stopping') response.setHeader('connection', 'close');
    const path = request.url?.split('?')[0] ?? '';
    const slackEndpoint = slack?.get(path);
    if (slackEndpoint !== undefined) {
      // Slack sends an event again, and says to whoever pressed a button that it did not work.
      if (state === 'stopping') return answer(response, 503, 'stopping');
      return void slackEndpoint(request, response);
    }
    if (decide !== undefined && path.startsWith(decidePath)) {
      if (state === 'stopping') return answer(response, 503, 'stopping');
      return void decide(request, response);
    }
    switch (path) {
      case webhookPath:
        // GitHub keeps it as failed, and the next start asks for it again.
        if (state === 'stopping') return answer(response, 503, 'stopping');
        return void webhook(request, response);
      case '/healthz':
        return answer(response, 200, 'ok');
      case '/readyz':
        return answer(response, state === 'ready' ? 200 : 503, state);
      case '/':
        return answer(response, 200, 'Countersign');
      default:
        return answer(response, 404, 'There is nothing here.');
    }
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${text}\n`);
}
