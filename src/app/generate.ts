// Writes what is generated from the code, or says what is stale: `npm run generate`, `npm run generate -- --check`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { integrations } from '../clients/integrations.ts';
import { actionKinds } from '../actions/index.ts';
import { referenceFiles } from '../desk/reference/reference.ts';
import { optionSources } from '../prefetch/index.ts';
import { strategies } from '../strategies/index.ts';
import { configurationPage, slackManifestFiles } from './reference/configuration-page.ts';
import { entriesPage } from './reference/entries-page.ts';
import { insideSource } from './reference/inside-source.ts';
import { refusalsPage } from './reference/refusals-page.ts';

const isCheck = process.argv.includes('--check');
const stale: string[] = [];

const files = [
  ...referenceFiles({ strategies, integrations, actions: actionKinds, optionSources }),
  configurationPage(),
  ...slackManifestFiles(),
  refusalsPage(),
  entriesPage(),
  insideSource(),
];

for (const { path, content } of files) {
  const text = await format(content, { ...(await resolveConfig(path)), filepath: path });
  const isFresh = existsSync(path) && readFileSync(path, 'utf8') === text;
  if (isFresh) continue;
  stale.push(path);
  if (isCheck) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

if (stale.length > 0) console.log(`${isCheck ? 'Stale' : 'Written'}: ${stale.join(', ')}`);
if (isCheck && stale.length > 0) {
  console.log('Run `npm run generate` and commit what it writes.');
  process.exitCode = 1;
}
