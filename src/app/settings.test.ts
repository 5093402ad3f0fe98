import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readSettings, type Environment, type Settings } from './settings.ts';
import { variables } from './variables.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();
const folder = mkdtempSync(join(tmpdir(), 'countersign-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const whole: Environment = {
  APP_ID: '12345',
  PRIVATE_KEY: pem,
  WEBHOOK_SECRET: 'a-secret-value',
  COUNTERSIGN_DESKS: 'acme/access#4711',
};

function settings(more: Environment = {}): Settings {
  const read = readSettings({ ...whole, ...more });
  if ('settings' in read) return read.settings;
  throw new Error(JSON.stringify(read));
}

function problems(more: Environment = {}, base: Environment = whole): readonly string[] {
  const read = readSettings({ ...base, ...more });
  return 'problems' in read ? read.problems : [];
}

describe('the configuration', () => {
  test('is small: four variables, and the rest has defaults', () => {
    expect(settings()).toEqual({
      app: { appId: 12345, privateKey: pem },
      webhookSecret: 'a-secret-value',
      baseUrl: 'https://api.github.com',
      host: '127.0.0.1',
      port: 3000,
      logLevel: 'info',
      logFormat: 'pretty',
      desks: [{ id: 'github:4711', name: 'acme/access', acceptedRisks: [] }],
      dataFolder: '.countersign',
      secrets: [],
      endpoints: [],
      privateHosts: [],
      aws: { roles: [] },
      codeRepositories: [],
    });
  });

  test('that is not there at all lets the sandbox start, wherever that is to listen', () => {
    expect(readSettings({})).toEqual({ nothingSet: true });
    const places = { PORT: '1', HOST: '::', LOG_LEVEL: 'warn', COUNTERSIGN_DATA: '/data', APP_ID: ' ' };
    expect(readSettings({ ...places, PATH: '/bin' })).toEqual({ nothingSet: true });
  });

  test.each([
    'APP_ID',
    'PRIVATE_KEY',
    'PRIVATE_KEY_PATH',
    'WEBHOOK_SECRET',
    'GHE_HOST',
    'COUNTERSIGN_DESKS',
    'COUNTERSIGN_ACCEPTED_RISKS',
    'COUNTERSIGN_GRANTS_APP_ID',
    'COUNTERSIGN_GRANTS_PRIVATE_KEY',
    'COUNTERSIGN_SEALING_KEY',
    'COUNTERSIGN_SECRET_VAULT',
    'COUNTERSIGN_ENDPOINTS',
    'COUNTERSIGN_SANDBOX_CLOCK',
    'SLACK_BOT_TOKEN',
    'SLACK_SIGNING_SECRET',
    'SLACK_APP_TOKEN_CUSTOMER',
    'SLACK_API_URL',
  ])('of which only %s is set is half a configuration, and no wish for the sandbox', (name) => {
    expect(readSettings({ [name]: 'x' })).toHaveProperty('problems');
  });

  test('says everything that is missing at once', () => {
    expect(problems({}, { APP_ID: '1' })).toEqual([
      'PRIVATE_KEY is not set. Set it to the private key in PEM, or PRIVATE_KEY_PATH to a file that holds it.',
      'WEBHOOK_SECRET is not set. Set it to the secret that GitHub signs webhooks with.',
      'COUNTERSIGN_DESKS is not set. Set it to the repositories to serve, such as acme/access#4711.',
    ]);
  });

  test.each<readonly [Environment, string]>([
    [{ APP_ID: 'countersign' }, 'APP_ID is not a number. It is the “App ID” on the app’s settings page.'],
    [
      { PRIVATE_KEY: 'not-a-key' },
      'PRIVATE_KEY is no whole private key. It begins with “-----BEGIN RSA PRIVATE KEY-----” and ends likewise.',
    ],
    [
      { PRIVATE_KEY: pem.slice(0, 200) },
      'PRIVATE_KEY is no whole private key. It begins with “-----BEGIN RSA PRIVATE KEY-----” and ends likewise.',
    ],
    [
      { PRIVATE_KEY: '', PRIVATE_KEY_PATH: '/nowhere/key.pem' },
      'PRIVATE_KEY_PATH names a file that cannot be read. Check the path and its permissions.',
    ],
    [
      { COUNTERSIGN_DESKS: 'acme/access' },
      'COUNTERSIGN_DESKS has “acme/access”, which is not owner/name#id. The id pins the repository: gh api repos/OWNER/NAME --jq .id prints it. In .env it stands in quotes.',
    ],
    [
      { COUNTERSIGN_ACCEPTED_RISKS: 'acme/access=everything' },
      'COUNTERSIGN_ACCEPTED_RISKS has “acme/access=everything”, which is not owner/name=risk+risk. The risks are public-desk and unreviewed-flows.',
    ],
    [
      { COUNTERSIGN_ACCEPTED_RISKS: 'acme/other=public-desk' },
      'COUNTERSIGN_ACCEPTED_RISKS names acme/other, which is not in COUNTERSIGN_DESKS.',
    ],
    [
      { COUNTERSIGN_GRANTS_PRIVATE_KEY: pem },
      'COUNTERSIGN_GRANTS_APP_ID is not set. Set it to the numeric id of the GitHub App.',
    ],
    [
      { COUNTERSIGN_GRANTS_APP_ID: '2' },
      'COUNTERSIGN_GRANTS_PRIVATE_KEY is not set. Set it to the private key in PEM, or COUNTERSIGN_GRANTS_PRIVATE_KEY_PATH to a file that holds it.',
    ],
    [{ PORT: '70000' }, 'PORT is not a number from 0 to 65535.'],
    [{ PORT: 'http' }, 'PORT is not a number from 0 to 65535.'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is none of trace, debug, info, warn, error, fatal.'],
    [{ LOG_FORMAT: 'xml' }, 'LOG_FORMAT is neither pretty nor json.'],
    [{ GHE_HOST: 'ghe.test', GHE_PROTOCOL: 'ftp' }, 'GHE_PROTOCOL is neither https nor http.'],
    [
      { GHE_HOST: 'https://ghe.test' },
      'GHE_HOST is no host. Set it to the name alone, such as github.acme.com.',
    ],
    [
      { COUNTERSIGN_SEALING_KEY: 'c2hvcnQ=' },
      'COUNTERSIGN_SEALING_KEY is not 32 bytes in base64. Make one with: openssl rand -base64 32',
    ],
    [
      { COUNTERSIGN_SECRET_VAULT: 's3cr3t' },
      'COUNTERSIGN_SECRET_VAULT_FOR names no host. Set it to the hosts that VAULT may be sent to.',
    ],
    [
      { COUNTERSIGN_SECRET_VAULT: 's3cr3t', COUNTERSIGN_SECRET_VAULT_FOR: 'acme/access' },
      'COUNTERSIGN_SECRET_VAULT_FOR names no host. Set it to the hosts that VAULT may be sent to.',
    ],
    [
      { COUNTERSIGN_SECRET_VAULT_FOR: 'vault.acme.com' },
      'COUNTERSIGN_SECRET_VAULT_FOR is set, and COUNTERSIGN_SECRET_VAULT is not. Set both or neither; COUNTERSIGN_SECRET_VAULT_FILE or COUNTERSIGN_SECRET_VAULT_AWS may stand in its place.',
    ],
    [
      { COUNTERSIGN_ENDPOINTS: 'vault.acme.com=localhost' },
      'COUNTERSIGN_ENDPOINTS has an entry that is not https://from=https://to.',
    ],
  ])('with %o is refused with a sentence', (more, sentence) => {
    expect(problems(more)).toEqual([sentence]);
  });

  test('never repeats the value of a secret', () => {
    const secrets = {
      PRIVATE_KEY: 'VALUE-1',
      COUNTERSIGN_GRANTS_PRIVATE_KEY: 'VALUE-2',
      COUNTERSIGN_SEALING_KEY: 'VALUE-3',
      COUNTERSIGN_SECRET_VAULT: 'VALUE-4',
      COUNTERSIGN_ENDPOINTS: 'https://user:VALUE-5@x',
    };
    expect(problems(secrets).length).toBeGreaterThan(4);
    expect(problems(secrets).join()).not.toContain('VALUE');
  });

  test('is listed: every variable that a sentence names', () => {
    const names = new Set(variables.map(({ name }) => name.replace('<NAME>', 'VAULT')));
    const said = problems({ APP_ID: 'x', PORT: 'x', LOG_LEVEL: 'x', COUNTERSIGN_SECRET_VAULT: 'x' }, {});
    for (const sentence of said) expect(names).toContain(sentence.split(' ')[0]);
  });
});

describe('a private key', () => {
  test.each([
    ['as it is', pem],
    ['in one line, with \\n', pem.replaceAll('\n', '\\n')],
    ['in base64', Buffer.from(pem).toString('base64')],
  ])('may come %s', (_, text) => {
    expect(settings({ PRIVATE_KEY: text }).app.privateKey.trim()).toBe(pem.trim());
  });

  test('may lie in a file', () => {
    const path = join(folder, 'key.pem');
    writeFileSync(path, pem);
    const { app, grantsApp } = settings({
      PRIVATE_KEY: '',
      PRIVATE_KEY_PATH: path,
      COUNTERSIGN_GRANTS_APP_ID: '2',
      COUNTERSIGN_GRANTS_PRIVATE_KEY_PATH: path,
    });
    expect([app.privateKey, grantsApp]).toEqual([pem, { appId: 2, privateKey: pem }]);
  });
});

describe('the rest', () => {
  test('an address or a folder that is set and empty is not set', () => {
    const { host, dataFolder } = settings({ HOST: '', COUNTERSIGN_DATA: ' ' });
    expect([host, dataFolder]).toEqual(['127.0.0.1', '.countersign']);
  });

  test('desks come with the risks that were accepted for them', () => {
    const { desks } = settings({
      COUNTERSIGN_DESKS: 'acme/access#4711, acme/other#12',
      COUNTERSIGN_ACCEPTED_RISKS: 'acme/other=public-desk+unreviewed-flows',
    });
    expect(desks).toEqual([
      { id: 'github:4711', name: 'acme/access', acceptedRisks: [] },
      { id: 'github:12', name: 'acme/other', acceptedRisks: ['public-desk', 'unreviewed-flows'] },
    ]);
  });

  test('secrets go to the hosts that are named, and where desks are named to those alone', () => {
    const { secrets } = settings({
      COUNTERSIGN_SECRET_VAULT: 's1',
      COUNTERSIGN_SECRET_VAULT_FOR: 'vault.acme.com acme/access',
      COUNTERSIGN_SECRET_TOKEN_2: 's2',
      COUNTERSIGN_SECRET_TOKEN_2_FOR: 'a.test,b.test',
    });
    expect(secrets).toEqual([
      {
        name: 'VAULT',
        source: { from: 'environment', value: 's1' },
        hosts: ['vault.acme.com'],
        desks: ['acme/access'],
      },
      { name: 'TOKEN_2', source: { from: 'environment', value: 's2' }, hosts: ['a.test', 'b.test'] },
    ]);
  });

  test('endpoints lead elsewhere', () => {
    const { endpoints } = settings({
      COUNTERSIGN_ENDPOINTS: 'https://a.test/v1=http://127.0.0.1:1 https://b.test=http://127.0.0.1:2',
    });
    expect(endpoints).toEqual([
      { from: 'https://a.test/v1', to: 'http://127.0.0.1:1' },
      { from: 'https://b.test', to: 'http://127.0.0.1:2' },
    ]);
  });

  test('GitHub Enterprise Server is found by its host', () => {
    expect(settings({ GHE_HOST: 'ghe.acme.com' }).baseUrl).toBe('https://ghe.acme.com/api/v3');
    expect(settings({ GHE_HOST: 'localhost:3001', GHE_PROTOCOL: 'http' }).baseUrl).toBe(
      'http://localhost:3001/api/v3',
    );
  });

  test('the clock that can be pushed is for the sandbox alone, and refused beside any other GitHub', () => {
    const COUNTERSIGN_SANDBOX_CLOCK = '/tmp/clock';
    expect(
      settings({ COUNTERSIGN_SANDBOX_CLOCK, GHE_HOST: '127.0.0.1:8740', GHE_PROTOCOL: 'http' }).sandboxClock,
    ).toBe('/tmp/clock');
    for (const GHE_HOST of [undefined, 'ghe.acme.com', '127.0.0.1.acme.com', 'localhost.acme.com:80'])
      expect(problems({ COUNTERSIGN_SANDBOX_CLOCK, GHE_HOST }), GHE_HOST).toEqual([
        'COUNTERSIGN_SANDBOX_CLOCK is for the sandbox alone, and GHE_HOST is not this machine. Leave it out.',
      ]);
  });

  test('roles of AWS are granted to every desk, or to one', () => {
    const role = 'arn:aws:iam::999999999999:role/countersign';
    const other = 'arn:aws:iam::111111111111:role/team/grants';
    const { aws, desks } = settings({
      COUNTERSIGN_AWS_ROLES: `${role}\n  acme/access=${other} acme/access=own`,
    });
    const [desk] = desks;
    expect(aws.roles).toEqual([{ role }, { role: other, desk: desk?.id }, { role: 'own', desk: desk?.id }]);
    expect(problems({ COUNTERSIGN_AWS_ROLES: 'arn:aws:iam::999:role/x' })).toHaveLength(1);
    expect(problems({ COUNTERSIGN_AWS_ROLES: `acme/elsewhere=${role}` })).toHaveLength(1);
    expect(problems({ AWS_ENDPOINT_URL: 'localhost:4566' })).toHaveLength(1);
  });

  test('repositories that code may read are listed for a desk, and are no desks', () => {
    const { codeRepositories, desks } = settings({
      COUNTERSIGN_CODE_REPOSITORIES: 'acme/access=Acme/App\n acme/access=acme/shop',
    });
    const desk = desks[0]?.id;
    expect(codeRepositories).toEqual([
      { desk, repository: 'acme/app' },
      { desk, repository: 'acme/shop' },
    ]);
    for (const wrong of [
      'acme/app',
      'acme/elsewhere=acme/app',
      'acme/access=acme/Access',
      'acme/access=acme/*',
    ])
      expect(problems({ COUNTERSIGN_CODE_REPOSITORIES: wrong }), wrong).toHaveLength(1);
  });

  test('hosts of the own network are names, addresses and ranges', () => {
    expect(
      settings({ COUNTERSIGN_PRIVATE_HOSTS: 'vault.internal, 10.1.0.0/16 fd00::1' }).privateHosts,
    ).toEqual(['vault.internal', '10.1.0.0/16', 'fd00::1']);
    expect(problems({ COUNTERSIGN_PRIVATE_HOSTS: '10.1.0.0/99' })).toHaveLength(1);
  });

  test('a sealing key is 32 bytes', () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    expect(settings({ COUNTERSIGN_SEALING_KEY: key }).sealingKey).toBe(key);
  });
});
