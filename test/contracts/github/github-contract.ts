// Says where a call of GitHub, or an answer to one, departs from what GitHub itself describes.
import { gitHubDescription } from './description.ts';
import type { Content, Parameter } from './description.ts';
import { createGraphQLContract } from './graphql-contract.ts';
import type { GraphQLContract } from './graphql-contract.ts';
import type { JsonObject } from './json-object.ts';
import { isJsonObject } from './json-object.ts';
import { createOperationMatch } from './operation-match.ts';
import type { Call } from './operation-match.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { bodyProse, mayBePlainText, queryProse } from './prose-rules.ts';
import { createSchemaCheck } from './schema-check.ts';
import type { SchemaCheck } from './schema-check.ts';

export interface ContractRequest {
  readonly method: string;
  /** Absolute, or a path: a host and the `/api/v3` of GitHub Enterprise Server are stripped. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The parsed body; undefined, null and `''` are none. */
  readonly body?: unknown;
}

export interface ContractResponse {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** JSON where there is none. */
  readonly contentType?: string | undefined;
  /** The parsed body, or its text where it is no JSON; undefined, null and `''` are none. */
  readonly body?: unknown;
}

export interface GitHubContract extends GraphQLContract {
  checkRequest(request: ContractRequest): readonly Problem[];
  checkResponse(response: ContractResponse): readonly Problem[];
}

type Finding = Omit<Problem, 'operation'>;

let made: GitHubContract | undefined;

/** Holds no state but its compiled schemas: a process makes one. */
export function createGitHubContract(): GitHubContract {
  made ??= makeGitHubContract();
  return made;
}

function makeGitHubContract(): GitHubContract {
  const description = gitHubDescription();
  const match = createOperationMatch(description);
  const schemas = createSchemaCheck(description.schemas);

  const check = (
    method: string,
    url: string,
    findings: (call: Call) => readonly Finding[],
  ): readonly Problem[] => {
    const found = match(method, url);
    if (!found.ok) return [{ code: 'unknown-operation', operation: found.called, message: found.message }];
    const operation = found.call.operation.name;
    return findings(found.call).map((finding) => ({ ...finding, operation }));
  };

  return {
    ...createGraphQLContract(),
    checkRequest: ({ method, url, headers, body }) =>
      check(method, url, (call) => [
        ...pathFindings(call, schemas),
        ...queryFindings(call, schemas),
        ...contentTypeFindings(call, headers ?? {}, body),
        ...requestBodyFindings(call, body, schemas),
      ]),
    checkResponse: ({ method, url, ...response }) =>
      check(method, url, (call) => responseFindings(call, response, schemas)),
  };
}

function pathFindings(call: Call, schemas: SchemaCheck): readonly Finding[] {
  return [...call.pathParameters].flatMap(([name, encoded]) => {
    const parameter = call.operation.parameters.find((it) => it.in === 'path' && it.name === name);
    const text = decoded(encoded);
    if (text === undefined) return [finding('path-parameter', `${name} is not percent-encoded: ${encoded}`)];
    return parameter === undefined ? [] : parameterFindings('path-parameter', parameter, text, schemas);
  });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function queryFindings(call: Call, schemas: SchemaCheck): readonly Finding[] {
  const described = call.operation.parameters.filter((it) => it.in === 'query');
  const missing = described.filter((it) => it.required && !call.query.has(it.name));
  return [
    ...missing.map((it) => finding('query-parameter', `${it.name} is required`)),
    ...[...new Set(call.query.keys())].flatMap((name) => {
      const parameter = described.find((it) => it.name === name);
      const texts = call.query.getAll(name);
      if (parameter === undefined) return [finding('query-parameter', `GitHub does not describe ${name}`)];
      if (texts.length > 1) return [finding('query-parameter', `${name} is given ${texts.length} times`)];
      return texts.flatMap((text) => [
        ...parameterFindings('query-parameter', parameter, text, schemas),
        ...queryProse(name, text).map((message) => finding('query-parameter', message)),
      ]);
    }),
  ];
}

function parameterFindings(
  code: ProblemCode,
  { name, schema }: Parameter,
  text: string,
  schemas: SchemaCheck,
): readonly Finding[] {
  return schemas
    .open(schema, typed(text, schema))
    .map((complaint) => finding(code, `${name}=${text}: ${complaint}`));
}

/** The value that the text in a URL stands for; the text itself where it stands for none of the schema's type. */
function typed(text: string, schema: JsonObject): unknown {
  if (schema['type'] === 'integer' && /^-?[0-9]+$/.test(text)) return Number(text);
  if (schema['type'] === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

function contentTypeFindings(
  call: Call,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): readonly Finding[] {
  const given = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const described = [...(call.operation.requestBody?.content.keys() ?? [])];
  if (given === undefined || isAbsent(body) || described.length === 0 || described.includes(mediaType(given)))
    return [];
  return [finding('content-type', `${given}, where GitHub takes ${described.join(' or ')}`)];
}

function requestBodyFindings(call: Call, body: unknown, schemas: SchemaCheck): readonly Finding[] {
  const { requestBody } = call.operation;
  if (isAbsent(body))
    return requestBody?.required === true ? [finding('request-body', 'it is required')] : [];
  if (requestBody === undefined) return [finding('request-body', 'GitHub describes none here')];
  const [schema = {}] = requestBody.content.values();
  const complaints = [...schemas.closed(schema, body), ...bodyProse(call.operation.name, body)];
  return complaints.map((complaint) => finding('request-body', complaint));
}

type Answer = Omit<ContractResponse, 'method' | 'url'>;

function responseFindings(call: Call, answer: Answer, schemas: SchemaCheck): readonly Finding[] {
  const content = call.operation.responses.get(String(answer.status));
  if (content === undefined) return undescribedFindings(call, answer, schemas);
  if (content.size === 0) {
    return isAbsent(answer.body) ? [] : [finding('response-body', `${answer.status} comes without a body`)];
  }
  if (mayBePlainText(call.operation.name, answer.status, answer.contentType)) return [];
  // `accepted` is described as an object, and comes empty.
  if (answer.status === 202 && isAbsent(answer.body)) return [];
  const schema = schemaFor(content, answer.contentType ?? 'application/json');
  return schemas
    .open(schema, answer.body)
    .map((complaint) => finding('response-body', `${answer.status}: ${complaint}`));
}

function schemaFor(content: Content, contentType: string): JsonObject {
  const [first = {}] = content.values();
  return content.get(mediaType(contentType)) ?? content.get('application/json') ?? first;
}

/** GitHub may refuse any call, and answer any conditional read with 304, without saying so for each operation. */
function undescribedFindings(call: Call, { status, body }: Answer, schemas: SchemaCheck): readonly Finding[] {
  if (status === 304 && call.operation.method === 'GET') {
    return isAbsent(body) ? [] : [finding('response-body', '304 comes without a body')];
  }
  if (status >= 500) return [];
  if (status < 400) {
    const described = [...call.operation.responses.keys()].join(', ');
    return [finding('response-status', `${status}, where GitHub describes ${described}`)];
  }
  const hasMessage = isJsonObject(body) && typeof body['message'] === 'string';
  const complaints = hasMessage ? schemas.component('basic-error', body) : ['it has no message'];
  return complaints.map((complaint) => finding('response-body', `${status}: ${complaint}`));
}

function isAbsent(body: unknown): boolean {
  return body === undefined || body === null || body === '';
}

function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

function finding(code: ProblemCode, message: string): Finding {
  return { code, message };
}
