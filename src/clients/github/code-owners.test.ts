import { describe, expect, it } from 'vitest';
import { parseCodeOwners } from './code-owners.ts';

describe('a pattern of CODEOWNERS', () => {
  it.each([
    ['*', 'flows/a.yml', true],
    ['*', 'flows/deep/a.ts', true],
    ['*.yml', 'flows/deep/a.yml', true],
    ['*.yml', 'flows/a.ts', false],
    ['/flows/', 'flows/a.yml', true],
    ['/flows/', 'flows/deep/a.yml', true],
    ['/flows/', 'flows', false],
    ['/flows/', 'app/flows/a.yml', false],
    ['/flows', 'flows/a.yml', true],
    ['/flows', 'flows-old/a.yml', false],
    ['flows/', 'app/flows/a.yml', true],
    ['flows', 'app/flows/a.yml', true],
    ['/flows/*', 'flows/a.yml', true],
    ['/flows/*', 'flows/deep/a.yml', false],
    ['flows/*', 'app/flows/a.yml', false],
    ['/flows/**', 'flows/deep/a.yml', true],
    ['**/flows/', 'app/flows/a.yml', true],
    ['**/flows/', 'flows/a.yml', true],
    ['/app/**/flows', 'app/x/y/flows/a.yml', true],
    ['/app/**/flows', 'app/flows/a.yml', true],
    ['/app/**/flows', 'app/xflows/a.yml', false],
    ['/flow?/', 'flows/a.yml', true],
    ['/Flows/', 'flows/a.yml', false],
    ['/flows/a+b.yml', 'flows/a+b.yml', true],
    ['/flows/a.yml', 'flows/axyml', false],
    ['/my\\ flows/', 'my flows/a.yml', true],
  ])('%s on %s: %s', (pattern, path, matches) => {
    expect(parseCodeOwners(`${pattern} @acme/platform`).of(path)).toEqual(matches ? ['@acme/platform'] : []);
  });

  it('is read in linear time, whatever somebody writes', () => {
    const owners = parseCodeOwners(`${'*a'.repeat(60)}b @ann`);
    const before = process.hrtime.bigint();
    owners.of('a'.repeat(4000));
    expect(Number(process.hrtime.bigint() - before) / 1e6).toBeLessThan(1000);
  });
});

describe('several rules', () => {
  it('lets the last that matches count', () => {
    const owners = parseCodeOwners('* @ann\n/flows/ @bob cleo@acme.com # both\n');
    expect(owners.of('flows/a.yml')).toEqual(['@bob', 'cleo@acme.com']);
    expect(owners.of('README.md')).toEqual(['@ann']);
  });

  it('takes the owners away where the last that matches has none', () => {
    expect(parseCodeOwners('/flows/ @ann\n/flows/people.yml\n').of('flows/people.yml')).toEqual([]);
  });

  it.each([
    '# /flows/ @bob',
    '!/flows/ @bob',
    '/flow[s]/ @bob',
    '/flows/ bob',
    '/flows/ @bob, @cleo',
    '/flows/ @acme/..',
    '/flows/ @acme/.',
    '',
  ])('skips the line "%s", as GitHub does', (line) => {
    expect(parseCodeOwners(`/flows/ @ann\n${line}\n`).of('flows/a.yml')).toEqual(['@ann']);
  });
});
