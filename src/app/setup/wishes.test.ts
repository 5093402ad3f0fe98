import { expect, test } from 'vitest';
import { grantsApp, mainApp } from '../app-manifest.ts';
import { manifestOf, webhookUrlOf, wishProblems } from './wishes.ts';

const wishes = { organization: 'acme', host: '', address: 'https://countersign.acme.com' };

test.each([
  [{}, 0],
  [{ organization: '' }, 0],
  [{ address: 'https://a-b.trycloudflare.com/' }, 0],
  [{ host: 'github.acme.com', address: 'http://10.0.0.7:3000' }, 0],
  [{ organization: 'acme/access' }, 1],
  [{ host: 'https://github.acme.com' }, 1],
  [{ address: '' }, 1],
  [{ address: 'https://user@acme.com' }, 1],
  [{ address: 'http://countersign.acme.com' }, 1],
  [{ address: 'https://localhost:3000' }, 1],
  [{ address: 'https://192.168.1.7' }, 1],
])('with %o there are %i problems', (more, count) => {
  expect(wishProblems({ ...wishes, ...more })).toHaveLength(count);
});

test('the main app asks for what app.yml says, and hears of it where the address leads', () => {
  const back = 'http://127.0.0.1:1/created';
  expect(manifestOf(mainApp(), { ...wishes, back })).toMatchObject({
    name: 'Countersign acme',
    public: false,
    hook_attributes: { url: 'https://countersign.acme.com/api/github/webhooks', active: true },
    default_permissions: { contents: 'write', issues: 'write', members: 'read' },
    default_events: expect.arrayContaining(['issues', 'push']),
    redirect_url: back,
  });
});

test('the grants app has no webhook and hears nothing', () => {
  const manifest = manifestOf(grantsApp(), { organization: 'acme', back: 'http://127.0.0.1:1/created' });
  expect(manifest).not.toHaveProperty('hook_attributes');
  expect(manifest).not.toHaveProperty('default_events');
});

test('a name that GitHub would refuse for its length does without the organisation', () => {
  expect(manifestOf(mainApp(), { organization: 'a'.repeat(39), back: '' })).toMatchObject({
    name: 'Countersign',
  });
});

test.each(['https://a.test', 'https://a.test/', 'https://a.test/api/github/webhooks'])(
  '%s is one address',
  (address) => {
    expect(webhookUrlOf(address)).toBe('https://a.test/api/github/webhooks');
  },
);
