import { describe, expect, test } from 'vitest';
import { aField, aFlow, anApprovalOnlyFlow, aTarget } from '../../test/builders/flow.ts';
import type { RawForm } from './commands.ts';
import { minutes } from './duration.ts';
import type { Flow } from './flow.ts';
import { checkForm, fieldsAsked } from './form.ts';

const problemsOf = (flow: Flow, raw: Partial<RawForm> = {}): readonly string[] => {
  const checked = checkForm(flow, { fields: {}, ...raw });
  return checked.ok ? [] : checked.problems.map(({ at, code }) => `${at}: ${code}`);
};

const two = [aTarget('prod'), aTarget('staging')];
const withTargets = aFlow({ access: { ...(aFlow().access ?? fail()), targets: two } });

function fail(): never {
  throw new Error('The ordinary flow grants access.');
}

describe('the target and the duration', () => {
  test('need not be said where there is only one', () => {
    expect(checkForm(aFlow(), { fields: {} })).toMatchObject({
      ok: true,
      form: { target: { name: 'prod' }, duration: minutes(30) },
    });
  });

  test('are asked where there are several, and refused where there is no such one', () => {
    expect(problemsOf(withTargets)).toEqual(['target: required']);
    expect(problemsOf(withTargets, { target: 'moon', duration: '99d' })).toEqual([
      'target: not-an-option',
      'duration: not-an-option',
    ]);
  });

  test('have no place where nothing is granted', () => {
    expect(problemsOf(anApprovalOnlyFlow(), { target: 'prod', duration: '1h' })).toEqual([
      'target: not-asked',
      'duration: not-asked',
    ]);
  });
});

describe('fields', () => {
  const answer = (field: Parameters<typeof aField>[1], given: unknown): unknown => {
    const checked = checkForm(anApprovalOnlyFlow({ fields: [aField('it', field)] }), {
      fields: { it: given },
    });
    return checked.ok ? checked.form.fields['it'] : checked.problems[0]?.code;
  };

  test('are read by their type', () => {
    expect(answer({ type: 'int' }, ' 42 ')).toBe(42);
    expect(answer({ type: 'int' }, '4.2')).toBe('wrong-type');
    expect(answer({ type: 'bool' }, 'yes')).toBe(true);
    expect(answer({ type: 'bool' }, 'Yes')).toBe(true);
    expect(answer({ type: 'bool' }, ' No ')).toBe(false);
    expect(answer({ type: 'bool' }, 'maybe')).toBe('wrong-type');
    expect(answer({ type: 'duration' }, '30m')).toBe(minutes(30));
    expect(answer({ type: 'person' }, 'bob')).toBe('bob');
    expect(answer({ type: 'person' }, '../bob')).toBe('wrong-type');
    expect(answer({ type: 'string-list' }, 'a, b\nc')).toEqual(['a', 'b', 'c']);
    expect(answer({ type: 'int-list' }, '1, x')).toBe('wrong-type');
    expect(answer({ type: 'string' }, 42)).toBe('wrong-type');
  });

  test('must be options and match patterns, each item of a list', () => {
    const pattern = { source: '^a$', matches: (text: string) => text === 'a' };
    expect(answer({ options: ['a', 'b'] }, 'c')).toBe('not-an-option');
    expect(answer({ pattern }, 'b')).toBe('no-match');
    expect(answer({ type: 'string-list', pattern }, 'a, b')).toBe('no-match');
  });

  test.each(['', ' ', '\u200b', '\u3164\u2800'])(
    'are not answered by what nobody can read: %j',
    (nothing) => {
      const flow = anApprovalOnlyFlow({ fields: [aField('reason')] });
      expect(problemsOf(flow, { fields: { reason: nothing } })).toEqual(['reason: required']);
    },
  );

  test('are required unless they say otherwise, and only where they are asked', () => {
    const flow = (condition: boolean): Flow =>
      anApprovalOnlyFlow({ fields: [aField('it', { condition: { source: 'x', judge: () => condition } })] });
    expect(problemsOf(flow(true))).toEqual(['it: required']);
    expect(problemsOf(flow(false))).toEqual([]);
    expect(problemsOf(flow(false), { fields: { it: 'x' } })).toEqual(['it: not-asked']);
  });

  test('are bounded, and none is made up', () => {
    expect(answer({}, 'x'.repeat(4001))).toBe('too-long');
    expect(problemsOf(anApprovalOnlyFlow(), { fields: { other: 'x' } })).toEqual(['other: unknown-field']);
    expect(problemsOf(anApprovalOnlyFlow(), { fields: JSON.parse('{"__proto__": "x"}') })).toEqual([
      '__proto__: unknown-field',
    ]);
  });
});

