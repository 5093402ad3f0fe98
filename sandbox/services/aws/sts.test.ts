import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAws, type Aws } from './server.ts';

const role = 'arn:aws:iam::999999999999:role/countersign';
const app = 'arn:aws:iam::111111111111:user/countersign-app';
let aws: Aws;
let client: STSClient;

beforeAll(async () => {
  aws = await startAws();
  const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role } as const;
  const keys = aws.identities.addUser({
    arn: app,
    policies: [{ Version: '2012-10-17', Statement: [assume] }],
  });
  aws.identities.addRole({
    arn: role,
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: app },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': 'countersign:github:1' } },
        },
      ],
    },
    policies: [],
  });
  client = clientWith(keys);
});
afterAll(() => aws.stop());

function clientWith(credentials: { accessKeyId: string; secretAccessKey: string }): STSClient {
  return new STSClient({ region: 'eu-north-1', endpoint: aws.url, credentials, maxAttempts: 1 });
}

const assume = (ExternalId: string) =>
  client.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'countersign-github-1', ExternalId }));

test('a role is assumed under the external id that it asks for, and under no other', async () => {
  const { Credentials: given } = await assume('countersign:github:1');
  await expect(assume('countersign:github:2')).rejects.toMatchObject({ name: 'AccessDenied' });
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken } = given ?? {};
  const as = { accessKeyId, secretAccessKey, sessionToken: SessionToken ?? '' };
  const identity = await clientWith(as).send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe('arn:aws:sts::999999999999:assumed-role/countersign/countersign-github-1');
});

test('keys that nobody has, and a signature by another secret, are refused', async () => {
  const identify = (accessKeyId: string, secretAccessKey: string) =>
    clientWith({ accessKeyId, secretAccessKey }).send(new GetCallerIdentityCommand({}));
  await expect(identify('AKIANOBODY', 'x')).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  const keys = aws.identities.addUser({ arn: 'arn:aws:iam::111111111111:user/other', policies: [] });
  await expect(identify(keys.accessKeyId, 'x')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
});
