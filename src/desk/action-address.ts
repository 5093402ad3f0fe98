// Where an integration leads: an approval is for there, and for nowhere else.
import type { Settings } from '../domain/flow.ts';

/** As people read it; undefined where nothing of it says so. */
export function addressOf(
  { leads = [] }: { readonly leads?: readonly string[] },
  integration: Settings,
): string | undefined {
  const said = leads.flatMap((name) => (name in integration ? [String(integration[name])] : []));
  return said.length === 0 ? undefined : said.join(' ');
}
