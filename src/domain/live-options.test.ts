// What is chosen of options that are read live: judged when it is asked, kept as it was offered, and refused in words.
import { describe, expect, test } from 'vitest';
import { aField, aFlow, aTarget } from '../../test/builders/flow.ts';
import { aDesk, History } from '../../test/builders/history.ts';
import { minutes } from './duration.ts';
import type { Answers } from './facts.ts';
import type { Field, LiveOption, OptionsSource } from './flow.ts';
import { checkForm } from './form.ts';
import type { Told } from './live-options.ts';
import { group } from './names.ts';
import { nearOptions } from './near-options.ts';
import { refusalWords } from './words.ts';

const from = (...reads: readonly string[]): OptionsSource => ({ run: 'http', with: { path: '/' }, reads });
const flow = aFlow({
  access: {
    strategy: { type: 'toy' },
    targets: [
      aTarget('prod', { label: 'Team ${{ fields.team }}', settings: { team_slug: '${{ fields.team }}' } }),
    ],
    durations: { options: [minutes(30)], default: minutes(30) },
  },
  fields: [aField('team', { label: 'Team', optionsFrom: from() })],
});
const named = (...values: readonly string[]): readonly LiveOption[] =>
  values.map((value) => ({ value, label: value }));
const withTeams = (options: Answers['options']): History =>
  new History({ flows: [flow], options: { team: options } });

function refused(history: History, fields: { readonly [name: string]: unknown }): string {
  const decision = history.decide({
    type: 'request',
    desk: aDesk,
    flow: history.world.flows[0]?.ref.name ?? '',
    form: { fields },
    voice: history.voice('ann-o'),
  });
  return 'refusal' in decision ? refusalWords(decision.refusal).reason : 'nothing';
}

describe('a choice', () => {
  test('that is offered is asked for, shown by its label, and kept as it was offered', () => {
    const options = [...named('web'), { value: 'data', label: 'Data & insight' }];
    const { request } = withTeams(options).asks('ann-o', { fields: { team: 'data' } });
    expect(request?.form).toMatchObject({
      fields: { team: 'data' },
      answers: [{ label: 'Team', text: 'Data & insight (data)' }],
      offered: { team: [{ value: 'data', label: 'Data & insight' }] },
      target: { label: 'Team data', settings: { team_slug: 'data' } },
    });
  });

  test('that is not offered is refused, whatever the form sent, and what is near is named', () => {
    const history = withTeams(named('payments', 'web', 'payroll'));
    expect(refused(history, { team: 'paymnets' })).toContain('Did you mean payments?');
    expect(refused(history, { team: 'admins' })).toContain('offered now: payments, web, payroll.');
    expect(refused(history, { team: 'WEB' })).toContain('Did you mean web?');
    expect(refused(history, { team: 'https://evil.test' })).not.toContain('evil');
  });

  test('that is offered no more is refused', () => {
    const history = withTeams(named('data', 'web'));
    expect(refused(history, { team: 'data' })).toBe('nothing');
    expect(refused(history.where({ options: { team: named('web') } }), { team: 'data' })).toContain(
      'must be one of',
    );
    expect(refused(history.where({ options: { team: [] } }), { team: 'data' })).toContain(
      '“Team” has no possible answer at the moment.',
    );
  });

  test('is refused where nothing can be read, and it is said whom to tell', () => {
    const history = withTeams({ unknown: 'GitHub did not answer in time.' });
    expect(refused(history, { team: 'data' })).toContain(
      'What may be answered to “Team” cannot be read now: GitHub did not answer in time. Try again in a few minutes; if it stays so, ask an admin of this desk.',
    );
  });

  test('is not looked at again once it is asked: the form is what people decide on', () => {
    const history = withTeams(named('data')).asks('ann-o', { fields: { team: 'data' } });
    history.where({ options: { team: { unknown: 'It is down.' } } }).says('bob-l', 'approve');
    expect(history.status).toBe('escalating');
    expect(history.request?.form.target?.settings).toEqual({ team_slug: 'data' });
  });
});

test('nobody who may not ask hears what is offered', () => {
  const closed = { ...flow, requesters: [group('team:acme/nobody')] };
  const history = new History({ flows: [closed], options: { team: named('secret-project') } });
  expect(refused(history, { team: 'secret' })).not.toContain('secret-project');
});

describe('a form is checked', () => {
  const field = (name: string, reads: readonly string[] = [], more: Partial<Field> = {}): Field =>
    aField(name, { label: name.toUpperCase(), optionsFrom: from(...reads), ...more });

  test('by what the source is told of the answers before', () => {
    const told: Told[] = [];
    const fields = [aField('span', { type: 'duration' }), aField('kind'), field('item', ['kind', 'span'])];
    const checked = checkForm(
      aFlow({ fields }),
      { fields: { kind: 'map', span: '90m', item: 'a' } },
      (_, each) => {
        told.push(each);
        return named('a');
      },
    );
    expect(checked.ok).toBe(true);
    expect(told).toEqual([{ kind: 'map', span: '90m' }]);
  });

  test('in each item of a list', () => {
    const fields = [field('items', [], { type: 'string-list' })];
    const problems = (items: readonly string[]): readonly string[] => {
      const checked = checkForm(aFlow({ fields }), { fields: { items } }, () => named('a', 'b', 'c'));
      return checked.ok ? [] : checked.problems.map(({ code }) => code);
    };
    expect(problems(['a', 'c'])).toEqual([]);
    expect(problems(['a', 'x'])).toEqual(['not-an-option']);
  });

  test.each<readonly [string, { readonly [name: string]: string }, readonly string[]]>([
    ['what it depends on is open', { item: 'a' }, ['item: unbound']],
    ['what it depends on is wrong', { kind: 'x', item: 'a' }, ['kind: not-an-option']],
  ])('and its source is not asked where %s', (_, answers, found) => {
    const fields = [aField('kind', { options: ['map'], required: false }), field('item', ['kind'])];
    const checked = checkForm(aFlow({ fields }), { fields: answers }, () => {
      throw new Error('The source was asked.');
    });
    expect(checked.ok ? [] : checked.problems.map(({ at, code }) => `${at}: ${code}`)).toEqual(found);
  });

  test('its default too', () => {
    const fields = [field('item', [], { default: 'gone' })];
    expect(checkForm(aFlow({ fields }), { fields: {} }, () => named('a')).ok).toBe(false);
  });
});

test('what is near is found among thousands', () => {
  const many = named(...Array.from({ length: 5000 }, (_, index) => `service-${index}`), 'billing_api');
  expect(nearOptions('Biling API', many)).toEqual(['billing_api']);
  expect(nearOptions('xyz', many)).toEqual([]);
});
