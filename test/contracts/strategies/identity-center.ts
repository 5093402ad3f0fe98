// A small IAM Identity Center for tests: the double, a role that may do what the policy files say, people, and the strategies over it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../../../sandbox/services/aws/policy.ts';
import { startAws, type Aws, type AwsOptions } from '../../../sandbox/services/aws/server.ts';
import { externalId } from '../../../src/clients/aws/aws-connections.ts';
import type { Settings } from '../../../src/domain/flow.ts';
import { deskId, personId } from '../../../src/domain/names.ts';
import type { Clock } from '../../../src/engine/ports/clock.ts';
import type { AccessControlParts } from '../../../src/strategies/access-control.ts';
import { strategies } from '../../../src/strategies/index.ts';
import type { Person } from '../../../src/strategies/strategy.ts';
import { testOutside } from '../../outside.ts';
import { straight, type Passage } from './passage.ts';

export const instanceArn = 'arn:aws:sso:::instance/ssoins-1111111111111111';
export const permissionSet = 'arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-1111111111111111';
export const groupId = '11111111-aaaa-4aaa-8aaa-111111111111';
export const userIds = {
  ann: '9a000000-0000-4000-8000-000000000001',
  bob: '9a000000-0000-4000-8000-000000000002',
  max: '9a000000-0000-4000-8000-000000000003',
} as const;
export const accounts = ['333333333333', '444444444444'] as const;
export const integration: Settings = {
  type: 'aws',
  region: 'eu-north-1',
  role_arn: 'arn:aws:iam::999999999999:role/countersign',
  instance_arn: instanceArn,
  identity_store_id: 'd-1234567890',
};
export const desk = deskId('github', 1);

export interface IdentityCenterWorld {
  readonly aws: Aws;
  readonly parts: AccessControlParts;
  /** Those of another process, each of whose calls takes this way. */
  partsThrough(passage: Passage): AccessControlParts;
  close(): Promise<void>;
}

/** Ann and Bob have accounts in people.yml; Max is found by his e-mail address. */
const people: readonly Person[] = [
  { id: personId('ann'), accounts: { 'aws-sso': userIds.ann } },
  { id: personId('bob'), accounts: { 'aws-sso@main': userIds.bob } },
  { id: personId('max'), email: 'Max@acme.com' },
  { id: personId('eve'), email: 'eve@acme.com' },
];

export async function openIdentityCenterWorld(
  clock: Clock,
  { policies = [policyOf('aws-sso'), policyOf('aws-sso-group')], ...options }: WorldOptions = {},
): Promise<IdentityCenterWorld> {
  const aws = await startAws({
    now: () => new Date(clock.now()),
    ...options,
    sso: { accounts, ...options.sso },
  });
  const app = 'arn:aws:iam::999999999999:user/countersign-app';
  const role = String(integration['role_arn']);
  const keys = aws.identities.addUser({ arn: app, policies: [allowing('sts:AssumeRole', role)] });
  aws.identities.addRole({ arn: role, trust: trusting(app), policies });
  for (const [name, id] of Object.entries(userIds))
    aws.store.users.set(id, {
      UserId: id,
      UserName: name,
      emails: [`${name}@acme.com`],
      UserStatus: 'ENABLED',
    });
  aws.store.groups.set(groupId, { GroupId: groupId, DisplayName: 'production' });
  aws.sso.permissionSets.set(permissionSet, {
    PermissionSetArn: permissionSet,
    Name: 'PowerUser',
    inlinePolicy: '',
  });
  const partsThrough = (passage: Passage): AccessControlParts => ({
    strategies,
    clock,
    outside: testOutside({
      clock,
      aws: { url: aws.url, keys, passage },
      accounts: { trustedDomains: ['acme.com'] },
    }),
    person: async (_, person) => people.find(({ id }) => id === person),
    integrations: async () => [integration],
    githubLogin: async () => undefined,
    sealing: { keys: [], nonce: () => Buffer.alloc(12) },
  });
  return {
    aws,
    parts: partsThrough(straight),
    partsThrough,
    async close() {
      await aws.stop();
      if (aws.unknown.length > 0) throw new Error(`The double does not know: ${aws.unknown.join('; ')}`);
    },
  };
}

type WorldOptions = Omit<AwsOptions, 'now'> & { readonly policies?: readonly Policy[] };

/** The least privilege, as the documents have it. */
export function policyOf(type: string): Policy {
  const file = join(import.meta.dirname, `../../../docs/strategies/${type}.policy.json`);
  const policy: Policy = JSON.parse(readFileSync(file, 'utf8'));
  return policy;
}

function allowing(Action: string, Resource: string): Policy {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] };
}

function trusting(app: string): Policy {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: app },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId(desk) } },
      },
    ],
  };
}
