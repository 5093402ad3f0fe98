// The generic HTTP strategy over the sandbox's vault, which can be read or, in the other suite, cannot.
import { redirectedFetch } from '../../../src/app/endpoints.ts';
import type { Settings } from '../../../src/domain/flow.ts';
import { personId } from '../../../src/domain/names.ts';
import { testOutside } from '../../outside.ts';
import type { StrategySubject } from '../strategy.ts';
import { fetchThrough, waysBy, type SubjectSurroundings } from './passage.ts';
import { openWorld } from './subject-parts.ts';

export async function httpSubject(
  { check }: { readonly check: 'with' | 'without' },
  around?: SubjectSurroundings,
): Promise<StrategySubject> {
  const { sandbox, wire, parts, close } = await openWorld(around?.clock);
  const { COUNTERSIGN_SECRET_VAULT_TOKEN: VAULT_TOKEN = '' } = sandbox.environment();
  const VAULT_URL = 'https://vault.acme.com/v1';
  const endpoints = [{ from: VAULT_URL, to: `${sandbox.url}/service/vault` }];
  const { vaultGrants } = sandbox.github.state;
  const path = '/grants/{{account}}';
  const target: Settings = {
    account: 'email',
    grant: { method: 'PUT', path, body: { role: 'reader', subject: '{{account}}' } },
    revoke: { method: 'DELETE', path },
    ...(check === 'with' && { check: { method: 'GET', path } }),
    keep: { recorded: ['created_at'], sealed: ['subject'] },
  };
  const at = '2026-11-20T09:00:00.000Z';
  return {
    ...waysBy((passage) => ({
      ...parts,
      outside: testOutside({
        clock: parts.clock,
        fetch: redirectedFetch({
          endpoints,
          there: fetchThrough(passage, wire.fetch),
          otherwise: wire.fetch,
        }),
        secret: ({ name, host }) =>
          name === 'VAULT_TOKEN' && host === new URL(VAULT_URL).host ? VAULT_TOKEN : undefined,
      }),
      integrations: async () => [{ type: 'http', base_url: VAULT_URL, token: '${{ secrets.VAULT_TOKEN }}' }],
      sealing: { keys: [{ kid: 'test', key: Buffer.alloc(32, 7) }], nonce: () => Buffer.alloc(12, 1) },
    })),
    ref: { type: 'http', integration: 'vault' },
    target,
    person: personId('ann'),
    readable: check === 'with',
    async holds() {
      return vaultGrants.get('ann@acme.com') ? 'granted' : 'none';
    },
    async give(holding) {
      if (holding === 'none') vaultGrants.delete('ann@acme.com');
      else
        vaultGrants.put({
          subject: 'ann@acme.com',
          body: {},
          created_at: at,
          updated_at: at,
          key: 'of a test',
        });
    },
    trouble: wire.trouble,
    get writes() {
      return wire.writes;
    },
    close,
  };
}
