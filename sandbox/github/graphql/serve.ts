// Serves GraphQL: each query is checked against GitHub's schema; a field nobody taught the sandbox is a loud failure.
import { execute, defaultFieldResolver } from 'graphql';
import type { DocumentNode, GraphQLFieldResolver, GraphQLFormattedError, GraphQLError } from 'graphql';
import type { Context } from 'hono';
import type { HttpBindings } from '@hono/node-server';
import { GitHubProblem, unauthorized } from '../problem.ts';
import { isObject, parseBody } from '../rest/json.ts';
import { actorOf, payer, problemAnswer, respond } from '../rest/serve.ts';
import type { RestParts } from '../rest/serve.ts';
import { identify } from '../tokens.ts';
import { isNode, rootValue } from './roots.ts';
import { checkQuery, githubSchema } from './schema.ts';

export interface GraphqlParts extends RestParts {
  /** Told of a field that exists at GitHub and not here. */
  readonly onUnknownField: (field: string) => void;
}

export async function serveGraphql(
  parts: GraphqlParts,
  context: Context<{ Bindings: HttpBindings }>,
): Promise<Response> {
  let who = 'nobody';
  try {
    const caller = identify(parts.github, context.req.header('authorization'));
    if (caller.kind === 'nobody') throw unauthorized('This endpoint requires you to be authenticated.');
    who = payer(caller);
    const { query, variables } = parseBody(await context.req.text());
    if (typeof query !== 'string') {
      return respond(parts, who, {
        status: 200,
        body: { errors: [{ message: 'A query attribute must be specified and must be a string.' }] },
      });
    }
    const document = checkQuery(query);
    const writes = 'kind' in document && isMutation(document);
    parts.limits.charge({ who, kind: 'graphql', writes, createsContent: false });
    if (!('kind' in document)) {
      return respond(parts, who, { status: 200, body: { errors: document.map(formatted) } });
    }
    const scope = {
      github: parts.github,
      caller,
      actor: actorOf(parts.github, caller),
      rateLimit: parts.limits.status(who),
    };
    const result = await execute({
      schema: githubSchema(),
      document,
      rootValue: rootValue(scope),
      variableValues: isObject(variables) ? variables : {},
      fieldResolver: loudResolver(parts),
    });
    const errors = result.errors?.map(formatted);
    return respond(parts, who, {
      status: 200,
      body: { ...('data' in result ? { data: result.data } : {}), ...(errors ? { errors } : {}) },
    });
  } catch (problem) {
    if (!(problem instanceof GitHubProblem)) throw problem;
    return respond(parts, who, problemAnswer(problem));
  }
}

function isMutation(document: DocumentNode): boolean {
  return document.definitions.some(
    (one) => one.kind === 'OperationDefinition' && one.operation === 'mutation',
  );
}

function loudResolver(parts: GraphqlParts): GraphQLFieldResolver<unknown, unknown> {
  return (source, args, context, info) => {
    if (isNode(source) && !(info.fieldName in source)) {
      const field = `${info.parentType.name}.${info.fieldName}`;
      parts.onUnknownField(field);
      throw new Error(`The sandbox does not know ${field}.`);
    }
    return defaultFieldResolver(source, args, context, info);
  };
}

/** GitHub puts the kind of an error beside its message, not into extensions. */
function formatted(error: GraphQLError): GraphQLFormattedError & { readonly type?: unknown } {
  const { type } = error.extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(error.path ? { path: error.path } : {}),
    ...(error.locations ? { locations: error.locations } : {}),
    message: error.message,
  };
}
