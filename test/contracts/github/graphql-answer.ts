// Checks the data of a GraphQL answer against what was asked, by executing the query over that very data.
import { GraphQLError, Kind, executeSync, getNamedType, isAbstractType, isLeafType } from 'graphql';
import type { DocumentNode, GraphQLAbstractType, GraphQLResolveInfo, SelectionNode } from 'graphql';

import { gitHubGraphQLSchema } from './graphql-schema.ts';
import { isJsonObject } from './json-object.ts';
import type { JsonObject } from './json-object.ts';

/** How JSON carries the scalars of GraphQL itself; those of GitHub (`DateTime`, `URI`, …) are strings mostly. */
const leafTypes: Readonly<Record<string, string>> = {
  Int: 'number',
  Float: 'number',
  String: 'string',
  ID: 'string',
  Boolean: 'boolean',
  DateTime: 'string',
  URI: 'string',
  HTML: 'string',
  GitObjectID: 'string',
};

export function answerComplaints(
  document: DocumentNode,
  variables: JsonObject,
  body: unknown,
): readonly string[] {
  if (!isJsonObject(body)) return ['it is no object'];
  const { data, errors } = body;
  if (data === undefined || data === null) {
    return Array.isArray(errors) && errors.length > 0 ? [] : ['it has neither data nor errors'];
  }
  const executed = executeSync({
    schema: gitHubGraphQLSchema(),
    document,
    rootValue: data,
    variableValues: variables,
    fieldResolver: fromAnswer,
    typeResolver: typeOfAnswer,
  });
  const complaints = (executed.errors ?? []).map(
    (error) => `${(error.path ?? []).join('.')}: ${error.message}`,
  );
  return complaints.length > 0 ? complaints : unasked(data, executed.data, 'data');
}

/** An answer holds each field under its alias. */
function fromAnswer(source: unknown, _args: unknown, _context: unknown, info: GraphQLResolveInfo): unknown {
  const key = String(info.path.key);
  const value = isJsonObject(source) ? source[key] : undefined;
  if (value === undefined) throw new GraphQLError('it was asked for and is missing');
  const type = getNamedType(info.returnType);
  const expected = isLeafType(type) ? leafTypes[type.name] : undefined;
  const wrong = [value].flat(3).find((it) => expected !== undefined && it !== null && typeof it !== expected);
  if (wrong !== undefined)
    throw new GraphQLError(`${type.name} is a ${expected}, not ${JSON.stringify(wrong)}`);
  return value;
}

/** What `__typename` says, else the first type whose fragments are all answered. */
function typeOfAnswer(
  value: unknown,
  _context: unknown,
  info: GraphQLResolveInfo,
  abstract: GraphQLAbstractType,
): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const stated = value['__typename'];
  if (typeof stated === 'string') return stated;
  const selections = info.fieldNodes.flatMap((it) => it.selectionSet?.selections ?? []);
  const possible = info.schema.getPossibleTypes(abstract).map((it) => it.name);
  const keys = Object.keys(value);
  const scored = possible.map((name) => ({ name, asked: askedKeys(selections, name, info) }));
  const answered = scored.filter(({ asked }) => asked.every((key) => keys.includes(key)));
  const [best] = answered.sort((a, b) => b.asked.length - a.asked.length);
  return (best ?? scored[0])?.name;
}

function askedKeys(
  selections: readonly SelectionNode[],
  type: string,
  info: GraphQLResolveInfo,
): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [(selection.alias ?? selection.name).value];
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? info.fragments[selection.name.value] : selection;
    const condition = fragment?.typeCondition?.name.value;
    if (fragment === undefined || (condition !== undefined && !covers(condition, type, info))) return [];
    return askedKeys(fragment.selectionSet.selections, type, info);
  });
}

function covers(condition: string, type: string, info: GraphQLResolveInfo): boolean {
  const found = info.schema.getType(condition);
  if (condition === type) return true;
  return isAbstractType(found) && info.schema.getPossibleTypes(found).some((it) => it.name === type);
}

/** Keys that nobody asked for: code that reads them works on the double and not on GitHub. */
function unasked(given: unknown, asked: unknown, at: string): readonly string[] {
  if (Array.isArray(given) && Array.isArray(asked)) {
    return given.flatMap((item, index) => unasked(item, asked[index], `${at}.${index}`));
  }
  if (!isJsonObject(given) || !isJsonObject(asked)) return [];
  return Object.entries(given).flatMap(([key, value]) =>
    key in asked
      ? unasked(value, asked[key], `${at}.${key}`)
      : [`${at}.${key}: it is there and was not asked for`],
  );
}
