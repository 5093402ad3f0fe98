// Finds the operation that a URL calls, among those that GitHub describes.
import type { Description, Operation } from './description.ts';
import { undocumentedPaths } from './undocumented-paths.ts';

export interface Call {
  readonly operation: Operation;
  /** As written in the URL, percent-encoded. */
  readonly pathParameters: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
}

export type Match =
  | { readonly ok: true; readonly call: Call }
  | { readonly ok: false; readonly called: string; readonly message: string };

interface Template {
  readonly method: string;
  readonly pattern: RegExp;
  readonly segments: number;
  /** Whether one of its parameters may be of several segments. */
  readonly isOpen: boolean;
  /** How many segments are fixed: `/issues/comments` wins over `/issues/{issue_number}`. */
  readonly fixedSegments: number;
  /** Absent where GitHub describes the operation and we do not call it. */
  readonly operation?: Operation;
}

/** Takes absolute URLs of any host and bare paths, with or without the `/api/v3` of GitHub Enterprise Server. */
export function createOperationMatch(description: Description): (method: string, url: string) => Match {
  const templates = [
    ...description.operations.map(calledTemplate),
    ...description.otherOperations.map(otherTemplate),
  ].sort((a, b) => b.fixedSegments - a.fixedSegments);
  return (method, url) => {
    const { pathname, searchParams: query } = new URL(url, 'https://api.github.com');
    const path = describedPath(pathname);
    const serves = servesPath(path);
    const template = templates.find((it) => it.method === method.toUpperCase() && serves(it));
    const { operation } = template ?? {};
    if (template === undefined || operation === undefined) {
      return {
        ok: false,
        called: `${method.toUpperCase()} ${pathname}`,
        message: whyUnknown(template, templates.filter(serves)),
      };
    }
    const pathParameters = new Map(Object.entries(template.pattern.exec(path)?.groups ?? {}));
    return { ok: true, call: { operation, pathParameters, query } };
  };
}

/** There are a thousand of them, and each call of a test is looked up: most are out by the number of their segments. */
function servesPath(path: string): (template: Template) => boolean {
  const count = segmentsOf(path).length;
  return ({ segments, isOpen, pattern }) =>
    (segments === count || (isOpen && segments < count)) && pattern.test(path);
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').slice(1);
}

function describedPath(pathname: string): string {
  const path = pathname.replace(/^\/api\/v3(?=\/)/, '');
  const undocumented = undocumentedPaths.find((it) => it.pattern.test(path));
  return undocumented === undefined ? path : path.replace(undocumented.pattern, undocumented.standsFor);
}

function whyUnknown(template: Template | undefined, serving: readonly Template[]): string {
  if (template !== undefined) {
    return 'GitHub describes this operation, but not this extract: add it to called-operations.ts and run extract.ts';
  }
  const methods = [...new Set(serving.map((it) => it.method))].join(', ');
  return methods === '' ? 'GitHub describes no such path' : `GitHub describes this path with ${methods} only`;
}

function calledTemplate(operation: Operation): Template {
  const slashed = operation.parameters
    .filter((it) => it.in === 'path' && it.multiSegment)
    .map((it) => it.name);
  return { ...template(operation.method, operation.path, slashed), operation };
}

function otherTemplate(name: string): Template {
  const [method = '', path = ''] = name.split(' ');
  return template(method, path, []);
}

function template(method: string, path: string, slashed: readonly string[]): Template {
  const segments = segmentsOf(path);
  const patterns = segments.map((segment) =>
    segment.replace(/[.$+]/g, '\\$&').replace(/\{(\w+)\}/g, (_, name: string) => {
      return `(?<${name}>${slashed.includes(name) ? '.+' : '[^/]+'})`;
    }),
  );
  return {
    method,
    pattern: new RegExp(`^/${patterns.join('/')}$`),
    segments: segments.length,
    isOpen: slashed.length > 0,
    fixedSegments: segments.filter((segment) => !segment.includes('{')).length,
  };
}
