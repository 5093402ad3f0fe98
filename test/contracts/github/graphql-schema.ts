// GitHub's official GraphQL schema, built once a process and only where a test asks for it.
import { readFileSync } from 'node:fs';

import { buildSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';

let built: GraphQLSchema | undefined;

export function gitHubGraphQLSchema(): GraphQLSchema {
  built ??= buildSchema(readFileSync(schemaFile(), 'utf8'), { assumeValidSDL: true, noLocation: true });
  return built;
}

/** Beside the package's entry, which would itself parse five megabytes of JSON twice. */
function schemaFile(): URL {
  return new URL('./schema.graphql', import.meta.resolve('@octokit/graphql-schema'));
}
