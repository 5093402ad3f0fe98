// The rules that GitHub's description gives in its prose only, which no schema checks.
import { isJsonObject } from './json-object.ts';

/** "The number of results per page (max 100)": GitHub shortens a longer page in silence. */
const longestPage = 100;

export function queryProse(name: string, text: string): readonly string[] {
  if (name !== 'per_page' || Number(text) <= longestPage) return [];
  return [`per_page=${text}: GitHub gives ${longestPage} at most`];
}

/** "**Required if you provide `completed_at` or a `status` of `completed`**", of a check run's conclusion. */
export function bodyProse(operation: string, body: unknown): readonly string[] {
  if (operation !== 'POST /repos/{owner}/{repo}/check-runs' || !isJsonObject(body) || 'conclusion' in body)
    return [];
  return body['status'] === 'completed' || 'completed_at' in body
    ? ['a completed check run needs a conclusion']
    : [];
}

/** "This endpoint supports the following custom media types": a file as it is, a difference, a commit's SHA. */
const plainTextMediaType = /^application\/vnd\.github\.(v3\.)?(raw|diff|patch|sha|html)\b/;
const plainTextOperations: readonly string[] = [
  'GET /repos/{owner}/{repo}/contents/{path}',
  'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
  'GET /repos/{owner}/{repo}/commits/{ref}',
  'GET /repos/{owner}/{repo}/compare/{basehead}',
];

export function mayBePlainText(operation: string, status: number, contentType = ''): boolean {
  return status === 200 && plainTextMediaType.test(contentType) && plainTextOperations.includes(operation);
}
