import { describe, expect, test } from 'vitest';
import { readSettings } from './settings.ts';
import { unknownNames } from './unknown-names.ts';
import { variables } from './variables.ts';

describe('a variable that begins like ours', () => {
  test.each([
    ['COUNTERSIGN_DESK', 'COUNTERSIGN_DESKS'],
    ['COUNTERSIGN_ACCEPTED_RISK', 'COUNTERSIGN_ACCEPTED_RISKS'],
    ['COUNTERSIGN_GRANT_APP_ID', 'COUNTERSIGN_GRANTS_APP_ID'],
    ['COUNTERSIGN_SECRETS_VAULT', 'COUNTERSIGN_SECRET_VAULT'],
    ['COUNTERSIGN_SECRET_vault-token', 'COUNTERSIGN_SECRET_VAULT_TOKEN'],
  ])('%s is told with what was meant', (name, meant) => {
    expect(unknownNames({ [name]: 'VALUE' })).toEqual([
      `${name} is no variable of Countersign. Did you mean ${meant}? See docs/reference/configuration.md.`,
    ]);
  });

  test('and is like none of them is told as well', () => {
    expect(unknownNames({ COUNTERSIGN_FAVOURITE_COLOUR: 'VALUE' })).toEqual([
      'COUNTERSIGN_FAVOURITE_COLOUR is no variable of Countersign. Remove it, or see docs/reference/configuration.md.',
    ]);
  });

  test('refuses the start', () => {
    expect(readSettings({ COUNTERSIGN_DESK: 'acme/access#4711' })).toMatchObject({
      problems: [
        expect.stringContaining('Did you mean COUNTERSIGN_DESKS?'),
        ...Array(4).fill(expect.any(String)),
      ],
    });
  });

  test('and is one of ours is known, and every secret by its name', () => {
    const ours = variables.map(({ name }) => [name.replace('<NAME>', 'VAULT_TOKEN'), 'x']);
    expect(unknownNames(Object.fromEntries(ours))).toEqual([]);
  });
});

test('what Kubernetes says of a service called “countersign” is neither a mistake nor a wish for the app', () => {
  const said = {
    COUNTERSIGN_SERVICE_HOST: '10.0.0.1',
    COUNTERSIGN_SERVICE_PORT: '3000',
    COUNTERSIGN_SERVICE_PORT_HTTP: '3000',
    COUNTERSIGN_PORT: 'tcp://10.0.0.1:3000',
    COUNTERSIGN_PORT_3000_TCP_ADDR: '10.0.0.1',
  };
  expect(unknownNames(said)).toEqual([]);
  expect(readSettings(said)).toEqual({ nothingSet: true });
});
