import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dump, load } from 'js-yaml';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ok } from '../src/app/doctor/finding.ts';
import { printReport } from '../src/app/doctor/report.ts';
import { variables } from '../src/app/variables.ts';
import type { Desk } from '../src/desk/desk.ts';
import { createDeskReader } from '../src/desk/desk-reader.ts';
import { printDiagnostic } from '../src/desk/diagnostic.ts';
import { problemKinds } from '../src/engine/problems.ts';
import { plugIns } from '../src/app/plug-ins.ts';
import { strategies } from '../src/strategies/index.ts';
import { commandWords } from '../src/surfaces/github/parse-comment.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const markdownIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  ...markdownIn('.github'),
  ...markdownIn('docs'),
];

test('the flow of the README is the one that is run', () => {
  const [, shown] = /```yaml\n(.*?)```/s.exec(read('README.md')) ?? [];
  expect(shown).toBe(read('flows/production-access.yml'));
});

test('the examples of “Write a flow” can be written one after the other', () => {
  const steps = readExamples(read('docs/flows.md'));
  expect(steps.length).toBeGreaterThan(6);
  for (const { diagnostics } of steps) expect(diagnostics.map(printDiagnostic)).toEqual([]);
  expect(steps.at(-1)?.flows.get('deploy')).toMatchObject({
    danger: 'You are changing production. And it is Friday.',
    environment: 'Production',
    extend: { maxTotal: 4 * 3_600_000, times: 2 },
    approval: { decisionMessage: 'required' },
    access: {
      targets: [
        {
          label: 'The team production-access',
          settings: { organization: 'acme', team_slug: 'production-access' },
        },
      ],
    },
  });
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  test('links to what is there', () => {
    const broken = linksOf(text).filter(({ path, anchor }) => {
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('names files that are there', () => {
    const named = [...withoutBlocks(text).matchAll(/`((?:src|test|sandbox)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.filter((path) => !path.includes('NAME') && !existsSync(path))).toEqual([]);
  });

  test('names commands that there are', () => {
    const scripts: { readonly [name: string]: unknown } = JSON.parse(read('package.json')).scripts;
    const named = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);
    const promised = ['live-check', 'bench'];
    expect(named.filter((name) => !Object.hasOwn(scripts, name) && !promised.includes(name))).toEqual([]);
  });
});

test('every command of a comment is explained', () => {
  const page = read('docs/commands.md');
  for (const word of commandWords) expect(page).toContain(`\`/${word}`);
});

test('every production dependency is accounted for, and nothing else', () => {
  const listed = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  expect(listed).toEqual(Object.keys(JSON.parse(read('package.json')).dependencies));
});

test('every strategy has a page, with its least privilege and its limits', () => {
  for (const { type } of strategies) {
    const page = read(`docs/strategies/${type}.md`);
    for (const part of ['## Least privilege', '## Known limits', 'Seen live:']) expect(page).toContain(part);
  }
});

test('every kind of problem that operators are told of is explained', () => {
  const sections = read('docs/operating.md').split(/^### /m).slice(1);
  const explained = sections.filter((text) => text.includes('**Means:**') && text.includes('**Do:**'));
  const names = explained.map((text) => text.split('\n')[0] ?? '');
  for (const kind of Object.keys(problemKinds)) expect(names).toContain(kind);
  const [, page = ''] = read('docs/operating.md').split('## What the error issue says');
  const here = page.split(/^## /m)[0] ?? '';
  expect([...here.matchAll(/^### (.+)$/gm)].map(([, name]) => name).sort()).toEqual(
    Object.keys(problemKinds).sort(),
  );
});

test('every line of the log that operators are told of is one that the code says', () => {
  const [, rest = ''] = read('docs/operating.md').split('## What the log says');
  const told = [...(rest.split(/^##+ /m)[0] ?? '').matchAll(/^\d+\. `([^`]+)`/gm)].map(
    ([, line = '']) => line,
  );
  const code = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => read(join('src', file)))
    .join('\n');
  expect(told.length).toBeGreaterThan(10);
  expect(told.filter((line) => !code.includes(line))).toEqual([]);
});

test('the steps of setting up are numbered and called as doctor does it', () => {
  const steps = ([1, 2, 3, 4, 5, 6, 7] as const).map((step) => ({ step, name: 'x', findings: [ok('x')] }));
  const titles = printReport(steps).filter((line) => /^\d\./.test(line));
  const headings = [...read('docs/setting-up.md').matchAll(/^## (\d\..+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual([...titles, '8. The first grant']);
});

test('every decision says what it was about and what follows', () => {
  for (const page of markdownIn('docs/decisions'))
    for (const part of ['**Context.**', '**Decision.**', '**Consequences.**'])
      expect(read(page), page).toContain(part);
});

test('every variable that is read is in the reference', () => {
  const [, reading = ''] = read('src/app/settings.ts').split('export function readSettings');
  const known = variables.map(({ name }) => name);
  const named = [...reading.matchAll(/'([A-Z][A-Z_]+[A-Z])'/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

test('the words are in order, and each stands once', () => {
  const words = [...read('docs/glossary.md').matchAll(/^\| (\w[\w ]*?) +\|/gm)]
    .map(([, word = '']) => word)
    .slice(1);
  expect(words.length).toBeGreaterThan(20);
  expect(words).toEqual([...new Set(words)].sort());
});

/** The desk after each example: whole files, and parts that take the place of what was there. */
function readExamples(page: string): readonly Desk[] {
  const reader = createDeskReader(plugIns);
  const files = new Map<string, object>([
    ['flows/people.yml', { people: {} }],
    ['flows/countersign.yml', { version: 1, admins: ['role:member'] }],
  ]);
  const blocks = page.matchAll(/```yaml\n# (part of )?(flows\/[\w-]+\.yml)\n(.*?)```/gs);
  return [...blocks].map(([, part, path = '', text = '']) => {
    const before = part === undefined ? {} : files.get(path);
    if (before === undefined) throw new Error(`There is no ${path} that this could be a part of.`);
    files.set(path, { ...before, ...asMap(load(text)) });
    const written = [...files].map(([name, value]) => [name, new TextEncoder().encode(dump(value))] as const);
    return reader.readDesk(new Map(written), 'c0ffee');
  });
}

function asMap(value: unknown): object {
  if (typeof value !== 'object' || value === null) throw new Error('An example is no map.');
  return value;
}

interface Link {
  readonly path: string;
  readonly anchor: string | undefined;
}

/** Within this repository alone. */
function linksOf(text: string): readonly Link[] {
  return [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, address = '']) => address)
    .filter((address) => !/^[a-z]+:/.test(address))
    .map((address) => {
      const [path = '', anchor] = address.split('#');
      return { path, anchor };
    });
}

function anchorsOf(text: string): readonly string[] {
  return [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^ *```.*?^ *```$/gms, '');
}
