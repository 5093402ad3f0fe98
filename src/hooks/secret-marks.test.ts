import { expect, it } from 'vitest';
import { createSecretMarks } from './secret-marks.ts';

const nonce = 'f00d';
const secrets: { readonly [name: string]: string } = { CRM: 'pa$$w0rd&more', SHORT: 'pa$$w0rd', EMPTY: '' };
const marks = () =>
  createSecretMarks(nonce, async (name, host) => (host === 'crm.test' ? secrets[name] : undefined));
const mark = (name: string, form = 'text', more = ''): string =>
  `{{countersign:${nonce}:${form}:${name}${more}}}`;

it('puts texts in as they are, and for a user in base64', async () => {
  const { fill } = marks();
  expect(await fill(`Bearer ${mark('CRM')}, ${mark('CRM')}`, 'crm.test')).toBe(
    'Bearer pa$$w0rd&more, pa$$w0rd&more',
  );
  expect(await fill(`Basic ${mark('CRM', 'basic', ':ann%3A')}`, 'crm.test')).toBe(
    `Basic ${btoa('ann::pa$$w0rd&more')}`,
  );
});

it.each([
  ['another host', mark('CRM'), 'evil.test'],
  ['a secret that is none', mark('OTHER'), 'crm.test'],
  ['one that is empty', mark('EMPTY'), 'crm.test'],
  ['one that every object has', mark('toString'), 'evil.test'],
  ['a broken mark', mark('%E0%A4%A'), 'crm.test'],
])('refuses %s', async (_, text, host) => {
  await expect(marks().fill(text, host)).rejects.toThrow(/is not granted|is broken/);
});

it('leaves alone what is no mark of this call', async () => {
  const text = '{{countersign:beef:text:CRM}} {{countersign:f00d:other:CRM}} {{countersign:f00d}}';
  expect(await marks().fill(text, 'crm.test')).toBe(text);
  expect(marks().has(text)).toBe(false);
  expect(marks().has(mark('CRM'))).toBe(true);
});

it('takes out what was put in, in the forms that services echo', async () => {
  const { fillAll, hideAll } = marks();
  await fillAll({ a: [mark('SHORT'), mark('CRM')] }, 'crm.test');
  const echoed = {
    'pa$$w0rd&more': ['<pa$$w0rd&more>', btoa('pa$$w0rd&more'), encodeURIComponent('pa$$w0rd&more')],
    short: 'pa$$w0rd',
    count: 1,
    none: null,
  };
  expect(hideAll(echoed)).toEqual({
    '(secret CRM)': ['<(secret CRM)>', '(secret CRM)', '(secret CRM)'],
    short: '(secret SHORT)',
    count: 1,
    none: null,
  });
});
