// The Google strategy over the double of a Workspace directory.
import { generateKeyPairSync } from 'node:crypto';
import { startGoogle, type Google } from '../../../sandbox/services/google/google.ts';
import type { Settings } from '../../../src/domain/flow.ts';
import { personId } from '../../../src/domain/names.ts';
import type { StrategySubject } from '../strategy.ts';
import { ann, serviceParts, type ServiceParts } from './service-parts.ts';
import { waysBy, type SubjectSurroundings } from './passage.ts';
import { createQuickClock } from './subject-parts.ts';

export const googleIds = {
  group: '01ci93xb3tmzyin',
  address: 'production@acme.com',
  ann: '105250506097979753968',
} as const;

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const googleKey: string = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));

export const googleIntegration: Settings = {
  type: 'google',
  subject: 'admin@acme.com',
  client_email: 'countersign@acme.iam.gserviceaccount.com',
  private_key: '${{ secrets.GOOGLE_KEY }}',
};

export const googleScopes: readonly string[] = ['group.readonly', 'group.member', 'user.readonly'].map(
  (each) => `https://www.googleapis.com/auth/admin.directory.${each}`,
);

export const googleHosts: readonly string[] = [
  'https://oauth2.googleapis.com',
  'https://admin.googleapis.com',
];

/** With a group, with ann outside of it. */
export async function startSampleGoogle(now: () => Date): Promise<Google> {
  const google = await startGoogle({ now });
  const { state } = google;
  state.serviceAccounts.set('countersign@acme.iam.gserviceaccount.com', {
    key: publicKey.export({ format: 'jwk' }),
    scopes: googleScopes,
  });
  state.administrators.add('admin@acme.com');
  state.groups.set(googleIds.group, { id: googleIds.group, email: googleIds.address });
  state.users.set(googleIds.ann, {
    id: googleIds.ann,
    primaryEmail: 'ann@acme.com',
    aliases: ['ann.o@acme.com'],
  });
  return google;
}

export interface GoogleWorld {
  readonly google: Google;
  readonly service: ServiceParts;
}

export async function openGoogle(
  overrides: Partial<Parameters<typeof serviceParts>[0]> = {},
): Promise<GoogleWorld> {
  const clock = overrides.clock ?? createQuickClock();
  const google = await startSampleGoogle(() => new Date(clock.now()));
  const service = serviceParts({
    double: google,
    clock,
    from: googleHosts,
    secrets: { GOOGLE_KEY: { host: 'oauth2.googleapis.com', value: googleKey } },
    integration: googleIntegration,
    people: [{ ...ann, accounts: { google: googleIds.ann } }],
    isRead: (path) => path === '/token',
    ...overrides,
  });
  return { google, service };
}

export async function googleSubject(around?: SubjectSurroundings): Promise<StrategySubject> {
  const { google, service } = await openGoogle(around && { clock: around.clock });
  const ref = { type: 'google-group', integration: 'google' };
  const target = { group_key: googleIds.address, role: 'MANAGER' };
  return {
    ...waysBy(service.partsThrough),
    ref,
    target,
    lesser: { group_key: googleIds.address },
    person: personId('ann'),
    readable: true,
    async holds() {
      return google.state.role(googleIds.group, googleIds.ann) ?? 'none';
    },
    async give(holding) {
      const role = holding === 'MEMBER' || holding === 'MANAGER' ? holding : undefined;
      google.state.setRole(googleIds.group, googleIds.ann, role);
    },
    trouble: service.trouble,
    get writes() {
      return service.writes;
    },
    async close() {
      await google.stop();
      if (google.strangers.length > 0)
        throw new Error(`Google has no such thing: ${google.strangers.join(', ')}`);
    },
  };
}
