// Fills `${{ secrets.NAME }}` in what an integration sends, each for its host, and fails where the operator granted none.
import { Failure } from '../engine/ports/failure.ts';
import type { WaysOut } from './ways-out.ts';

/** For the schema of an integration: a secret is named there, and never written. */
export const secretReference = {
  type: 'string',
  pattern: '^\\$\\{\\{\\s*secrets\\.[A-Z][A-Z0-9_]*\\s*\\}\\}$',
  wants: 'a secret of the operator by its name, ${{ secrets.NAME }}',
} as const;

const placeholder = /\$\{\{\s*secrets\.([A-Z][A-Z0-9_]*)\s*\}\}/g;

/** Throws `Failure`. What it gives is sent, and never shown, logged or kept. */
export async function withSecrets(
  text: string,
  host: string,
  using: Pick<WaysOut, 'secret'>,
): Promise<string> {
  const names = new Set([...text.matchAll(placeholder)].map(([, name = '']) => name));
  const values = new Map<string, string>();
  for (const name of names) {
    const value = await using.secret(name, host);
    if (value === undefined)
      throw new Failure(
        `The secret ${name} is not set, or is not granted to this desk for the host of the integration.`,
        { transient: false },
      );
    values.set(name, value);
  }
  return text.replace(placeholder, (_, name: string) => values.get(name) ?? '');
}
