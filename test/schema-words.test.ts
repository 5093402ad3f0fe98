// What does not fit a pattern is told to its author in words, never as the pattern.
import { expect, test } from 'vitest';
import { actionKinds } from '../src/actions/index.ts';
import { integrations } from '../src/clients/integrations.ts';
import { flowSchema } from '../src/desk/schema/flow-schema.ts';
import { peopleSchema } from '../src/desk/schema/people-schema.ts';
import { scenariosSchema } from '../src/desk/schema/scenarios-schema.ts';
import { settingsProblem } from '../src/desk/schema/settings-problem.ts';
import { settingsSchema } from '../src/desk/schema/settings-schema.ts';
import { optionSources } from '../src/prefetch/index.ts';
import { strategies } from '../src/strategies/index.ts';

const schemas: readonly (readonly [string, unknown])[] = [
  ['flow', flowSchema],
  ['settings', settingsSchema],
  ['people', peopleSchema],
  ['scenarios', scenariosSchema],
  ...Object.entries(integrations).map(([type, schema]) => [`integration ${type}`, schema] as const),
  ...strategies.map(({ type, settings }) => [`strategy ${type}`, settings] as const),
  ...actionKinds.map((kind) => [`action ${kind.type}`, kind.with] as const),
  ...optionSources.map((source) => [`options of ${source.run}`, source.with] as const),
];

/** Where a pattern stands without words. */
function wordless(schema: unknown, at = ''): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const isWordless =
    'pattern' in schema && typeof schema.pattern === 'string' && !('wants' in schema && schema.wants);
  const inside = Object.entries(schema).flatMap(([key, inner]) => wordless(inner, `${at}/${key}`));
  return isWordless ? [at, ...inside] : inside;
}

test.each(schemas)('every pattern of %s says what it wants', (_, schema) => {
  expect(wordless(schema)).toEqual([]);
});

test('so it is said where a setting is filled in later, too', () => {
  const team = strategies.find(({ type }) => type === 'github-team');
  expect(settingsProblem(team?.settings ?? {}, { organization: 'acme', team_slug: 'a team' })).toBe(
    'The setting `team_slug` must be the slug of a team, as in the address of its page.',
  );
});
