// Which Countersign this is.
import { readFileSync } from 'node:fs';

/** As the package says. */
export function ownVersion(): string {
  const read: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : '0.0.0';
}
