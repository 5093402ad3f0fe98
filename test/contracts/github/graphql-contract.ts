// Says where a GraphQL call of GitHub, or its answer, departs from GitHub's official schema.
import {
  GraphQLError,
  Kind,
  TypeInfo,
  getNamedType,
  getVariableValues,
  parse,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { DocumentNode, FieldNode, OperationDefinitionNode } from 'graphql';

import { answerComplaints } from './graphql-answer.ts';
import { gitHubGraphQLSchema } from './graphql-schema.ts';
import { isJsonObject } from './json-object.ts';
import type { JsonObject } from './json-object.ts';
import type { Problem, ProblemCode } from './problem.ts';

export interface GraphQLCall {
  readonly query: string;
  readonly variables?: JsonObject | undefined;
}

export interface GraphQLContract {
  checkGraphQL(call: GraphQLCall): readonly Problem[];
  /** `body` is the whole parsed answer: `data`, `errors` or both. */
  checkGraphQLResponse(call: GraphQLCall, body: unknown): readonly Problem[];
}

interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** With GitHub's defaults filled in. */
  readonly variables: JsonObject;
}

type Preparation = { readonly prepared: Prepared } | { readonly problems: readonly Problem[] };

/** GitHub refuses a page without a size, or with more than this, though its schema leaves both open. */
const longestPage = 100;

export function createGraphQLContract(): GraphQLContract {
  return {
    checkGraphQL: (call) => {
      const preparation = prepare(call);
      return 'problems' in preparation ? preparation.problems : [];
    },
    checkGraphQLResponse: (call, body) => {
      const preparation = prepare(call);
      if ('problems' in preparation) return [];
      const { document, operation, variables } = preparation.prepared;
      return problems('graphql-response', operation, answerComplaints(document, variables, body));
    },
  };
}

type Reading =
  | { readonly document: DocumentNode; readonly operation: OperationDefinitionNode }
  | { readonly problems: readonly Problem[] };

const readings = new Map<string, Reading>();

function prepare({ query, variables = {} }: GraphQLCall): Preparation {
  const reading = readings.get(query) ?? read(query);
  readings.set(query, reading);
  return 'problems' in reading ? reading : coerced(reading.document, reading.operation, variables);
}

/** What can be said of a query without its variables: we make few, and call them often. */
function read(query: string): Reading {
  const document = parsed(query);
  if (document instanceof GraphQLError)
    return { problems: problems('graphql-document', undefined, [document.message]) };
  const operations = document.definitions.filter((it) => it.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation === undefined || operations.length > 1) {
    const message = `it holds ${operations.length} operations, not one`;
    return { problems: problems('graphql-document', undefined, [message]) };
  }
  const invalid = [
    ...validate(gitHubGraphQLSchema(), document).map((it) => it.message),
    ...pageComplaints(document),
  ];
  if (invalid.length > 0) return { problems: problems('graphql-document', operation, invalid) };
  return { document, operation };
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function coerced(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: JsonObject,
): Preparation {
  const declared = operation.variableDefinitions ?? [];
  const names = new Set(declared.map((it) => it.variable.name.value));
  const undeclared = Object.keys(variables).filter((name) => !names.has(name));
  const values = getVariableValues(gitHubGraphQLSchema(), declared, variables);
  const complaints = [
    ...undeclared.map((name) => `$${name} is given and not declared`),
    ...(values.errors ?? []).map((it) => it.message),
  ];
  if (complaints.length > 0) return { problems: problems('graphql-variables', operation, complaints) };
  return { prepared: { document, operation, variables: isJsonObject(values.coerced) ? values.coerced : {} } };
}

function pageComplaints(document: DocumentNode): readonly string[] {
  const complaints: string[] = [];
  const types = new TypeInfo(gitHubGraphQLSchema());
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: (field) => {
        const type = types.getType();
        if (type && getNamedType(type).name.endsWith('Connection'))
          complaints.push(...pageComplaintsOf(field));
      },
    }),
  );
  return complaints;
}

function pageComplaintsOf(field: FieldNode): readonly string[] {
  const selected = field.selectionSet?.selections ?? [];
  // A count alone needs no page.
  if (selected.every((it) => it.kind === Kind.FIELD && it.name.value === 'totalCount')) return [];
  const sizes = (field.arguments ?? []).filter((it) => it.name.value === 'first' || it.name.value === 'last');
  if (sizes.length === 0) return [`Field "${field.name.value}" needs \`first\` or \`last\``];
  return sizes.flatMap(({ name, value }) => {
    if (value.kind !== Kind.INT || (Number(value.value) >= 1 && Number(value.value) <= longestPage))
      return [];
    return [
      `Field "${field.name.value}": \`${name.value}\` is ${value.value}, not within 1 and ${longestPage}`,
    ];
  });
}

function problems(
  code: ProblemCode,
  operation: OperationDefinitionNode | undefined,
  messages: readonly string[],
): readonly Problem[] {
  const called =
    operation === undefined ? '' : ` ${operation.operation} ${operation.name?.value ?? '(unnamed)'}`;
  return messages.map((message) => ({ code, operation: `POST /graphql${called}`, message }));
}
