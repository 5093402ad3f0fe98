import { describe, expect, test } from 'vitest';
import { hours, minutes } from './duration.ts';
import { fillTemplate, type TemplateValues } from './template.ts';

const values: TemplateValues = {
  fields: { incident: 'INC-42', downtime: 'yes', services: 'shop, app' },
  target: 'Production',
  duration: minutes(90),
  requester: 'Ann Ortega',
};

function fill(template: string, more: Partial<TemplateValues> = {}): string {
  return fillTemplate(template, { ...values, ...more });
}

describe('a template', () => {
  test.each([
    ['On call, and declared ${{ fields.incident }}.', 'On call, and declared INC-42.'],
    ['${{requester.name}} wants ${{ request.target }}', 'Ann Ortega wants Production'],
    ['for ${{ request.duration }}: ${{ fields.services }}', 'for 90m: shop, app'],
    ['${{ fields.downtime }}/${{fields.downtime}}', 'yes/yes'],
    ['nothing to fill in', 'nothing to fill in'],
  ])('is filled in: %s', (template, text) => {
    expect(fill(template)).toBe(text);
  });

  test('has a dash where there is no answer, whatever the name', () => {
    expect(fill('${{ fields.other }} ${{ fields.toString }} ${{ fields.constructor }}')).toBe('— — —');
    expect(
      fillTemplate('${{ request.target }} ${{ request.duration }}', { fields: {}, requester: 'Ann' }),
    ).toBe('— —');
    expect(fill('${{ fields.incident }}', { fields: { incident: '' } })).toBe('—');
  });

  test('says of access without an end that it lasts until revoked', () => {
    expect(fill('${{ request.duration }}', { duration: 'until-revoked' })).toBe('until revoked');
    expect(fill('${{ request.duration }}', { duration: hours(4) })).toBe('4h');
  });
});

describe('what people type', () => {
  test('is no template itself', () => {
    const fields = { incident: '${{ fields.secret }} $& $1', secret: 'hunter2' };
    expect(fill('${{ fields.incident }}', { fields })).toBe('${{ fields.secret }} $& $1');
  });

  test('stays one line, without control characters', () => {
    const fields = { incident: ' a\n\n## b\u0000\u001b[31m\tc\u2028d\r ' };
    expect(fill('It is ${{ fields.incident }}!', { fields })).toBe('It is a ## b [31m c d!');
  });

  test('is cut to 300 characters, however long and however often', () => {
    const fields = { incident: '😀'.repeat(400_000) };
    const filled = fill('${{ fields.incident }}'.repeat(12), { fields });
    expect([...filled]).toHaveLength(300);
    expect(filled.endsWith('😀…')).toBe(true);
  });
});
