// A pull request, its check and its annotations, as the page shows them.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aSandboxPage, flowPath, lines, type SandboxPage } from '../../test/builders/sandbox-page.ts';

let page: SandboxPage;

beforeEach(async () => {
  page = await aSandboxPage();
});

afterEach(() => page.stop());

const annotation = (start_line: number, more: object = {}): object => ({
  path: flowPath,
  start_line,
  end_line: start_line,
  annotation_level: 'failure',
  title: 'unknown-key',
  message: 'Wrong <b>here</b>',
  ...more,
});

interface Line {
  readonly kind: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
  readonly notes: ReadonlyArray<{ readonly message: string }>;
}

const shown = ({ hunks }: { readonly hunks: Line[][] }): string[] =>
  hunks.flatMap((hunk) => [
    '…',
    ...hunk.flatMap(({ before, after, text, notes }) => [
      `${before ?? '.'} ${after ?? '.'} ${text}`,
      ...notes.map(({ message }) => `  ! ${message}`),
    ]),
  ]);

describe('a pull request', () => {
  test('shows what changed, with what the check says at its line', async () => {
    const number = await page.propose('max-p', `${lines(1, 9)}ten\n${lines(11, 30)}`);
    const { commit } = await page.pull(number);
    await page.check(commit, { annotations: [annotation(10), annotation(25)] });
    const [file] = (await page.pull(number)).files;
    expect(shown(file)).toEqual([
      '…',
      '7 7 line 7',
      '8 8 line 8',
      '9 9 line 9',
      '10 . line 10',
      '. 10 ten',
      '  ! Wrong <b>here</b>',
      '11 11 line 11',
      '12 12 line 12',
      '13 13 line 13',
      '…',
      '22 22 line 22',
      '23 23 line 23',
      '24 24 line 24',
      '25 25 line 25',
      '  ! Wrong <b>here</b>',
      '26 26 line 26',
      '27 27 line 27',
      '28 28 line 28',
    ]);
  });

  test('shows files that only the check speaks of, and remarks on lines that are not there', async () => {
    const number = await page.propose('max-p', 'x\n');
    const { commit } = await page.pull(number);
    const other = { path: 'flows/small.test.yml' };
    await page.check(commit, {
      annotations: [annotation(3, other), annotation(99, other), annotation(1, { path: 'no.yml' })],
    });
    const { files } = await page.pull(number);
    expect(files.map((one: { path: string; change: string }) => [one.path, one.change])).toEqual([
      [flowPath, 'modified'],
      ['flows/small.test.yml', 'unchanged'],
      ['no.yml', 'unchanged'],
    ]);
    expect(shown(files[1])).toContain('  ! Wrong <b>here</b>');
    expect(files[1].loose).toMatchObject([{ from: 99 }]);
    expect(files[2]).toMatchObject({ hunks: [], loose: [{ from: 1 }] });
  });

  test('shows the newest check of its newest commit, its words harmless', async () => {
    const number = await page.propose('max-p', 'x\n');
    const { commit } = await page.pull(number);
    expect((await page.pull(number)).checks).toEqual([]);
    await page.check(commit, { title: 'Old' });
    const summary =
      '| A |\n| -- |\n| **b** |\n\n<details><summary>More</summary>\n\none<br>\ntwo\n\n</details><script>x</script><img src=x onerror=y>';
    await page.check(commit, { title: 'New', summary }, { conclusion: 'neutral' });
    const { checks } = await page.pull(number);
    expect(checks).toMatchObject([
      { name: 'Flows', title: 'New', conclusion: 'neutral', app: 'Countersign' },
    ]);
    expect(checks[0].html).toContain('<td><strong>b</strong></td>');
    expect(checks[0].html).toMatch(/<details><summary>More<\/summary>[\s\S]*one<br \/>\s*two/);
    expect(checks[0].html).not.toMatch(/script|onerror/);
    const from = (await page.json(`flows?pull=${number}`)).commit;
    await page.act('max-p', 'pushToPull', { number, message: 'M', from, files: { [flowPath]: 'y\n' } });
    expect((await page.pull(number)).checks).toEqual([]);
  });

  test('its check is asked for again, and its button pressed, by who may push', async () => {
    const number = await page.propose('max-p', 'x\n');
    const { commit } = await page.pull(number);
    const actions = [{ label: 'Mend', description: 'Mend it', identifier: 'mend' }];
    const id = await page.check(commit, {}, { actions });
    expect((await page.pull(number)).checks[0].actions).toEqual(actions);
    const told: Array<string | null> = [];
    page.sandbox.github.onAnnouncement(({ event, action }) => {
      if (event === 'check_run') told.push(action);
    });
    expect((await page.act('ann-o', 'rerequestCheckRun', { id })).status).toBe(403);
    expect((await page.act('ann-o', 'pressCheckAction', { id, identifier: 'mend' })).status).toBe(403);
    expect((await page.act('max-p', 'pressCheckAction', { id, identifier: 'other' })).status).toBe(404);
    expect((await page.act('max-p', 'rerequestCheckRun', { id })).status).toBe(200);
    expect((await page.act('max-p', 'pressCheckAction', { id, identifier: 'mend' })).status).toBe(200);
    expect(told).toEqual(['rerequested', 'requested_action']);
  });

  test('of a deleted file, of a new one, and of a very long one stay readable', async () => {
    const deleted = await page.pull(await page.propose('max-p', null, { branch: 'deleted' }));
    expect(deleted.files).toMatchObject([{ change: 'removed', added: 0, removed: 30 }]);
    const files = { 'flows/new.yml': 'a\nb\n' };
    const created = await page.pull(await page.propose('max-p', null, { branch: 'new', files }));
    expect(created.files).toMatchObject([{ change: 'added', added: 2, removed: 0 }]);
    const long = await page.pull(await page.propose('max-p', lines(1, 3000), { branch: 'long' }));
    expect(long.files[0].hunks.flat()).toHaveLength(1000);
    expect(long.files[0].moreLines).toBe(1973);
    const odd = await page.pull(await page.propose('max-p', 'a\0b', { branch: 'odd' }));
    expect(odd.files).toMatchObject([{ change: 'modified', hunks: [] }]);
  });

  test('is none where an issue is one', async () => {
    const { number } = page.sandbox.as('ann-o').openIssue({ title: 'One' });
    expect(await page.pull(number)).toBeNull();
  });
});
