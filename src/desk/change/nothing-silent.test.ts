import { expect, test } from 'vitest';
import { edited, paths } from '../../../test/builders/changed-desk.ts';
import type { Flow } from '../../domain/flow.ts';
import { isBroken, type Desk } from '../desk.ts';
import { contentOf } from './compare-parts.ts';
import { compareDesks } from './compare-desks.ts';

const desk = edited([
  paths.migrate,
  'approval:',
  'after_approve:\n  - { run: workflow, name: go, with: { file: go.yml, inputs: { by: "${{ requester.id }}" } } }\n  - { run: workflow, name: tell, with: { file: tell.yml } }\napproval:',
]);

/** Every copy of a value in which one thing differs: a text, a number, a yes or no, an item or a key that is gone. */
function* variants(value: unknown): Generator<unknown> {
  if (typeof value === 'string') yield* words.get(value) ?? [`${value}x`];
  else if (typeof value === 'number') yield value + 60_000;
  else if (typeof value === 'boolean') yield !value;
  else if (value instanceof Map) {
    for (const [key, inner] of value) {
      yield new Map([...value].filter(([other]) => other !== key));
      for (const other of variants(inner)) yield new Map([...value, [key, other]]);
    }
  } else if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) {
      yield value.toSpliced(index, 1);
      for (const other of variants(inner)) yield value.with(index, other);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'function') continue;
      const { [key]: _, ...rest }: { readonly [key: string]: unknown } = { ...value };
      if (mayBeGone(key, value)) yield rest;
      for (const other of variants(inner)) yield { ...value, [key]: other };
    }
  }
}

/** What is one of a few words is another of them; what has no other may only be gone. */
const words: ReadonlyMap<string, readonly string[]> = new Map([
  ['optional', ['required', 'off']],
  ['member', ['guest']],
  ['guest', ['member']],
  ['requester', []],
  ['approvers', []],
  ['typed', []],
]);

/** A field may do without its options and a step without its condition; durations and rules may not. */
function mayBeGone(key: string, of: object): boolean {
  if (key === 'options' || key === 'default') return 'type' in of;
  if (key === 'targets') return 'reviewers' in of;
  return optional.has(key) && !(key === 'condition' && 'then' in of);
}

const optional: ReadonlySet<string> = new Set([
  'description',
  'header',
  'danger',
  'confirm',
  'environment',
  'access',
  'sources',
  'message',
  'extend',
  'breakGlass',
  'integration',
  'requesters',
  'condition',
  'pattern',
  'reason',
  'accounts',
  'code',
  'email',
  'github',
  'slack',
  'manager',
  'warnBefore',
  'allowGuests',
  'routes',
  'after',
  'workspace',
]);

const idOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;

const told = (after: Desk): number => compareDesks({ before: desk, after }).length;

test('nothing of a compiled flow changes in silence', () => {
  let looked = 0;
  for (const [name, flow] of desk.flows) {
    if (isBroken(flow)) throw new Error(`${name} is broken.`);
    for (const other of variants(flow)) {
      // Where it was read is no part of what it says.
      if (!isFlow(other) || contentOf(other.ref) !== contentOf(flow.ref)) continue;
      // Nor does an access flow have an approval that is used later.
      if (flow.access && other.access && other.approval.validFor !== flow.approval.validFor) continue;
      looked += 1;
      expect(
        told({ ...desk, flows: new Map([...desk.flows, [name, other]]) }),
        JSON.stringify(other),
      ).toBeGreaterThan(0);
    }
  }
  expect(looked).toBeGreaterThan(100);
});

test('nor does anything of who is who, of admins, guests, domains and integrations', () => {
  let looked = 0;
  const { settings, people } = desk;
  if (settings === undefined || people === undefined) throw new Error('The desk is not whole.');
  for (const persons of variants(people.persons)) {
    if (!(persons instanceof Map)) continue;
    // The name that a person goes by in the file is the key.
    if ([...persons].some(([id, person]) => idOf(person) !== id)) continue;
    looked += 1;
    expect(told({ ...desk, people: { ...people, persons } }), JSON.stringify([...persons])).toBeGreaterThan(
      0,
    );
  }
  for (const key of ['admins', 'domains', 'integrations', 'guests', 'errors', 'slack'] as const)
    for (const other of variants(settings[key])) {
      looked += 1;
      expect(
        told({ ...desk, settings: { ...settings, [key]: other } }),
        JSON.stringify(other),
      ).toBeGreaterThan(0);
    }
  expect(looked).toBeGreaterThan(30);
});

/** It was made of one, by changing a thing. */
function isFlow(value: unknown): value is Flow {
  return typeof value === 'object' && value !== null && 'requesters' in value;
}
