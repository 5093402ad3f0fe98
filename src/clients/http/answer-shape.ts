// Holds what a service answered against the shape that we read of it; what passes has its type.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { Failure } from '../../engine/ports/failure.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });

/**
 * `T` is what json-schema-to-ts says of the schema, which asks for what is needed and lets the rest be. The reader
 * throws `Failure`, without a word of what was answered.
 */
export function answerShape<T>(
  service: string,
  schema: { readonly [keyword: string]: unknown },
): (json: unknown) => T {
  let isRight: ValidateFunction<T> | undefined;
  return (json) => {
    isRight ??= ajv.compile<T>(schema);
    if (isRight(json)) return json;
    throw new Failure(`${service} answered something else than its documentation says.`, { transient: true });
  };
}
