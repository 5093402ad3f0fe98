import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import { integrations } from '../../clients/integrations.ts';
import { createDeskReader } from '../../desk/desk-reader.ts';
import type { Desk } from '../../desk/desk.ts';
import { readSettings, type Environment, type Settings } from '../settings.ts';
import { createSecrets } from '../secrets/secrets.ts';
import { testKey } from '../../../test/scripted-github.ts';
import { reachFindings, roleFindings } from './outside-checks.ts';
import { secretFindings } from './secret-checks.ts';
import type { Finding } from './finding.ts';

function deskOf(settings: string): Desk {
  const files = { 'flows/countersign.yml': `version: 1\nadmins: [role:admin]\n${settings}` };
  const desk = createDeskReader({ strategies: {}, integrations }).readDesk(
    new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
    'abcdef0',
  );
  expect(desk.settings, JSON.stringify(desk.diagnostics)).toBeDefined();
  return desk;
}

function settingsOf(environment: Environment): Settings {
  const read = readSettings({
    APP_ID: '1',
    PRIVATE_KEY: testKey.privateKey,
    WEBHOOK_SECRET: 'x',
    COUNTERSIGN_DESKS: 'acme/access#1',
    ...environment,
  });
  if ('settings' in read) return read.settings;
  throw new Error(JSON.stringify(read));
}

const told = (findings: readonly Finding[]) =>
  findings.map(({ mark, says, todo }) => `${mark} ${says}${todo === undefined ? '' : ` → ${todo}`}`);

async function secretsOf(written: string, environment: Environment): Promise<readonly string[]> {
  const settings = settingsOf(environment);
  const secrets = createSecrets(settings, { clock: createVirtualClock() });
  const [desk] = settings.desks;
  if (desk === undefined) throw new Error('There is no desk.');
  return told(await secretFindings(deskOf(written), desk.id, { settings, secrets }));
}

const vault = 'vault: { type: http, base_url: "https://vault.test", token: "${{ secrets.VAULT }}" }';
const shared = `integrations: { ${vault} }\n`;
const ofProd = `environments: { prod: { label: Prod, integrations: { ${vault} } } }\n`;

test('a secret that is granted and readable', async () => {
  const environment = { COUNTERSIGN_SECRET_VAULT: 's', COUNTERSIGN_SECRET_VAULT_FOR: 'vault.test' };
  expect(await secretsOf(shared, environment)).toEqual(['ok VAULT: granted']);
  expect(await secretsOf('', environment)).toEqual(['ok none is named']);
});

test('a secret that is not set, or not for this desk, host or environment', async () => {
  const set = (words: string) => ({ COUNTERSIGN_SECRET_VAULT: 's', COUNTERSIGN_SECRET_VAULT_FOR: words });
  expect(await secretsOf(shared, {})).toEqual([
    'failure the integration vault names the secret VAULT, which is not set → Set COUNTERSIGN_SECRET_VAULT, or COUNTERSIGN_SECRET_VAULT_FILE or COUNTERSIGN_SECRET_VAULT_AWS in its place, and COUNTERSIGN_SECRET_VAULT_FOR to vault.test.',
  ]);
  const two = { COUNTERSIGN_DESKS: 'acme/access#1 acme/other#2' };
  expect(await secretsOf(shared, { ...set('vault.test acme/other'), ...two })).toEqual([
    'failure the integration vault names the secret VAULT, which this desk may not use → Add this desk to COUNTERSIGN_SECRET_VAULT_FOR.',
  ]);
  expect(await secretsOf(shared, set('b.test'))).toEqual([
    'failure the integration vault names the secret VAULT, which may not be sent to vault.test → Add vault.test to COUNTERSIGN_SECRET_VAULT_FOR.',
  ]);
  expect(await secretsOf(ofProd, set('vault.test environment:prod'))).toEqual(['ok VAULT: granted']);
  expect(await secretsOf(ofProd, set('vault.test environment:test'))).toEqual([
    'failure the integration prod/vault names the secret VAULT, which is granted to integrations of test alone → Add environment:prod to COUNTERSIGN_SECRET_VAULT_FOR, if it is to be used there.',
  ]);
  expect(await secretsOf(shared, set('vault.test environment:prod'))).toEqual([
    'failure the integration vault names the secret VAULT, which is granted to integrations of prod alone → Declare the integration in that environment of flows/countersign.yml, or take environment:NAME out of COUNTERSIGN_SECRET_VAULT_FOR.',
  ]);
});

test('a secret that cannot be read', async () => {
  expect(
    await secretsOf(shared, {
      COUNTERSIGN_SECRET_VAULT_FILE: '/nowhere/SECRET',
      COUNTERSIGN_SECRET_VAULT_FOR: 'vault.test',
    }),
  ).toEqual([
    'failure VAULT: What COUNTERSIGN_SECRET_VAULT_FILE names is not there → docs/secrets.md says what it has to be, and what the app needs to read it.',
  ]);
});

const role = 'arn:aws:iam::999999999999:role/countersign';

test('roles of AWS that nobody granted', () => {
  const written = `integrations:
  main: { type: aws, region: eu-north-1, role_arn: "${role}" }
  self: { type: aws, region: eu-north-1 }
`;
  const of = (environment: Environment) => {
    const settings = settingsOf(environment);
    const [desk] = settings.desks;
    return desk ? told(roleFindings(deskOf(written), desk.id, settings)) : [];
  };
  expect(of({ COUNTERSIGN_AWS_ROLES: `acme/access=${role} own` })).toEqual([
    'ok AWS by main, self: the roles are listed',
  ]);
  expect(of({ COUNTERSIGN_AWS_ROLES: `${role}-2` })).toEqual([
    `failure the integration main names a role of AWS that this desk may not assume → Add acme/access=${role} to COUNTERSIGN_AWS_ROLES, if that is meant.`,
    'failure the integration self acts in AWS as the app itself, which this desk may not → Add acme/access=own to COUNTERSIGN_AWS_ROLES, if that is meant.',
  ]);
});

test('hosts that lead inside, and hosts that nobody knows', async () => {
  const at = (name: string, url: string) => `  ${name}: { type: http, base_url: "${url}" }\n`;
  const written = `integrations:\n${at('a', 'https://public.test/x')}${at('b', 'https://Inside.test:8443')}${at('c', 'https://10.0.0.9')}${at('d', 'https://gone.test')}`;
  const known: Readonly<Record<string, string>> = { 'public.test': '8.8.8.8', 'inside.test': '10.1.2.3' };
  const look = async (environment: Environment) =>
    told(
      await reachFindings(deskOf(written), settingsOf(environment), (name, _, done) => {
        const address = known[name];
        done(address === undefined ? new Error('ENOTFOUND') : null, address ? [{ address, family: 4 }] : []);
      }),
    );
  const inside = (name: string) =>
    `failure ${name} leads to this machine or its network, which a desk may not reach → Add ${name} to COUNTERSIGN_PRIVATE_HOSTS, if the desk is to reach it there.`;
  const gone =
    'warning gone.test has no address here → Correct it in flows/countersign.yml, or look at the DNS here.';
  expect(await look({})).toEqual([
    inside('10.0.0.9'),
    gone,
    inside('inside.test'),
    'ok public.test may be reached',
  ]);
  expect(
    await look({
      COUNTERSIGN_PRIVATE_HOSTS: 'inside.test',
      COUNTERSIGN_ENDPOINTS: 'https://10.0.0.9=http://127.0.0.1:9',
    }),
  ).toEqual([gone, 'ok inside.test may be reached', 'ok public.test may be reached']);
});
