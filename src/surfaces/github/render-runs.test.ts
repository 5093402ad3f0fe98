// What runs after an approval, on the card: all of it before, harmless, and what came of it after.
import { expect, test } from 'vitest';
import { renderRuns } from './render-runs.ts';

const run = {
  name: 'migrate',
  run: 'github-workflow',
  settings: [
    { name: 'workflow', text: 'acme/app/migrate.yml@main' },
    { name: 'inputs.why', text: '@everybody `x` <b>' },
  ],
  recorded: [],
} as const;

test('before it is approved, it says what will run, and what was typed is harmless', () => {
  expect(renderRuns({ runs: [{ ...run, state: 'planned' }], status: 'pending' }, 400)).toMatchInlineSnapshot(`
    "**What runs once it is approved**
    - ▫️ **migrate**, by \`github-workflow\`
      - workflow: \`acme/app/migrate.yml@main\`
      - inputs.why: \`\`@everybody \`x\` <b>\`\`"
  `);
});

test('afterwards it links to what came of it, and an odd address is no link', () => {
  const said = renderRuns(
    {
      runs: [
        { ...run, settings: [], state: 'finished', link: 'https://github.com/acme/app/actions/runs/1' },
        { ...run, settings: [], state: 'failed', through: 'gate (https://gate.acme.com)' },
        { ...run, settings: [], state: 'finished', link: 'javascript:alert(1)' },
      ],
      status: 'approved',
    },
    400,
  );
  expect(said).toContain(
    '✅ **migrate**, by `github-workflow`: <https://github.com/acme/app/actions/runs/1>',
  );
  expect(said).toContain('❌ **migrate**, by `github-workflow` through gate');
  expect(said).not.toContain('<javascript');
});
