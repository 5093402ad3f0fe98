// Runs the contract against every registered source of options; one that is registered and not run here fails.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fetch } from '../../src/clients/http/fetch.ts';
import type { Settings } from '../../src/domain/flow.ts';
import { type Milliseconds } from '../../src/domain/names.ts';
import type { OptionLists } from '../../src/engine/ports/flows.ts';
import { optionSources } from '../../src/prefetch/index.ts';
import { createOptionLists } from '../../src/prefetch/option-lists.ts';
import { testOutside } from '../outside.ts';
import { createVirtualClock } from '../virtual-clock.ts';
import { impatientClock, optionSourceContract, question, type OptionSourceSubject } from './option-source.ts';
import { codeSubject, githubSubject, httpSubject, lambdaSubject } from './option-sources/subjects.ts';
import { openWorld, type World } from './strategies/subject-parts.ts';

const subjects: { readonly [run: string]: () => Promise<OptionSourceSubject> } = {
  code: codeSubject,
  github: githubSubject,
  http: httpSubject,
  lambda: lambdaSubject,
};

test('every registered source of options is held to the contract', () => {
  expect(Object.keys(subjects).sort()).toEqual(optionSources.map(({ run }) => run).sort());
});

for (const [run, open] of Object.entries(subjects)) optionSourceContract(run, open);

describe('GitHub', () => {
  let world: World;
  let lists: OptionLists;
  beforeAll(async () => {
    world = await openWorld();
    const { outside } = world.parts;
    const parts = { outside, integrations: async () => [], github: world.mainApp };
    lists = createOptionLists({ ...parts, sources: optionSources, clock: impatientClock() });
  });
  afterAll(() => world.close());
  const ask = (given: Settings) => lists.now(question({ run: 'github', with: given, reads: [] }));
  const valuesOf = async (given: Settings): Promise<readonly string[]> => {
    const found = await ask(given);
    return 'unknown' in found ? [found.unknown] : found.map(({ value }) => value);
  };

  test('lists the repositories of an organisation, where the app is installed', async () => {
    expect(await valuesOf({ list: 'repositories', organization: 'acme' })).toEqual(
      expect.arrayContaining(['access', 'app']),
    );
  });

  test('lists its teams', async () => {
    const teams = await valuesOf({ list: 'teams', organization: 'acme' });
    expect(teams).toContain('production-access');
    expect(teams).toHaveLength(world.sandbox.github.state.teams.all().length);
  });

  test('shows nothing of an organisation without the app', async () => {
    const [why] = await valuesOf({ list: 'repositories', organization: 'mallory-x' });
    expect(why).toBe('The app is not installed in the organisation.');
  });

  test('lists branches of no address that climbs elsewhere', async () => {
    for (const repository of ['..', 'app/../access', 'app%2F..', '.'])
      expect((await valuesOf({ list: 'branches', organization: 'acme', repository }))[0]).toContain(
        'The setting `repository`',
      );
  });
});

describe('what a service answers', () => {
  const clock = createVirtualClock();
  let asked: string[] = [];

  function listsFrom(answer: unknown): OptionLists {
    asked = [];
    const fetch: Fetch = async (url) => {
      asked.push(url);
      return Response.json(answer);
    };
    return createOptionLists({
      outside: testOutside({ clock, fetch }),
      integrations: async () => [{ type: 'http', base_url: 'https://inventory.acme.com' }],
      github: { forOrganization: async () => Promise.reject(new Error('GitHub is not asked here.')) },
      sources: optionSources,
      clock,
    });
  }
  const http = { run: 'http', integration: 'main', encoded: ['path'] };
  const ofAll = question({ ...http, with: { path: '/all' }, reads: [] });

  test.each<readonly [string, unknown]>([
    ['no list', { items: ['a'] }],
    ['an option without a value', [{ name: 'a' }]],
    ['an empty value', ['']],
    ['two lines', ['a\nb']],
    ['spaces around it', [' a']],
    ['what nobody sees', ['a\u200bb']],
    ['what turns the text around', ['a\u202eb']],
    ['what a strategy would fill in', ['{{account}}']],
    ['a value that is too long', ['a'.repeat(151)]],
    ['too many', Array.from({ length: 5001 }, (_, index) => `a${index}`)],
  ])('is not offered where it is %s', async (_, answer) => {
    const found = await listsFrom(answer).now(ofAll);
    expect('unknown' in found && found.unknown).toMatch(/^[A-Z].*\.$/);
  });

  test('is offered once, with a label of one line', async () => {
    expect(await listsFrom([{ value: 1, label: 'One\u202e \n  two' }, 'b', 'b']).now(ofAll)).toEqual([
      { value: '1', label: 'One two' },
      { value: 'b', label: 'b' },
    ]);
  });

  test('is read below the base URL, whatever was answered before', async () => {
    const lists = listsFrom(['a']);
    const source = { ...http, with: { path: '/racks/${{ fields.rack }}/all' }, reads: ['rack'] };
    await lists.now(question(source, { rack: 'a/../b?c#d' }));
    expect(asked).toEqual(['https://inventory.acme.com/racks/a%2F..%2Fb%3Fc%23d/all']);
    const found = await lists.now(question(source, { rack: '..' }));
    expect(found).toHaveProperty('unknown');
    expect(await lists.now(question(source, { rack: '\ud800' }))).toEqual([{ value: 'a', label: 'a' }]);
    expect(asked).toHaveLength(2);
  });

  test('is kept for half a minute while somebody types, and for nobody else', async () => {
    const lists = listsFrom(['a']);
    await Promise.all([lists.lately(ofAll), lists.lately(ofAll)]);
    expect(asked).toHaveLength(1);
    await lists.now(ofAll);
    await lists.lately({ ...ofAll, requester: question(ofAll.source).requester, told: { other: 'x' } });
    expect(asked).toHaveLength(3);
    await clock.advance(halfAMinute);
    await lists.lately(ofAll);
    expect(asked).toHaveLength(4);
  });

  test('that could not be read is asked for again', async () => {
    const lists = listsFrom({});
    await lists.lately(ofAll);
    await lists.lately(ofAll);
    expect(asked).toHaveLength(2);
  });
});

const halfAMinute: Milliseconds = 30_000;
