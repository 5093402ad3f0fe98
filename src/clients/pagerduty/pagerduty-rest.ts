// The way to PagerDuty: its REST API in version 2, by an API key, page by page.
import type { FromSchema } from 'json-schema-to-ts';
import { Failure } from '../../engine/ports/failure.ts';
import { answerShape } from '../http/answer-shape.ts';
import type { Explain } from '../http/http-client.ts';
import { createRest, type Rest, type RestRequest } from '../http/rest.ts';
import { withSecrets } from '../secret-text.ts';
import type { WaysOut } from '../ways-out.ts';
import type { PagerDutyIntegration } from './pagerduty-integration.ts';

export function pagerDutyRest({ token, service_region }: PagerDutyIntegration, using: WaysOut): Rest {
  const host = service_region === 'eu' ? 'api.eu.pagerduty.com' : 'api.pagerduty.com';
  return createRest({
    service: 'PagerDuty',
    baseUrl: `https://${host}`,
    headers: async () => ({
      accept: 'application/vnd.pagerduty+json;version=2',
      authorization: `Token token=${await withSecrets(token, host, using)}`,
    }),
    using,
    meaning: {
      401: 'The API key of the integration is not valid, or belongs to the other service region.',
      403: 'The API key of the integration may not read this.',
    },
    explain,
  });
}

/** How many seconds are left of the limit is in a header of its own. */
const explain: Explain = ({ status, headers }) => {
  const seconds = headers.get('ratelimit-reset');
  return status === 429 && seconds !== null && /^[0-9]{1,5}$/.test(seconds)
    ? { retryAfter: Number(seconds) * 1000 }
    : {};
};

const page = {
  type: 'object',
  properties: { more: { type: 'boolean' }, limit: { type: 'integer', minimum: 1 } },
} as const;
const readPage = answerShape<FromSchema<typeof page>>('PagerDuty', page);
const pageSize = 100;
/** PagerDuty gives no more, whatever there is. */
const mostItems = 10_000;

/** Every page until there is none, or `read` has enough. */
export async function pagerDutyPages(
  rest: Rest,
  what: string,
  request: RestRequest,
  read: (json: unknown) => 'enough' | undefined,
): Promise<void> {
  let offset = 0;
  while (offset + pageSize <= mostItems) {
    const query = { ...request.query, limit: String(pageSize), offset: String(offset) };
    const { json } = await rest.call(what, { ...request, query });
    const { more, limit = pageSize } = readPage(json);
    if (read(json) === 'enough' || more !== true) return;
    offset += limit;
  }
  throw new Failure('PagerDuty lists more than it lets anybody read.', { transient: false });
}
