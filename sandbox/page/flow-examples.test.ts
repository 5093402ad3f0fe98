import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { changedBy, flowExamples } from './flow-examples.ts';

test.each(flowExamples.map((example) => [example.label, example] as const))(
  '%s changes the flow that the sandbox begins with, once, and leaves it YAML',
  (_, example) => {
    const text = readFileSync(new URL(`../../${example.path}`, import.meta.url), 'utf8');
    const changed = changedBy(example, text);
    expect(changed).toContain(example.is);
    expect(load(changed ?? '')).not.toEqual(load(text));
    expect(changedBy(example, changed ?? '')).toBeUndefined();
  },
);
