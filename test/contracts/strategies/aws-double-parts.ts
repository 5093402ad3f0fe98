// What subjects on the AWS double share: the app's own keys, a role that trusts it and may do what its policy file says, and trouble.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../../../sandbox/services/aws/policy.ts';
import { startAws, type Aws } from '../../../sandbox/services/aws/server.ts';
import { externalId, type AwsCredentials } from '../../../src/clients/aws/aws-connections.ts';
import { deskId, personId } from '../../../src/domain/names.ts';
import type { AccessControlParts } from '../../../src/strategies/access-control.ts';
import { strategies } from '../../../src/strategies/index.ts';
import type { Holder, Person } from '../../../src/strategies/strategy.ts';
import type { Settings } from '../../../src/domain/flow.ts';
import type { Clock } from '../../../src/engine/ports/clock.ts';
import { testOutside } from '../../outside.ts';
import type { Trouble } from '../strategy.ts';
import { straight, type Passage } from './passage.ts';

export const desk = deskId('github', 1);
export const account = '333333333333';
export const region = 'eu-north-1';
const role = `arn:aws:iam::${account}:role/countersign`;
const app = 'arn:aws:iam::111111111111:user/countersign';

/** As an operator would declare it. */
export const integration: Settings = { type: 'aws', region, role_arn: role };

export interface AwsWorld {
  readonly aws: Aws;
  /** Those of the app itself, which may assume the role. */
  readonly keys: AwsCredentials;
  trouble(kind: Trouble | undefined): void;
  /** Calls of these operations that were answered. */
  writes(): number;
  close(): Promise<void>;
}

/** The role may do what `docs/strategies/TYPE.policy.json` allows and nothing else. */
export async function openAwsWorld({
  type,
  service,
  writing,
  holding = /^/,
  now,
}: {
  readonly type: string;
  /** What the writes are signed for. */
  readonly service: string;
  readonly writing: RegExp;
  /** Which of them, by what they hold; by default, all. */
  readonly holding?: RegExp;
  /** By default, the machine's. */
  readonly now?: () => Date;
}): Promise<AwsWorld> {
  const aws = await startAws(now && { now });
  const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role } as const;
  const keys = aws.identities.addUser({
    arn: app,
    policies: [{ Version: '2012-10-17', Statement: [assume] }],
  });
  aws.identities.addRole({ arn: role, trust, policies: [policyFile(type)] });
  return {
    aws,
    keys,
    trouble(kind) {
      aws.troubles.clear();
      if (kind === undefined) return;
      const where = { service, operation: writing, body: holding };
      if (typeof kind === 'string') aws.troubles.add({ kind }, where);
      else aws.troubles.add({ kind: 'error', status: kind.status, code: codeOf(kind.status) }, where);
    },
    writes: () => aws.calls.filter(({ operation }) => writing.test(operation)).length,
    async close() {
      await aws.stop();
      if (aws.unknown.length > 0) throw new Error(`The double does not know: ${aws.unknown.join(', ')}`);
    },
  };
}

const trust: Policy = {
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

export function policyFile(type: string): Policy {
  const path = join(import.meta.dirname, `../../../docs/strategies/${type}.policy.json`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

export function awsParts(
  { aws, keys }: Pick<AwsWorld, 'aws' | 'keys'>,
  {
    clock,
    people,
    passage = straight,
  }: { readonly clock: Clock; readonly people: readonly Person[]; readonly passage?: Passage },
): AccessControlParts {
  return {
    strategies,
    clock,
    outside: testOutside({ clock, aws: { url: aws.url, keys, passage } }),
    person: async (_, id) => people.find((person) => person.id === id),
    integrations: async () => [integration],
    githubLogin: async () => undefined,
    sealing: { keys: [{ kid: 'test', key: Buffer.alloc(32, 7) }], nonce: () => Buffer.alloc(12, 1) },
  };
}

/** As a report of standing access would ask. */
export async function awsHolders(
  { outside }: Pick<AccessControlParts, 'outside'>,
  type: string,
  settings: Settings,
): Promise<readonly Holder[]> {
  const strategy = strategies.find((each) => each.type === type);
  const nothing = async (): Promise<never> => {
    throw new Error('Nothing of this is on GitHub.');
  };
  const using = {
    ...outside.of(desk, { signal: new AbortController().signal }),
    ...{ github: nothing, githubRepository: nothing, githubLogin: nothing, code: nothing },
  };
  const call = { desk, settings, integration, using };
  const found = await strategy?.resource(call);
  if (found === undefined || 'missing' in found) throw new Error('There is nothing to be listed.');
  return (await strategy?.holders?.({ ...call, resource: found.resource })) ?? [];
}

export const ann = personId('ann');

function codeOf(status: number): string {
  return codes[status] ?? 'Unknown';
}

const codes: { readonly [status: number]: string } = {
  401: 'InvalidClientTokenId',
  403: 'AccessDenied',
  404: 'NoSuchEntity',
  422: 'ValidationError',
  429: 'Throttling',
  500: 'ServiceFailure',
  502: 'InternalFailure',
  503: 'ServiceUnavailable',
};
