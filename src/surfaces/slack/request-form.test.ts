import { describe, expect, it } from 'vitest';
import { aField, aFlow, anApprovalOnlyFlow, aTarget } from '../../../test/builders/flow.ts';
import { linesOf } from '../../../test/contracts/slack/lines-of.ts';
import { hours, minutes } from '../../domain/duration.ts';
import type { Condition, Flow } from '../../domain/flow.ts';
import { checkForm } from '../../domain/form.ts';
import { deskId, personId } from '../../domain/names.ts';
import { slackUsersIn, withPeople, type FilledForm } from './filled-form.ts';
import { readPlace } from './place.ts';
import { errorsAtFields, readForm } from './read-form.ts';
import { formOptions, requestForm } from './request-form.ts';

const place = { desk: deskId('github', 4711), flow: 'production', origin: 'C07ACC000' };
const isEmergency: Condition = {
  source: "fields.urgency == 'Emergency'",
  judge: ({ fields }) => fields['urgency'] === 'Emergency',
};
const targets = [
  aTarget('prod', { label: 'Production' }),
  aTarget('staging', { label: 'Staging of ${{ fields.service }}' }),
];
const flow = aFlow({
  header: 'Read this first.',
  danger: 'You are changing production.',
  confirm: 'typed',
  access: {
    strategy: { type: 'toy' },
    targets,
    durations: { options: [minutes(30), hours(1)], default: minutes(30) },
  },
  fields: [
    aField('reason', { label: 'Why do you need access?' }),
    aField('urgency', { label: 'Urgency', options: ['Normal', 'Emergency'], default: 'Normal' }),
    aField('incident', {
      label: 'Which incident?',
      description: 'Such as INC-42.',
      condition: isEmergency,
      pattern: { source: 'INC-[0-9]+', matches: (text) => /^INC-\d+$/.test(text) },
    }),
    aField('service', { label: 'Service', options: ['shop', 'search', 'mail'] }),
    aField('count', { label: 'How many?', type: 'int', required: false }),
    aField('customers', { label: 'Does it touch customers?', type: 'bool' }),
    aField('quiet', { label: 'Keep it quiet', type: 'bool', required: false }),
    aField('span', { label: 'Over what time?', type: 'duration', default: hours(2) }),
    aField('helper', { label: 'Who helps?', type: 'person', default: 'dora' }),
    aField('watchers', { label: 'Who watches?', type: 'person-list', required: false }),
    aField('hosts', { label: 'Which hosts?', type: 'string-list', required: false }),
    aField('regions', {
      label: 'Which regions?',
      type: 'string-list',
      options: ['eu', 'us'],
      required: false,
    }),
  ],
});

const shown = (filled?: FilledForm, of: Flow = flow): string =>
  linesOf(
    requestForm({ flow: of, targets: of.access?.targets ?? [], place, ...(filled && { filled }) }).blocks,
  );

describe('the form', () => {
  it('asks what the flow asks', () => {
    expect(shown()).toMatchInlineSnapshot(`
      "Read this first.
      ⚠️ *You are changing production.*

      What for? ↻
        ‹radio_buttons: Production | Staging of ‹Service››

      For how long?
        ‹radio_buttons: 30m | 1h› = 30m

      Why do you need access?
        ‹plain_text_input›

      Urgency ↻
        ‹radio_buttons: Normal | Emergency› = Normal

      Service
        ‹radio_buttons: shop | search | mail›

      How many? (optional)
        ‹number_input›

      Does it touch customers?
        ‹radio_buttons: Yes | No›

      Keep it quiet (optional)
        ‹checkboxes: Yes›

      Over what time? (optional)
        ‹plain_text_input› = 2h

      Who helps? (optional)
        ‹users_select›
        Leave it empty for: dora

      Who watches? (optional)
        ‹multi_users_select›

      Which hosts? (optional)
        ‹plain_text_input›
        One in each line.

      Which regions? (optional)
        ‹multi_static_select: eu | us›

      To confirm, type the name of the target
        ‹plain_text_input›"
    `);
  });

  it('asks what depends on an answer as soon as it is given', () => {
    expect(shown()).not.toContain('Which incident?');
    expect(shown({ fields: { urgency: 'Emergency' } })).toContain(
      'Which incident?\n  ‹plain_text_input›\n  Such as INC-42.',
    );
  });

  it('names the word that confirms once it is known', () => {
    expect(shown()).toContain('To confirm, type the name of the target');
    expect(shown({ target: 'staging', fields: {} })).toContain('To confirm, type staging');
    expect(shown(undefined, anApprovalOnlyFlow({ confirm: 'typed' }))).toContain('type migration');
  });

  it('asks nothing about which there is no choice, and carries that along', () => {
    const view = requestForm({ flow: aFlow(), targets: [aTarget('prod')], place });
    expect(linesOf(view.blocks)).toMatchInlineSnapshot(`
      "This asks for *prod*.

      For how long?
        ‹radio_buttons: 30m | 1h | until revoked› = 30m"
    `);
    expect(readPlace(view.private_metadata ?? '')).toEqual({ ...place, target: 'prod' });
  });

  it('says what cannot be said at a question above them all', () => {
    const problems = [
      {
        at: 'incident',
        code: 'not-asked',
        sentence: '“Which incident?” is asked only if it is one.',
      } as const,
    ];
    expect(linesOf(requestForm({ flow: aFlow(), targets, place, problems }).blocks)).toContain(
      '*This was not sent yet:*\n• “Which incident?” is asked only if it is one. What was answered there was left out: please look at the form once more.',
    );
  });

  it('fills in the person whom the flow names, where Slack knows them', () => {
    const slackIds = new Map([[personId('dora'), 'U07DORA00']]);
    expect(linesOf(requestForm({ flow, targets, place, slackIds }).blocks)).toContain(
      '‹users_select› = U07DORA00',
    );
  });

  it('is searched where the list is long', () => {
    const many = Array.from({ length: 150 }, (_, n) => aTarget(`host-${n}`, { label: `Host ${n}` }));
    const view = requestForm({ flow, targets: many, place });
    expect(linesOf(view.blocks)).toContain('What for? ↻\n  ‹external_select›');
    const found = formOptions(flow, many, { blockId: 'target', query: 'host 14' });
    expect(found.map(({ value }) => value)).toEqual([
      'host-14',
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `host-14${n}`),
    ]);
    expect(formOptions(flow, many, { blockId: 'target', query: '' })).toHaveLength(100);
    expect(
      formOptions(flow, many, { blockId: 'field:service', query: 'SE' }).map(({ value }) => value),
    ).toEqual(['search']);
    expect(formOptions(flow, many, { blockId: 'field:nothing', query: '' })).toEqual([]);
  });
});

