import { expect, test } from 'vitest';
import type { CodeOffer } from '../../domain/hooks.ts';
import { compareCode } from './compare-code.ts';
import { flowPlace } from './change.ts';

const place = flowPlace('training');
const before: CodeOffer = { file: 'flows/training.ts', hooks: ['on_request'], hosts: [], vars: {} };

test('whatever code may newly reach is said loudly, by its name', () => {
  const after: CodeOffer = {
    ...before,
    hosts: ['api.example.com'],
    integrations: [
      { name: 'lms', key: 'prod/lms', write: false },
      { name: 'tickets', key: 'tickets', write: true },
    ],
    lambdas: ['arn:aws:lambda:eu-north-1:333333333333:function:training'],
    slack: ['requester'],
    github: ['acme/app'],
  };
  const changes = compareCode(before, after, place);
  expect(changes.every(({ loud }) => loud)).toBe(true);
  expect(changes.map(({ sentence }) => sentence)).toEqual([
    'The code of training may newly call api.example.com.',
    'The code of training may newly call through prod/lms and tickets.',
    'The code of training may newly change something through tickets.',
    'The code of training may newly invoke arn:aws:lambda:eu-north-1:333333333333:function:training.',
    'The code of training may newly send messages to requester.',
    'The code of training may newly read acme/app on GitHub.',
  ]);
});

test('that reading becomes writing is told', () => {
  const reads = { ...before, integrations: [{ name: 'tickets', key: 'tickets', write: false }] };
  const writes = { ...before, integrations: [{ name: 'tickets', key: 'tickets', write: true }] };
  expect(compareCode(reads, writes, place).map(({ sentence }) => sentence)).toEqual([
    'The code of training may newly change something through tickets.',
  ]);
});
