// Step 5: is what the operator set whole and well-formed? Names alone are shown, never a value.
import { readSettings, type Environment } from '../settings.ts';
import { isSlackName } from '../slack-settings.ts';
import { variables } from '../variables.ts';
import { failure, ok, type Check, type Finding } from './finding.ts';

export function settingsChecks(environment: Environment): readonly Check[] {
  return [
    { step: 5, name: 'Settings', look: async () => settingsFindings(environment) },
    { step: 5, name: 'Set', look: async () => [namesFinding(environment)] },
  ];
}

function settingsFindings(environment: Environment): readonly Finding[] {
  const read = readSettings(environment);
  if ('settings' in read) return [ok('each is well-formed, and nothing is missing')];
  if ('nothingSet' in read)
    return [failure('nothing is set', 'npm run setup makes the app and writes .env; docs/setting-up.md.')];
  return read.problems.map((problem) => {
    const [, what = problem, todo] = /^(.*?[.”])(?: (.*))?$/s.exec(problem) ?? [];
    return failure(what.replace(/\.$/, ''), todo ?? 'Correct it: docs/reference/configuration.md.');
  });
}

function namesFinding(environment: Environment): Finding {
  const fixed = new Set(variables.map(({ name }) => name));
  const names = Object.keys(environment)
    .filter((name) => (environment[name] ?? '').trim() !== '')
    .filter(
      (name) => fixed.has(name) || isSlackName(name) || /^COUNTERSIGN_SECRET_[A-Z][A-Z0-9_]*$/.test(name),
    )
    .sort();
  return ok(names.length === 0 ? 'none' : names.join(', '));
}
