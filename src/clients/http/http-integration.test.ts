import { expect, test } from 'vitest';
import { settingsProblem } from '../../desk/schema/settings-problem.ts';
import { httpIntegration } from './http-integration.ts';

test.each(['https://vault.acme.com', 'https://vault.acme.com:8443/v1/'])(
  'takes the address %s',
  (base_url) => {
    expect(settingsProblem(httpIntegration, { type: 'http', base_url })).toBeUndefined();
  },
);

test.each(['http://vault.acme.com', 'http://127.0.0.1:8200', 'vault.acme.com', 'https://vault.acme.com/?a'])(
  'says of the address %s, to which nothing is ever sent, what it must be',
  (base_url) => {
    expect(settingsProblem(httpIntegration, { type: 'http', base_url })).toBe(
      'The setting `base_url` must be an address that begins with https://, without ? and #.',
    );
  },
);
