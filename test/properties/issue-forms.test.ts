// A form that we make is one that GitHub takes, and what people answer in it is what the flow asked: whatever the flow is.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formBody, parseForm } from '../../sandbox/github/issue-forms.ts';
import { issueForms } from '../../src/desk/forms/issue-forms.ts';
import { hours, minutes } from '../../src/domain/duration.ts';
import type { Field, FieldType, Flow } from '../../src/domain/flow.ts';
import { checkForm } from '../../src/domain/form.ts';
import { parseIssue } from '../../src/surfaces/github/parse-issue.ts';
import { aFlow, anApprovalOnlyFlow, aTarget } from '../builders/flow.ts';

const words = fc.constantFrom(
  ...[
    'yes',
    'no',
    'on',
    '~',
    'null',
    '12:30',
    '0x1f',
    '1e3',
    '- a',
    '# b',
    "it's",
    '"q"',
    'a: b',
    '{x}',
    '[y]',
  ],
  ...[
    'none',
    'None',
    '*',
    '&a',
    '!tag',
    '%',
    '@x',
    '`c`',
    '\u00e9\u{1f600}',
    'Why, and for whom?',
    '2026-11-20',
    '=',
    '<<',
  ],
);
const label = fc.oneof(words, fc.constantFrom('Flow', 'Target', 'Duration', 'Confirm', 'Reason', 'reason'));
const text = fc.oneof(words, fc.constantFrom('Two\n\n### Lines', 'and more  ', '_No response_ it is'));

const field = fc.record(
  {
    type: fc.constantFrom<FieldType>('string', 'int', 'bool', 'duration', 'person', 'string-list'),
    label,
    description: fc.oneof(text, fc.constant('')),
    required: fc.boolean(),
    hasOptions: fc.boolean(),
    options: fc.uniqueArray(words, { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: ['type', 'label', 'required', 'hasOptions', 'options'] },
);

const answers: Readonly<Record<string, string>> = {
  string: 'Backfill',
  int: '7',
  bool: 'yes',
  duration: '2h',
  person: 'bob',
  'string-list': 'one\ntwo',
};

function fieldsOf(
  drawn: readonly (typeof field extends fc.Arbitrary<infer T> ? T : never)[],
): readonly Field[] {
  return drawn.map(({ hasOptions, options, description, ...rest }, index) => ({
    ...rest,
    name: `field_${index}`,
    // The reader refuses a desk in which two questions have one label.
    label:
      drawn.findIndex((other) => other.label === rest.label) < index ? `${rest.label} ${index}` : rest.label,
    ...(description !== undefined && description !== '' && { description }),
    ...(hasOptions && rest.type === 'string' && { options }),
  }));
}

const flow: fc.Arbitrary<Flow> = fc
  .record({
    fields: fc.array(field, { maxLength: 6 }),
    label,
    header: fc.option(text, { nil: undefined }),
    confirm: fc.boolean(),
    targets: fc.option(fc.uniqueArray(words, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  })
  .map(({ fields, label: title, header, confirm, targets }) => {
    const common = {
      label: title,
      fields: fieldsOf(fields),
      ...(header !== undefined && { header }),
      ...(confirm && { confirm: 'typed' as const }),
    };
    if (targets === undefined) return anApprovalOnlyFlow(common);
    return aFlow({
      ...common,
      access: {
        strategy: { type: 'toy' },
        targets: targets.map((named, index) => aTarget(`target-${index}`, { label: named })),
        durations: { options: [minutes(30), hours(1), 'until-revoked'], default: hours(1) },
      },
    });
  });

test('GitHub takes it, and what is answered in it is what the flow asked', () => {
  fc.assert(
    fc.property(flow, (asked) => {
      const [made] = issueForms({ commit: 'c', flows: new Map([[asked.ref.name, asked]]), diagnostics: [] });
      const [form] = parseForm('x.yml', made?.[1] ?? '');
      if (form === undefined) throw new Error(`GitHub would not take this form:\n${made?.[1]}`);
      const target = asked.access?.targets.at(-1)?.name;
      const said = Object.fromEntries([
        ['flow', asked.ref.name],
        ...(target === undefined
          ? []
          : [
              ['target', target],
              ['duration', '30m'],
            ]),
        ...(asked.confirm ? [['confirm', target ?? asked.ref.name]] : []),
        ...asked.fields.map(({ name, type, options }) => [
          name,
          options ? String(options[0]) : answers[type],
        ]),
      ]);
      const parsed = parseIssue(formBody(form, said), [asked]);
      if (parsed.type !== 'request')
        throw new Error(`It was not read as a request: ${JSON.stringify(parsed)}`);
      const checked = checkForm(asked, parsed.form);
      expect(checked).toMatchObject({ ok: true, form: { fields: expectedOf(asked.fields) } });
      if (target !== undefined)
        expect(checked).toMatchObject({ form: { target: { name: target }, duration: minutes(30) } });
    }),
    { numRuns: 300 },
  );
});

const meant: Readonly<Record<string, unknown>> = {
  string: 'Backfill',
  int: 7,
  bool: true,
  duration: hours(2),
  person: 'bob',
  'string-list': ['one', 'two'],
};

function expectedOf(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ name, type, options }) => [name, options ? options[0] : meant[type]]),
  );
}
