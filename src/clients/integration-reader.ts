// Holds an integration as a desk declares it against its type's schema; what passes has its type.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Settings } from '../domain/flow.ts';
import { Failure } from '../engine/ports/failure.ts';

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  // Said to authors of files, by the validator of those.
  keywords: ['wants'],
});

/** `T` is what json-schema-to-ts says of the schema. The reader throws `Failure`, without a word of what is declared. */
export function integrationReader<T>(schema: {
  readonly [keyword: string]: unknown;
}): (settings: Settings) => T {
  let isRight: ValidateFunction<T> | undefined;
  return (settings) => {
    isRight ??= ajv.compile<T>(schema);
    const declared: unknown = settings;
    if (isRight(declared)) return declared;
    throw new Failure('The integration in countersign.yml is not usable: its settings are not valid.', {
      transient: false,
    });
  };
}
