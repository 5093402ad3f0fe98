// GitHub's own GraphQL schema, read once, and each query checked against it once.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GraphQLError, buildASTSchema, parse, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';

let loaded: GraphQLSchema | undefined;
const checked = new Map<string, DocumentNode | readonly GraphQLError[]>();

export function githubSchema(): GraphQLSchema {
  if (loaded) return loaded;
  const text = readFileSync(schemaFile(), 'utf8');
  loaded = buildASTSchema(parse(text, { noLocation: true }), { assumeValid: true });
  return loaded;
}

/** Importing the package would parse five megabytes of JSON as well: only its text is wanted. */
function schemaFile(): string {
  const folders = createRequire(import.meta.url).resolve.paths('@octokit/graphql-schema') ?? [];
  const files = folders.map((folder) => join(folder, '@octokit/graphql-schema/schema.graphql'));
  const found = files.find((file) => existsSync(file));
  if (!found) throw new Error('Install @octokit/graphql-schema: the sandbox checks GraphQL queries by it.');
  return found;
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
