// Reads the fields of a JSON body, and complains about them in GitHub's words.
import { GitHubProblem, invalid, unprocessable } from '../problem.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function parseBody(text: string): JsonObject {
  if (text.trim() === '') return {};
  const value = parse(text);
  if (!isObject(value)) {
    throw new GitHubProblem({ status: 400, message: 'Body should be a JSON object' });
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GitHubProblem({ status: 400, message: 'Problems parsing JSON' });
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function requiredText(body: JsonObject, field: string, resource: string): string {
  const value = body[field];
  if (value === undefined || value === null) throw invalid([{ resource, field, code: 'missing_field' }]);
  return wanted(value, field, 'string', isText);
}

export function optionalText(body: JsonObject, field: string): string | undefined {
  const value = body[field];
  return value === undefined || value === null ? undefined : wanted(value, field, 'string', isText);
}

/** Tells "left out" (undefined) from "taken away" (null). */
export function nullableText(body: JsonObject, field: string): string | null | undefined {
  const value = body[field];
  return value === undefined || value === null ? value : wanted(value, field, 'string', isText);
}

export function optionalBoolean(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  return value === undefined
    ? undefined
    : wanted(value, field, 'boolean', (one): one is boolean => typeof one === 'boolean');
}

export function optionalTexts(body: JsonObject, field: string): string[] | undefined {
  const value = body[field];
  return value === undefined || value === null ? undefined : wanted(value, field, 'array', isTexts);
}

export function optionalNumbers(body: JsonObject, field: string): number[] | undefined {
  const value = body[field];
  return value === undefined || value === null ? undefined : wanted(value, field, 'array', isNumbers);
}

export function optionalObjects(body: JsonObject, field: string): JsonObject[] | undefined {
  const value = body[field];
  return value === undefined || value === null ? undefined : wanted(value, field, 'array', isObjects);
}

export function optionalObject(body: JsonObject, field: string): JsonObject | undefined {
  const value = body[field];
  return value === undefined || value === null ? undefined : wanted(value, field, 'object', isObject);
}

function wanted<T>(value: unknown, field: string, kind: string, test: (value: unknown) => value is T): T {
  if (test(value)) return value;
  throw unprocessable(
    `Invalid request.\n\nFor 'properties/${field}', ${JSON.stringify(value)} is not a ${kind}.`,
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number');
}

function isObjects(value: unknown): value is JsonObject[] {
  return Array.isArray(value) && value.every(isObject);
}
