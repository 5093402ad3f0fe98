// Makes an app: its bot, its keys, its webhook. Nobody has installed it yet.
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { GitHub } from '../github.ts';
import type { AccountRow, AppRow, Permissions } from '../rows.ts';

export interface NewApp {
  readonly slug: string;
  readonly name: string;
  readonly owner: AccountRow;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  /** A new one is taken unless said. */
  readonly id?: number;
  /** Where its webhooks go; absent: it has none. */
  readonly hookUrl?: string;
  readonly description?: string;
  readonly externalUrl?: string;
}

export function createApp(github: GitHub, app: NewApp): AppRow {
  const at = github.timestamp();
  const { privateKey, publicKey } = keyPairFor(app.slug);
  const bot = github.state.accounts.put({
    id: github.state.nextId('account'),
    login: `${app.slug}[bot]`,
    type: 'Bot',
    name: null,
    email: null,
    created_at: at,
    updated_at: at,
    app_slug: app.slug,
  });
  return github.state.apps.put({
    id: app.id ?? freeId(github),
    slug: app.slug,
    name: app.name,
    client_id: `Iv23li${createHmac('sha256', 'client').update(app.slug).digest('hex').slice(0, 14)}`,
    owner_id: app.owner.id,
    bot_id: bot.id,
    permissions: app.permissions,
    events: app.events,
    hook_id: github.state.nextId('hook'),
    webhook_secret: randomBytes(20).toString('hex'),
    private_key: privateKey,
    public_key: publicKey,
    created_at: at,
    ...(app.hookUrl !== undefined && { hook_url: app.hookUrl }),
    ...(app.description !== undefined && { description: app.description }),
    ...(app.externalUrl !== undefined && { external_url: app.externalUrl }),
  });
}

function freeId(github: GitHub): number {
  return Math.max(1000, ...github.state.apps.all().map(({ id }) => id)) + 1;
}

interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

const keyPairs = new Map<string, KeyPair>();

/** Made once a process: a suite that starts a hundred sandboxes should not make two hundred keys. */
function keyPairFor(slug: string): KeyPair {
  const known = keyPairs.get(slug);
  if (known) return known;
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  keyPairs.set(slug, pair);
  return pair;
}
