// Reads the manifest of an app to be made, as strictly as GitHub: what it does not know or cannot give is said.
import { isObject, type JsonObject } from './rest/json.ts';
import type { Level, Permissions } from './rows.ts';

export interface Manifest {
  readonly name: string;
  readonly url: string;
  readonly description?: string;
  readonly redirectUrl: string;
  readonly hookUrl?: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

const KEYS = [
  'name',
  'url',
  'hook_attributes',
  'redirect_url',
  'callback_urls',
  'setup_url',
  'description',
  'public',
  'default_events',
  'default_permissions',
  'request_oauth_on_install',
  'setup_on_update',
];

/** Which permission an event needs; any of several. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  check_run: ['checks'],
  check_suite: ['checks'],
  issue_comment: ['issues', 'pull_requests'],
  issues: ['issues'],
  member: ['members', 'administration'],
  membership: ['members'],
  organization: ['members'],
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  push: ['contents'],
  repository: ['metadata'],
  team: ['members'],
};

const PERMISSIONS = [
  'actions',
  'administration',
  'checks',
  'contents',
  'deployments',
  'issues',
  'members',
  'metadata',
  'pull_requests',
  'secrets',
  'statuses',
  'workflows',
];
const LONGEST_NAME = 34;

export function readManifest(
  text: string,
): { readonly manifest: Manifest } | { readonly problems: string[] } {
  const read = parsed(text);
  if (read === undefined) return { problems: ['The manifest is no JSON object.'] };
  const problems: string[] = [];
  const unknown = Object.keys(read).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) problems.push(`Unknown keys: ${unknown.join(', ')}.`);
  const name = textOf(read, 'name', problems);
  if (name.length > LONGEST_NAME) problems.push(`Name is too long (maximum is ${LONGEST_NAME} characters).`);
  const manifest: Manifest = {
    name,
    url: address(read, 'url', problems),
    redirectUrl: address(read, 'redirect_url', problems),
    ...(typeof read['description'] === 'string' && { description: read['description'] }),
    ...hookOf(read, problems),
    permissions: permissionsOf(read['default_permissions'], problems),
    events: textsOf(read['default_events']),
  };
  problems.push(...eventProblems(manifest));
  return problems.length > 0 ? { problems } : { manifest };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf(read: JsonObject, key: string, problems: string[]): string {
  const value = read[key];
  if (typeof value === 'string' && value.trim() !== '') return value;
  problems.push(`“${key}” wasn’t supplied.`);
  return '';
}

function address(read: JsonObject, key: string, problems: string[]): string {
  const text = textOf(read, key, problems);
  if (text !== '' && !/^https?:\/\//.test(text)) problems.push(`“${key}” is no address.`);
  return text;
}

function hookOf(read: JsonObject, problems: string[]): { readonly hookUrl?: string } {
  const hook = read['hook_attributes'];
  if (hook === undefined) return {};
  if (isObject(hook)) return { hookUrl: address(hook, 'url', problems) };
  problems.push('“hook_attributes” is no object.');
  return {};
}

function permissionsOf(read: unknown, problems: string[]): Permissions {
  const entries = isObject(read) ? Object.entries(read) : [];
  const levels = entries.flatMap(([name, level]): [string, Level][] => {
    if (PERMISSIONS.includes(name) && (level === 'read' || level === 'write' || level === 'admin'))
      return [[name, level]];
    problems.push(`Default permission records resource “${name}” with “${String(level)}” is not known.`);
    return [];
  });
  return { metadata: 'read', ...Object.fromEntries(levels) };
}

function textsOf(read: unknown): readonly string[] {
  return Array.isArray(read) ? read.filter((one): one is string => typeof one === 'string') : [];
}

function eventProblems({ events, permissions, hookUrl }: Manifest): readonly string[] {
  const unsupported = events.filter(
    (event) => !(EVENTS[event] ?? []).some((name) => permissions[name] !== undefined),
  );
  return [
    ...(unsupported.length > 0 ? [`Default events unsupported: ${unsupported.join(', ')}.`] : []),
    ...(events.length > 0 && hookUrl === undefined ? ['Default events without a webhook.'] : []),
  ];
}