describe('what is wrong is said so that a person can mend it', () => {
  const sentences = (flow: Flow, raw: Partial<RawForm>): readonly string[] => {
    const checked = checkForm(flow, { fields: {}, ...raw });
    return checked.ok ? [] : checked.problems.map(({ sentence }) => sentence);
  };

  test('a missing answer is named by its label, and by its key where that is another', () => {
    const fields = [aField('reason', { label: 'Why?' }), aField('pull_request', { label: 'Pull request' })];
    expect(sentences(anApprovalOnlyFlow({ fields }), {})).toEqual([
      '“Why?” (reason) is missing.',
      '“Pull request” is missing.',
    ]);
  });

  test('a pattern comes with what its author says of it', () => {
    const pattern = { source: 'INC-[0-9]+', matches: () => false };
    const fields = [aField('incident', { label: 'Incident', description: 'Such as INC-42.', pattern })];
    expect(sentences(anApprovalOnlyFlow({ fields }), { fields: { incident: '42' } })).toEqual([
      '“Incident” must match INC-[0-9]+ (Such as INC-42).',
    ]);
  });

  test('a duration is named as well', () => {
    expect(sentences(aFlow(), { duration: '99d' })[0]).toMatch(/^The duration must be one of /);
  });
});

describe('a bound setting', () => {
  const { access } = withTargets;
  const bound = aFlow({
    fields: [aField('customer', { required: false })],
    ...(access && {
      access: { ...access, targets: [aTarget('prod', { settings: { path: '/${{ fields.customer }}' } })] },
    }),
  });

  test('is filled with the answer', () => {
    expect(checkForm(bound, { fields: { customer: 'C1' } })).toMatchObject({
      form: { target: { settings: { path: '/C1' } } },
    });
  });

  test('may be named in the label, so that people read what exactly is granted', () => {
    const targets = [
      aTarget('prod', {
        label: 'Vault of ${{ fields.customer }}',
        settings: { path: '/${{ fields.customer }}' },
      }),
    ];
    const flow = { ...bound, ...(access && { access: { ...access, targets } }) };
    expect(checkForm(flow, { fields: { customer: 'C1' } })).toMatchObject({
      form: { target: { label: 'Vault of C1' } },
    });
  });

  test('needs its answer, and takes none that a strategy would fill in later', () => {
    expect(problemsOf(bound)).toEqual(['customer: unbound']);
    expect(problemsOf(bound, { fields: { customer: '{{request}}' } })).toEqual(['customer: no-match']);
  });
});

describe('a typed confirmation', () => {
  const flow = aFlow({ ...withTargets, confirm: 'typed' });

  test('is the name of the target, exactly', () => {
    expect(problemsOf(flow, { target: 'prod' })).toEqual(['confirm: required']);
    expect(problemsOf(flow, { target: 'prod', fields: { confirm: 'staging' } })).toEqual([
      'confirm: no-match',
    ]);
    expect(problemsOf(flow, { target: 'prod', fields: { confirm: 'prod' } })).toEqual([]);
  });

  test('is the name of the flow where nothing is granted', () => {
    const only = anApprovalOnlyFlow({ confirm: 'typed' });
    expect(problemsOf(only)).toEqual(['confirm: required']);
    expect(problemsOf(only, { fields: { confirm: 'migration' } })).toEqual([]);
  });

  test('is not asked elsewhere', () => {
    expect(problemsOf(aFlow(), { fields: { confirm: 'prod' } })).toEqual(['confirm: unknown-field']);
  });
});

test('whoever gets a thousand things wrong is told of the first', () => {
  const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, number) => [`nothing${number}`, 'x']));
  expect(problemsOf(aFlow(), { fields })).toHaveLength(20);
});

test('a field that was not answered leaves its setting unbound, whatever its name', () => {
  const target = aTarget('prod', { settings: { team_slug: '${{ fields.constructor }}' } });
  const flow = aFlow({
    access: { ...(aFlow().access ?? fail()), targets: [target] },
    fields: [aField('constructor', { required: false })],
  });
  expect(problemsOf(flow)).toEqual(['constructor: unbound']);
});

describe('the fields that are asked so far', () => {
  const flow = aFlow({
    fields: [
      aField('urgency', { default: 'Normal' }),
      aField('incident', {
        condition: { source: 'x', judge: ({ fields }) => fields['urgency'] === 'Emergency' },
      }),
      aField('puzzle', { condition: { source: 'y', judge: () => ({ unknown: 'nobody knows' }) } }),
    ],
  });
  const asked = (raw: RawForm): readonly string[] => fieldsAsked(flow, raw).map(({ name }) => name);

  test('are those whose conditions hold or cannot be judged, whatever is still wrong', () => {
    expect(asked({ fields: {} })).toEqual(['urgency', 'puzzle']);
    expect(asked({ target: 'moon', fields: { urgency: 'Emergency', other: 1 } })).toEqual([
      'urgency',
      'incident',
      'puzzle',
    ]);
  });
});
