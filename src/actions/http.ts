// One request to any service over HTTP, signed, with an idempotency key that is the same each time.
import type { FromSchema } from 'json-schema-to-ts';
import { httpIntegration, type HttpIntegration } from '../clients/http/http-integration.ts';
import { requestPath } from '../clients/http/request-path.ts';
import { send } from '../clients/http/send.ts';
import { valueAt } from '../clients/http/value-at.ts';
import type { Settings } from '../domain/flow.ts';
import type { ActionKind } from './action.ts';

const body = { type: 'object', description: 'Sent as JSON.' } as const;

const httpWith = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    method: { enum: ['POST', 'PUT', 'PATCH'], default: 'POST', description: 'Default: `POST`.' },
    path: requestPath,
    body,
    keep: {
      type: 'object',
      maxProperties: 10,
      propertyNames: {
        pattern: '^[A-Za-z][A-Za-z0-9_-]{0,40}$',
        wants: 'a letter, then letters, digits, - and _',
      },
      additionalProperties: {
        type: 'string',
        pattern: '^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$',
        wants: 'a place in JSON, such as data.url',
      },
      description:
        'Parts of the answer for card and ledger: a name, and their place in its JSON. `url` is shown as a link.',
    },
  },
} as const;

type Options = {
  keepDefaultedPropertiesOptional: true;
  deserialize: [{ pattern: typeof body; output: Settings }];
};
type HttpWith = FromSchema<typeof httpWith, Options>;

export const http: ActionKind<HttpWith, HttpIntegration> = {
  type: 'http',
  service: 'The service',
  with: httpWith,
  takes: { body: 'anything', path: 'limited' },
  integration: httpIntegration,
  leads: ['base_url'],

  async run({ with: { method = 'POST', path, body: sent, keep = {} }, integration, key, using }) {
    await using.demand();
    const request = { method, path, idempotencyKey: key, ...(sent && { body: sent }) };
    const { json } = await send({ integration, using }, request, []);
    const recorded = Object.fromEntries(
      Object.entries(keep).flatMap(([name, place]) => {
        const value = valueAt(json, place.split('.'));
        return value === undefined ? [] : [[name, value]];
      }),
    );
    return Object.keys(recorded).length === 0 ? {} : { recorded };
  },
};
