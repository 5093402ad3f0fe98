// Options from any service over HTTP that answers with a list in JSON.
import type { FromSchema } from 'json-schema-to-ts';
import { httpIntegration, type HttpIntegration } from '../clients/http/http-integration.ts';
import { requestPath } from '../clients/http/request-path.ts';
import { send } from '../clients/http/send.ts';
import type { Settings } from '../domain/flow.ts';
import type { OptionSource } from './option-source.ts';
import { optionPlaces, optionsIn } from './options-in.ts';

const body = { type: 'object', description: 'Sent as JSON, by POST. Default: nothing, by GET.' } as const;

const httpWith = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: requestPath,
    body,
    ...optionPlaces,
  },
} as const;

type Options = { deserialize: [{ pattern: typeof body; output: Settings }] };
type HttpWith = FromSchema<typeof httpWith, Options>;

export const http: OptionSource<HttpWith, HttpIntegration> = {
  run: 'http',
  service: 'The service',
  with: httpWith,
  takes: { body: 'anything', path: 'limited' },
  integration: httpIntegration,

  async read({ with: { path, body: sent, ...places }, integration, using }) {
    const request = { method: sent === undefined ? 'GET' : 'POST', path, ...(sent && { body: sent }) };
    const { json } = await send({ integration, using }, request, []);
    return optionsIn(json, 'The service', places);
  },
};
