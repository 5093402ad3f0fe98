// Every command of `countersign`, one line each.
import { auditVerify } from './audit-verify.ts';
import type { CliCommand } from './command.ts';
import { doctor } from './doctor.ts';
import { forms } from './forms.ts';
import { setup } from './setup.ts';

export const commands: readonly CliCommand[] = [setup, doctor, forms, auditVerify];