const picked = (value: string): object => ({
  selected_option: { value, text: { type: 'plain_text', text: 'x' } },
});
const values = {
  target: { answer: { type: 'radio_buttons', ...picked('prod') } },
  duration: { answer: { type: 'static_select', ...picked('1h') } },
  'field:reason': { answer: { type: 'plain_text_input', value: 'Order 4711' } },
  'field:urgency': { answer: { type: 'static_select', ...picked('Normal') } },
  'field:service': { answer: { type: 'radio_buttons', ...picked('shop') } },
  'field:count': { answer: { type: 'number_input', value: '3' } },
  'field:customers': { answer: { type: 'radio_buttons', ...picked('no') } },
  'field:quiet': { answer: { type: 'checkboxes', selected_options: [] } },
  'field:span': { answer: { type: 'plain_text_input', value: null } },
  'field:helper': { answer: { type: 'users_select', selected_user: 'U07DORA00' } },
  'field:watchers': { answer: { type: 'multi_users_select', selected_users: ['U07BOB000', 'U07DORA00'] } },
  'field:hosts': { answer: { type: 'plain_text_input', value: 'a\nb' } },
  'field:regions': { answer: { type: 'multi_static_select', selected_options: [{ value: 'eu' }] } },
  'field:confirm': { answer: { type: 'plain_text_input', value: ' prod ' } },
};
const people = new Map([
  ['U07DORA00', personId('dora')],
  ['U07BOB000', personId('bob')],
]);

describe('what was filled in', () => {
  it('is read as the product reads forms', () => {
    const filled = readForm({ flow, targets, values, place });
    expect(slackUsersIn(filled)).toEqual(['U07DORA00', 'U07BOB000']);
    const { form, problems } = withPeople(flow, filled, people);
    expect(problems).toEqual([]);
    expect(form).toMatchInlineSnapshot(`
      {
        "duration": "1h",
        "fields": {
          "confirm": "prod",
          "count": "3",
          "customers": "no",
          "helper": "dora",
          "hosts": "a
      b",
          "quiet": false,
          "reason": "Order 4711",
          "regions": [
            "eu",
          ],
          "service": "shop",
          "urgency": "Normal",
          "watchers": [
            "bob",
            "dora",
          ],
        },
        "target": "prod",
      }
    `);
    const checked = checkForm(flow, form);
    expect(checked.ok && checked.form.fields).toEqual({
      reason: 'Order 4711',
      urgency: 'Normal',
      service: 'shop',
      count: 3,
      customers: false,
      quiet: false,
      span: hours(2),
      helper: 'dora',
      watchers: ['bob', 'dora'],
      hosts: ['a', 'b'],
      regions: ['eu'],
    });
  });

  it('names who is no person of the desk', () => {
    const filled = readForm({ flow, targets, values, place });
    const { problems } = withPeople(flow, filled, new Map([['U07DORA00', personId('dora')]]));
    expect(problems.map(({ at }) => at)).toEqual(['watchers']);
  });

  it('is what the form showed, where the flow has changed since', () => {
    const filled = readForm({
      flow,
      targets: [],
      values: { target: { answer: { type: 'static_select', ...picked('gone') } } },
      place,
    });
    expect(filled.target).toBe('gone');
    expect(
      readForm({ flow, targets: [aTarget('other')], values: {}, place: { ...place, target: 'prod' } }).target,
    ).toBe('prod');
  });

  it('is nothing where it is no form at all', () => {
    for (const odd of [undefined, null, 'x', [], { target: 7, 'field:reason': { answer: [] } }])
      expect(readForm({ flow, targets, values: odd, place })).toEqual({ fields: {} });
  });

  it('is corrected at its question, where the person sees it', () => {
    const missing = { at: 'reason', code: 'required', sentence: '“Why?” is missing.' } as const;
    expect(errorsAtFields([missing, { ...missing, at: 'target' }], values)).toEqual({
      'field:reason': '“Why?” is missing.',
      target: '“Why?” is missing.',
    });
    expect(errorsAtFields([missing, { ...missing, at: 'incident' }], values)).toBeUndefined();
    expect(errorsAtFields([{ ...missing, code: 'not-asked' }], values)).toBeUndefined();
    expect(errorsAtFields([], values)).toBeUndefined();
  });
});
