// The environment as the app will see it: what is set, and where that lacks something the file `.env` beside it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './settings.ts';

export function withEnvFile(environment: Environment, folder: string): Environment {
  return { ...readEnvFile(folder), ...environment };
}

/** Empty where there is none. */
export function readEnvFile(folder: string): Environment {
  try {
    return parseEnv(readFileSync(join(folder, '.env'), 'utf8'));
  } catch {
    return {};
  }
}
