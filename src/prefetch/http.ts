// Options from any service over HTTP that answers with a list in JSON.
import type { FromSchema } from 'json-schema-to-ts';
import { httpIntegration, type HttpIntegration } from '../clients/http/http-integration.ts';
import { send } from '../clients/http/send.ts';
import type { Settings } from '../domain/flow.ts';
import { fillPath, fillValue } from './fill.ts';
import type { OptionSource } from './option-source.ts';
import { optionsIn } from './options-in.ts';

const place = { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$' } as const;
const body = { type: 'object', description: 'Sent as JSON, by POST.' } as const;

const httpWith = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: {
      type: 'string',
      pattern: '^/[^\\s\\\\#]{0,1000}$|^/.*\\$\\{\\{.*$',
      description: 'Below `base_url`. What stands in it is percent-encoded.',
    },
    body,
    items: { ...place, description: 'Where the list is in the answer. Default: the answer is the list.' },
    value: {
      ...place,
      description: 'Where the value is in an item. Default: `value`, or the item where it is a text.',
    },
    label: { ...place, description: 'Where the text for people is in an item. Default: `label`, or the value.' },
  },
} as const;

type Options = { deserialize: [{ pattern: typeof body; output: Settings }] };
type HttpWith = FromSchema<typeof httpWith, Options>;

export const http: OptionSource<HttpWith, HttpIntegration> = {
  run: 'http',
  service: 'The service',
  with: httpWith,
  integration: httpIntegration,

  async read({ with: { path, body: asked, ...places }, integration, answers, using }) {
    const request = {
      method: asked === undefined ? 'GET' : 'POST',
      path: fillPath(path, answers),
      ...(asked && { body: fillValue(asked, answers) }),
    };
    const { json } = await send({ integration, using }, request, []);
    return optionsIn(json, places);
  },
};
