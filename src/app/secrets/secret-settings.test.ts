import { describe, expect, test } from 'vitest';
import { deskId } from '../../domain/names.ts';
import type { Environment } from '../settings.ts';
import { readSecrets } from './secret-settings.ts';

const desks = [{ id: deskId('github', 1), name: 'acme/access', acceptedRisks: [] }];

function read(environment: Environment) {
  const problems: string[] = [];
  return { secrets: readSecrets(environment, desks, problems), problems };
}

const arn = 'arn:aws:secretsmanager:eu-north-1:333333333333:secret:team/okta-AbCdEf';

describe('where a secret comes from', () => {
  test.each<readonly [Environment, object]>([
    [{ COUNTERSIGN_SECRET_OKTA: ' s1 ' }, { from: 'environment', value: ' s1 ' }],
    [{ COUNTERSIGN_SECRET_OKTA_FILE: '/run/secrets/okta ' }, { from: 'file', path: '/run/secrets/okta' }],
    [{ COUNTERSIGN_SECRET_OKTA_AWS: arn }, { from: 'aws', id: arn, region: 'eu-north-1' }],
    [
      { COUNTERSIGN_SECRET_OKTA_AWS: `${arn}#token`, AWS_REGION: 'us-east-1' },
      { from: 'aws', id: arn, region: 'eu-north-1', key: 'token' },
    ],
    [
      { COUNTERSIGN_SECRET_OKTA_AWS: 'team/okta#a key#2', AWS_REGION: 'us-east-1' },
      { from: 'aws', id: 'team/okta', region: 'us-east-1', key: 'a key#2' },
    ],
    [
      { COUNTERSIGN_SECRET_OKTA_AWS: 'team/okta', AWS_DEFAULT_REGION: 'us-east-2' },
      { from: 'aws', id: 'team/okta', region: 'us-east-2' },
    ],
  ])('%j', (environment, source) => {
    expect(read({ ...environment, COUNTERSIGN_SECRET_OKTA_FOR: 'acme.okta.com' })).toEqual({
      secrets: [{ name: 'OKTA', source, hosts: ['acme.okta.com'] }],
      problems: [],
    });
  });

  test('is said once', () => {
    const both = { COUNTERSIGN_SECRET_OKTA: 'VALUE', COUNTERSIGN_SECRET_OKTA_FILE: '/VALUE' };
    expect(read({ ...both, COUNTERSIGN_SECRET_OKTA_FOR: 'acme.okta.com' })).toEqual({
      secrets: [],
      problems: [
        'COUNTERSIGN_SECRET_OKTA and COUNTERSIGN_SECRET_OKTA_FILE are both set. Set one of them: where OKTA comes from has to be plain.',
      ],
    });
  });

  test.each<readonly [Environment, string]>([
    [
      { COUNTERSIGN_SECRET_A_AWS: 'team/okta', COUNTERSIGN_SECRET_A_FOR: 'a.test' },
      'COUNTERSIGN_SECRET_A_AWS does not say the region. Write the whole ARN there, or set AWS_REGION.',
    ],
    ...['a b', 'arn:aws:s3:::VALUE', `${arn}#`, `${arn}:VALUE`].map(
      (text) =>
        [
          { COUNTERSIGN_SECRET_A_AWS: text, COUNTERSIGN_SECRET_A_FOR: 'a.test' },
          'COUNTERSIGN_SECRET_A_AWS is neither the name nor the ARN of a secret of AWS Secrets Manager. After a # may stand the key of its JSON.',
        ] as const,
    ),
    [
      { COUNTERSIGN_SECRET_A_AWS_FOR: 'a.test' },
      'COUNTERSIGN_SECRET_A_AWS_FOR is for a secret whose name ends with _FILE, _AWS or _FOR. Call it otherwise.',
    ],
    [
      { COUNTERSIGN_SECRET_A_FILE: '/a' },
      'COUNTERSIGN_SECRET_A_FOR names no host. Set it to the hosts that A may be sent to.',
    ],
  ])('%j is a sentence', (environment, problem) => {
    expect(read(environment).problems).toEqual([problem]);
  });

  test('a secret may be called FILE', () => {
    expect(read({ COUNTERSIGN_SECRET_FILE: 's', COUNTERSIGN_SECRET_FILE_FOR: 'a.test' }).secrets).toEqual([
      { name: 'FILE', source: { from: 'environment', value: 's' }, hosts: ['a.test'] },
    ]);
  });
});

describe('what it is granted to', () => {
  const granted = (words: string) =>
    read({ COUNTERSIGN_SECRET_A: 's', COUNTERSIGN_SECRET_A_FOR: words, AWS_REGION: 'x' });

  test('hosts as addresses hold them, desks, environments', () => {
    const words = 'Vault.acme.com:443 b.test:8443, [::1]:9 acme/access environment:prod environment:test-2';
    expect(granted(words)).toEqual({
      secrets: [
        {
          name: 'A',
          source: { from: 'environment', value: 's' },
          hosts: ['vault.acme.com', 'b.test:8443', '[::1]:9'],
          desks: ['acme/access'],
          environments: ['prod', 'test-2'],
        },
      ],
      problems: [],
    });
  });

  test.each(['https://vault.acme.com', 'environment:', 'a.test/b/c', 'env:prod'])(
    '%s is no grant',
    (word) => {
      expect(granted(`a.test ${word}`).problems).toEqual([
        `COUNTERSIGN_SECRET_A_FOR has “${word}”, which is neither a host nor owner/name of a desk nor environment:NAME.`,
      ]);
    },
  );

  test('a desk that is none', () => {
    expect(granted('a.test acme/acess').problems).toEqual([
      'COUNTERSIGN_SECRET_A_FOR names acme/acess, which is not in COUNTERSIGN_DESKS.',
    ]);
  });
});
