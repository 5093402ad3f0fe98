// Runs a function of the desk's own TypeScript, in the sandbox, as it was at the commit that the request is pinned to.
import type { FromSchema } from 'json-schema-to-ts';
import { codeFileSchema, codeFunctionSchema, codeHostsSchema } from '../desk/schema/code-schema.ts';
import type { Settings } from '../domain/flow.ts';
import type { ActionKind } from './action.ts';

const input = {
  type: 'object',
  maxProperties: 50,
  description: 'What the function finds as `event.input`. Answers of a requester are data there.',
} as const;

const codeWith = {
  type: 'object',
  additionalProperties: false,
  required: ['file', 'function'],
  properties: {
    file: codeFileSchema,
    function: {
      ...codeFunctionSchema,
      description: 'The function that is run: one that the file exports.',
      examples: ['open_gate'],
    },
    input,
    hosts: codeHostsSchema,
  },
} as const;

type Options = { deserialize: [{ pattern: typeof input; output: Settings }] };
type CodeWith = FromSchema<typeof codeWith, Options>;

export const code: ActionKind<CodeWith> = {
  type: 'code',
  service: 'The code',
  with: codeWith,
  takes: { input: 'anything' },
  /** Code that was not read yet is compiled first, and may wait for a place. */
  patienceMs: 60_000,

  async run({
    with: { file, function: name, input: told = {}, hosts = [] },
    key,
    isRepeated,
    using,
    ...call
  }) {
    await using.demand();
    return using.code({
      file: `flows/${file}`,
      function: name,
      hosts,
      event: { request: call.request, key, isRepeated, input: told },
    });
  },
};
