// GitHub's own GraphQL schema, read once, and each query checked against it once.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GraphQLError, buildASTSchema, parse, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';

let loaded: GraphQLSchema | undefined;
const checked = new Map<string, DocumentNode | readonly GraphQLError[]>();

export function githubSchema(): GraphQLSchema {
  if (loaded) return loaded;
  const entry = createRequire(import.meta.url).resolve('@octokit/graphql-schema');
  const text = readFileSync(join(dirname(entry), 'schema.graphql'), 'utf8');
  loaded = buildASTSchema(parse(text, { noLocation: true }), { assumeValid: true });
  return loaded;
}

/** The parsed query, or what is wrong with it. */
export function checkQuery(query: string): DocumentNode | readonly GraphQLError[] {
  const known = checked.get(query);
  if (known) return known;
  const result = parseAndValidate(query);
  checked.set(query, result);
  return result;
}

function parseAndValidate(query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query);
    const errors = validate(githubSchema(), document);
    return errors.length > 0 ? errors : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
