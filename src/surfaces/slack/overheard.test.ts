import { expect, test } from 'vitest';
import { plainWords } from './overheard.ts';

const names = async (user: string): Promise<string | undefined> =>
  new Map([['U07ANN000', 'Ann Ortega']]).get(user);

test.each([
  ['plain words', 'plain words'],
  ['<@U07ANN000> and <@U07NOBODY>, look', '@Ann Ortega and @U07NOBODY, look'],
  ['<!channel> <!here|@here> <!subteam^S07DATA00|@data>', '@channel @here @data'],
  ['in <#C07DATA000|data-access>', 'in #data-access'],
  [
    'see <https://x.example|the page> or <https://y.example>',
    'see the page (https://x.example) or https://y.example',
  ],
  ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
  ['1 < 2 <', '1 < 2 <'],
])('%j is read as %j', async (typed, read) => {
  expect(await plainWords(typed, names)).toBe(read);
});

test('a name that Slack does not say now is an id', async () => {
  expect(await plainWords('<@U07ANN000>', () => Promise.reject(new Error('down')))).toBe('@U07ANN000');
});

test('what only looks like markup stays as it is, however much of it there is', async () => {
  const typed = '<'.repeat(50_000);
  expect(await plainWords(typed, names)).toBe(typed);
});
