import { expect, test } from 'vitest';
import { renderMarkdown } from './markdown.ts';

test('shows an alert as GitHub does', () => {
  expect(renderMarkdown('> [!CAUTION]\n> Mind the gap.')).toContain(
    '<p class="alert-title">Caution</p><p>Mind the gap.</p>',
  );
});

test('takes scripts and comments out', () => {
  expect(renderMarkdown('a<script>alert(1)</script> <!-- hidden --> b')).not.toMatch(/script|hidden/);
});

test('links mentions in text and leaves them alone in code', () => {
  expect(renderMarkdown('@acme/data and `@acme/data`')).toMatch(/class="mention".*<code>@acme\/data<\/code>/);
});
