// Speaks to Tailscale’s API, version 2: its policy file, compared and set, and the users of a tailnet.
import type { FromSchema } from 'json-schema-to-ts';
import { Failure } from '../../engine/ports/failure.ts';
import { answerShape } from '../http/answer-shape.ts';
import { RestFailure, type Rest } from '../http/rest.ts';
import { createTokenRest } from '../http/token-rest.ts';
import { withSecrets } from '../secret-text.ts';
import type { WaysOut } from '../ways-out.ts';
import type { TailscaleIntegration } from './tailscale-integration.ts';

const host = 'api.tailscale.com';
const hujson = 'application/hujson';

export interface Tailscale {
  readonly rest: Rest;
  readonly tailnet: string;
}

export interface TailscaleUser {
  readonly id: string;
  /** Mostly an e-mail address: what the policy file calls the user. */
  readonly loginName: string;
  /** A member of the tailnet, who is neither suspended nor waiting for approval. */
  readonly isActive: boolean;
}

export interface PolicyFile {
  readonly text: string;
  /** Changes whenever the file does. */
  readonly etag: string;
}

export function connectTailscale(
  { tailnet, client_id, client_secret }: TailscaleIntegration,
  using: WaysOut,
): Tailscale {
  const rest = createTokenRest({
    service: 'Tailscale',
    baseUrl: `https://${host}/api/v2`,
    using,
    meaning: {
      401: 'It refuses the OAuth client of the integration.',
      403: 'The OAuth client lacks the scope `policy_file` or `users:read`.',
    },
    credentials: async () => [client_id, await withSecrets(client_secret, host, using)],
    ask: (plain, [id = '', secret = '']) =>
      plain.call('asking for a token', {
        method: 'POST',
        path: '/oauth/token',
        form: { grant_type: 'client_credentials', client_id: id, client_secret: secret },
      }),
  });
  return { rest, tailnet: encodeURIComponent(tailnet) };
}

/** Undefined where there is no such user, or no longer. */
export async function tailscaleUser({ rest }: Tailscale, id: string): Promise<TailscaleUser | undefined> {
  const path = `/users/${encodeURIComponent(id)}`;
  const answer = await rest.find('reading the user', { method: 'GET', path });
  return answer && userOf(readUser(answer.json));
}

export async function tailscaleUsers({ rest, tailnet }: Tailscale): Promise<readonly TailscaleUser[]> {
  const path = `/tailnet/${tailnet}/users`;
  const { json } = await rest.call('listing the users', { method: 'GET', path });
  return readUsers(json).users.map(userOf);
}

export async function readPolicyFile({ rest, tailnet }: Tailscale): Promise<PolicyFile> {
  const path = `/tailnet/${tailnet}/acl`;
  const headers = { accept: hujson };
  const answer = await rest.call('reading the policy file', { method: 'GET', path, headers });
  const etag = answer.headers.get('etag');
  // Without it, nothing would keep two writers apart.
  if (etag === null || etag === '')
    throw new Failure('Tailscale gave the policy file without the tag by which it is compared.', {
      transient: true,
    });
  return { text: answer.text, etag };
}

/** Undefined where the file was changed since it was read. Throws `Failure` where Tailscale finds it wrong. */
export async function writePolicyFile(
  { rest, tailnet }: Tailscale,
  { text, etag }: PolicyFile,
): Promise<'written' | undefined> {
  const path = `/tailnet/${tailnet}/acl`;
  const body = { type: hujson, body: text };
  const checked = await rest.call('checking the policy file', {
    ...{ method: 'POST', path: `${path}/validate`, text: body },
  });
  // What is wrong with it is told with status 200, and by names that are nobody else’s business.
  if (readVerdict(checked.json ?? {}).message) throw new Failure(wrongFile, { transient: false });
  const headers = { accept: hujson, 'if-match': etag };
  try {
    await rest.call('writing the policy file', { method: 'POST', path, headers, text: body });
    return 'written';
  } catch (error) {
    if (error instanceof RestFailure && error.status === 412) return undefined;
    throw error;
  }
}

const wrongFile =
  'Tailscale finds the policy file wrong with this change: one of its own tests fails, or it names somebody that it does not know.';

const user = {
  type: 'object',
  required: ['id', 'loginName', 'status', 'type'],
  properties: {
    id: { type: 'string' },
    loginName: { type: 'string' },
    status: { type: 'string' },
    type: { type: 'string' },
  },
} as const;
const users = {
  type: 'object',
  required: ['users'],
  properties: { users: { type: 'array', items: user } },
} as const;
const verdict = { type: 'object', properties: { message: { type: 'string' } } } as const;

const readUser = answerShape<FromSchema<typeof user>>('Tailscale', user);
const readUsers = answerShape<FromSchema<typeof users>>('Tailscale', users);
const readVerdict = answerShape<FromSchema<typeof verdict>>('Tailscale', verdict);

function userOf({ id, loginName, status, type }: FromSchema<typeof user>): TailscaleUser {
  return { id, loginName, isActive: type === 'member' && (status === 'active' || status === 'idle') };
}
