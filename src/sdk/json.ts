// What crosses between a desk's code and Countersign: JSON, and nothing else.

/** A value that survives `JSON.stringify`. Functions, `Map`, `BigInt`, `NaN`, cycles and keys called `__proto__` do not. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A key whose value is `undefined` is left out. */
export type JsonObject = { readonly [key: string]: Json | undefined };
