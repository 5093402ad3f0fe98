import { describe, expect, test } from 'vitest';
import { longestItem } from './change-words.ts';
import { contrast } from './contrast.ts';

const filler = (n: number): string =>
  Array.from({ length: n }, (_, index) => `fields.f${index} == "v${index}"`).join(' && ');

describe('two long texts are shown', () => {
  test('in every place where they differ', () => {
    const before = `fields.a == 1 && ${filler(40)}`;
    const { was, is } = contrast(before, `${before.replace('a == 1', 'a == 2')} || true`);
    expect(is).toContain('fields.a == 2');
    expect(is).toContain('|| true”');
    expect(is).not.toContain('further');
    expect(is.length + was.length).toBeLessThan(400);
  });

  test('with word of what is left out where there is too much', () => {
    const before = filler(60);
    const after = before.replaceAll('"v', '"w') + ' || true';
    const { is } = contrast(before, after);
    expect(is).toContain('|| true”');
    expect(is).toMatch(/and differs further/);
    expect(is.length).toBeLessThan(1000);
  });

  test('by the beginning and the end of a difference that is long itself', () => {
    const { is } = contrast('x', `x || ${'y'.repeat(5000)} || true`);
    expect(is).toContain('“x || y');
    expect(is).toContain('y || true” (and differs further)');
    expect(is.length).toBeLessThan(3 * longestItem);
  });

  test('at the character that differs in one long word', () => {
    const { was, is } = contrast(
      `${'y'.repeat(900)}a${'y'.repeat(900)}`,
      `${'y'.repeat(900)}b${'y'.repeat(900)}`,
    );
    expect(was).toBe('“…yyyyyyyyyyyyyyyyyyyyayyyyyyyyyyyyyyyyyyyy…”');
    expect(is).toContain('yb');
  });

  test('whatever their length, at once', () => {
    const { is } = contrast(filler(4000), filler(4000).split('').reverse().join(''));
    expect(is).toContain('and differs further');
  });
});
