import { expect, it } from 'vitest';
import { chooseMany, chooseOne, chosenValue, matching, option, type Choice } from './choice.ts';

const alike = ['eu', 'us'].map((end): Choice => ({
  value: `${'x'.repeat(200)}-${end}`,
  label: `${'x'.repeat(200)}-${end}`,
}));

it('tells options apart that begin alike, and loses nothing of what they stand for', () => {
  const options = alike.map(option);
  expect(new Set(options.map(({ text }) => text.text)).size).toBe(2);
  for (const [index, { value = '' }] of options.entries()) {
    expect(value.length).toBeLessThanOrEqual(150);
    expect(chosenValue(value, alike)).toBe(alike[index]?.value);
  }
  expect(chosenValue('sha256:0', alike)).toBeUndefined();
});

it('never takes a value that looks like a hash for one', () => {
  const hash = option(alike[0] ?? { value: '', label: '' }).value ?? '';
  const sly = [{ value: hash, label: 'sly' }, ...alike];
  expect(chosenValue(hash, sly)).toBe(alike[0]?.value);
});

it('is a list that can be left, few buttons where it cannot, and a search beyond what is listed', () => {
  const choices = ['a', 'b'].map((value) => ({ value, label: value }));
  const asked = { choices, chosen: [], listed: 100 };
  expect(chooseOne(asked, { isOptional: false }).type).toBe('radio_buttons');
  expect(chooseOne(asked, { isOptional: true }).type).toBe('static_select');
  expect(chooseOne({ ...asked, listed: 1 }, { isOptional: true }).type).toBe('external_select');
  expect(chooseOne({ ...asked, choices: [] }, { isOptional: false }).type).toBe('external_select');
  expect(chooseMany(asked).type).toBe('multi_static_select');
  expect(chooseMany({ ...asked, listed: 1 }).type).toBe('multi_external_select');
});

it('finds by what people read or what it is called, and what begins so first', () => {
  const choices = [
    { value: 'db-shop', label: 'Database of the shop' },
    { value: 'shop', label: 'The shop' },
    { value: 'mail', label: 'Mail' },
  ];
  expect(matching(choices, ' SHOP').map(({ value }) => value)).toEqual(['shop', 'db-shop']);
});
