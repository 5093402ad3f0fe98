// What the engine may ask of the ledger without knowing how entries look on disk.
import type { LedgerScribe } from '../engine/ports/ledger.ts';
import { writeBatch } from './batch.ts';
import { isEntryFile } from './layout.ts';

export const ledgerScribe: LedgerScribe = { write: writeBatch, isEntryFile };
