// Every command of `countersign`, one line each.
import { auditVerify } from './audit-verify.ts';
import type { CliCommand } from './command.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { forms } from './forms.ts';
import { init } from './init/init.ts';
import { peopleAdd } from './people/add.ts';
import { peopleCheck } from './people/check.ts';
import { peopleLink } from './people/link.ts';
import { peopleList } from './people/list.ts';
import { peopleRole } from './people/role.ts';
import { schemas } from './schemas.ts';
import { setup } from './setup.ts';
import { standing } from './standing.ts';
import { test } from './test.ts';
import { tryOut } from './try.ts';
import { validate } from './validate.ts';

export const commands: readonly CliCommand[] = [
  init,
  setup,
  doctor,
  validate,
  test,
  explain,
  diff,
  forms,
  schemas,
  tryOut,
  standing,
  peopleList,
  peopleCheck,
  peopleLink,
  peopleAdd,
  peopleRole,
  auditVerify,
];
