import { expect, test } from 'vitest';
import { http } from '../../strategies/http/http.ts';
import type { Settings } from '../../domain/flow.ts';
import { createReport } from '../diagnostic.ts';
import { createPositions } from '../yaml/positions.ts';
import { checkPlaceholders } from './check-placeholders.ts';

const grant = { method: 'PUT', path: '/grants/{{account}}', body: { request: '{{ request }}' } };

function problems(settings: Settings): readonly unknown[] {
  const found: unknown[] = [];
  checkPlaceholders(settings, http.placeholders, {
    at: '/targets/reader/settings',
    report: {
      ...createReport('flows/vault.yml', createPositions('', [])),
      add: (place, code, ...facts) => void found.push([place, code, ...facts]),
    },
  });
  return found;
}

test('takes what the strategy fills in, and what is filled in when somebody asks', () => {
  const revoke = { method: 'DELETE', path: '/leases/${{ fields.vault }}/{{sealed.lease.id}}' };
  const keep = { sealed: ['lease.id'] };
  expect(problems({ grant, revoke, keep, check: { path: '/grants/{{account}}' } })).toEqual([]);
});

test('tells a typo, in paths and deep in bodies, with what was meant', () => {
  const revoke = { method: 'POST', path: '/end', body: { who: { names: ['x', 'id {{acount}}'] } } };
  expect(problems({ grant, revoke })).toEqual([
    [
      { at: '/targets/reader/settings/revoke/body/who/names/1', offset: 3, suggestion: '{{account}}' },
      ...['unknown-placeholder', 'acount', '{{account}}, {{request}}'],
    ],
  ]);
});

test('tells a part of the answer that is not kept until the end', () => {
  const revoke = { method: 'DELETE', path: '/leases/{{sealed.lease}}' };
  const keep = { recorded: ['lease'], sealed: ['lease.id'] };
  expect(problems({ grant, revoke, keep })).toEqual([
    [
      expect.anything(),
      'unknown-placeholder',
      'sealed.lease',
      '{{account}}, {{request}}, {{sealed.lease.id}}',
    ],
  ]);
});

test('a check knows the account alone, and a grant nothing of its own answer', () => {
  const check = { path: '/leases/{{request}}' };
  const early = { ...grant, path: '/leases/{{sealed.lease}}' };
  expect(problems({ grant: early, revoke: grant, check, keep: { sealed: ['lease'] } })).toHaveLength(2);
});
