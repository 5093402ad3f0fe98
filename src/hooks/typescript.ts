// TypeScript, required and not imported: before it imports what is not a module, Node looks through all nine megabytes for names.
import { createRequire } from 'node:module';
import type TS from 'typescript';

export const ts: typeof TS = createRequire(import.meta.url)('typescript');
