import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { sampleWorld } from '../../../sandbox/sample-world.ts';

const manifest: unknown = load(readFileSync(new URL('../../../app.yml', import.meta.url), 'utf8'));

it('asks GitHub for the least that the ledger, the issues, the teams and the check need', () => {
  expect(manifest).toMatchObject({
    public: false,
    default_permissions: {
      metadata: 'read',
      contents: 'write',
      issues: 'write',
      members: 'read',
      checks: 'write',
      pull_requests: 'read',
    },
    default_events: [
      'issues',
      'issue_comment',
      'push',
      'repository',
      'pull_request',
      'check_run',
      'check_suite',
    ],
  });
});

it('is what the sandbox gives the app, so that it cannot need more unseen', () => {
  const app = sampleWorld.apps.find(({ slug }) => slug === 'countersign');
  const { default_permissions: permissions, default_events: events } = Object(manifest);
  expect(app?.permissions).toEqual(permissions);
  expect(app?.events.toSorted()).toEqual(events.toSorted());
});

it('could neither make owners nor lift the rules that guard the flows', () => {
  const text = JSON.stringify(manifest);
  expect(text).not.toMatch(/"members":"write"|administration|workflows|secrets/);
  expect(Object.keys(Object(Object(manifest).default_permissions))).toHaveLength(6);
});
