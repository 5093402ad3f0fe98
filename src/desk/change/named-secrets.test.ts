import { expect, test } from 'vitest';
import { createDeskReader } from '../desk-reader.ts';
import { printDiagnostic } from '../diagnostic.ts';
import { secretDiagnostics } from './named-secrets.ts';

const vault = (url: string, secret = 'VAULT') =>
  `{ type: http, base_url: "${url}", token: "\${{ secrets.${secret} }}" }`;

function told(integrations: string, grants: Parameters<typeof secretDiagnostics>[2]): readonly string[] {
  const text = `version: 1\nadmins: [role:admin]\n${integrations}`;
  const files = new Map([['flows/countersign.yml', new TextEncoder().encode(text)]]);
  const desk = createDeskReader({ strategies: {} }).readDesk(files, 'abcdef0');
  return secretDiagnostics(files, desk, grants).map(printDiagnostic);
}

const through = 'Without it nothing is granted through this integration.';

test('a secret that is granted for the host of its integration', () => {
  const text = `integrations:\n  vault: ${vault('https://vault.test/v1')}\n`;
  expect(told(text, [{ name: 'VAULT', hosts: ['vault.test'] }])).toEqual([]);
  expect(told(text, [{ name: 'VAULTS', hosts: ['vault.test'] }])).toEqual([
    `flows/countersign.yml:4:67 secret-not-granted: The operator grants this desk no secret VAULT. ${through} Did you mean \`VAULTS\`?`,
  ]);
  expect(told(text, [{ name: 'VAULT', hosts: ['vault.test:8443', 'test'] }])).toEqual([
    `flows/countersign.yml:4:67 secret-not-granted-there: The operator grants this desk the secret VAULT, but not for the host vault.test. ${through}`,
  ]);
});

test('the host is that of the address with its variables filled in', () => {
  const text = `vars: { host: vault.test }\nintegrations:\n  vault: ${vault('https://${{ vars.host }}')}\n`;
  expect(told(text, [{ name: 'VAULT', hosts: ['vault.test'] }])).toEqual([]);
  expect(told(text, [{ name: 'VAULT', hosts: ['b.test'] }])).toEqual([
    expect.stringContaining('for the host vault.test'),
  ]);
});

test('an integration without an address is looked at by its secret alone', () => {
  const text =
    'integrations:\n  pager: { type: pagerduty, token: "${{ secrets.PAGER }}" } # ${{ secrets.X }}\n';
  expect(told(text, [{ name: 'PAGER', hosts: ['api.pagerduty.com'] }])).toEqual([]);
  expect(told(text, [])).toEqual([expect.stringContaining('no secret PAGER')]);
});

test('a secret of some environments goes to integrations of these alone', () => {
  const ofProd = [{ name: 'VAULT', hosts: ['vault.test'], environments: ['prod'] }];
  const text = (environment: string) =>
    `environments:\n  ${environment}:\n    label: E\n    integrations:\n      vault: ${vault('https://vault.test')}\n`;
  expect(told(text('prod'), ofProd)).toEqual([]);
  expect(told(text('test'), ofProd)).toEqual([
    `flows/countersign.yml:7:68 secret-not-granted-there: The operator grants this desk the secret VAULT, but not in the environment test. ${through}`,
  ]);
  expect(told(`integrations:\n  vault: ${vault('https://vault.test')}\n`, ofProd)).toEqual([
    `flows/countersign.yml:4:64 secret-not-granted-there: The operator grants this desk the secret VAULT, but not for an integration that belongs to no environment. ${through}`,
  ]);
});
