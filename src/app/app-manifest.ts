// What our two GitHub Apps ask of GitHub: the main one as `app.yml` says it, for setup, doctor and the reference alike.
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

export interface AppManifest {
  readonly name: string;
  readonly url: string;
  readonly description: string;
  /** By GitHub’s names: `contents`, `issues`; `read` or `write`. */
  readonly permissions: { readonly [name: string]: string };
  readonly events: readonly string[];
}

/** Reads what was asked for: throws where `app.yml` is not as we wrote it. */
export function mainApp(): AppManifest {
  const file: unknown = load(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8'));
  const permissions = Object.entries(Object(fieldOf(file, 'default_permissions')));
  const events = fieldOf(file, 'default_events');
  return {
    name: textOf(file, 'name'),
    url: textOf(file, 'url'),
    description: textOf(file, 'description'),
    permissions: Object.fromEntries(permissions.map(([name, level]) => [name, String(level)])),
    events: Array.isArray(events) ? events.map(String) : [],
  };
}

/** The second app, for the GitHub strategies and for workflows that run after an approval. It hears nothing, and has no webhook. */
export function grantsApp(): AppManifest {
  const { name, url } = mainApp();
  return {
    name: `${name} grants`,
    url,
    description:
      'Gives and takes back what Countersign was told to, and starts workflows. Its key can change teams and collaborators.',
    permissions: { metadata: 'read', members: 'write', administration: 'write', actions: 'write' },
    events: [],
  };
}

function fieldOf(file: unknown, name: string): unknown {
  return typeof file === 'object' && file !== null ? Reflect.get(file, name) : undefined;
}

function textOf(file: unknown, name: string): string {
  const text = fieldOf(file, name);
  if (typeof text !== 'string') throw new Error(`app.yml has no ${name}.`);
  return text;
}
