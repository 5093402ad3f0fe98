// Options from a function of the desk's own TypeScript, run in the sandbox.
import type { FromSchema } from 'json-schema-to-ts';
import { codeFileSchema, codeFunctionSchema, codeHostsSchema } from '../desk/schema/code-schema.ts';
import type { Settings } from '../domain/flow.ts';
import type { OptionSource } from './option-source.ts';
import { optionsIn } from './options-in.ts';

const input = {
  type: 'object',
  maxProperties: 50,
  description: 'What the function finds as `event.input`. Answers that were given before may stand in it.',
} as const;

const codeWith = {
  type: 'object',
  additionalProperties: false,
  required: ['file', 'function'],
  properties: {
    file: codeFileSchema,
    function: {
      ...codeFunctionSchema,
      description: 'The function that answers the options: one that the file exports.',
    },
    input,
    hosts: codeHostsSchema,
  },
} as const;

type Options = { deserialize: [{ pattern: typeof input; output: Settings }] };
type CodeWith = FromSchema<typeof codeWith, Options>;

export const code: OptionSource<CodeWith> = {
  run: 'code',
  service: 'The code',
  with: codeWith,
  takes: { input: 'anything' },

  async read({ with: { file, function: name, input: told = {}, hosts = [] }, using }) {
    const answer = await using.code({ file: `flows/${file}`, function: name, hosts, input: told });
    return optionsIn(answer, 'The code', {});
  },
};
