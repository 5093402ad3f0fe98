// What code may answer in the place of YAML, besides steps: whether somebody may ask, and whose account it is.
import type { Unknown } from '../domain/facts.ts';
import type { Availability, CodeIdentity } from '../domain/hooks.ts';
import type { Json } from '../sdk/json.ts';
import { isObject, textIn } from './read-object.ts';

export function readAvailability(answer: Json | undefined): Availability | Unknown {
  if (answer === true) return 'open';
  const why = answer !== undefined && isObject(answer) ? textIn(answer, 'why') : undefined;
  return why === undefined ? { unknown: 'It answered neither true nor why not.' } : { why };
}

/** Addresses are made of it: it leads to no other place than one of its own. */
const climbs = /(?:^|\/)\.{1,2}(?:\/|$)/;
/** Ids have no spaces at their ends, and nothing in them that cannot be seen. */
const accountForm = /^[^\s\p{C}](?:[^\p{C}]{0,253}[^\s\p{C}])?$/u;

export function readIdentity(answer: Json | undefined): CodeIdentity | Unknown {
  if (answer === undefined || answer === null) return 'unanswered';
  if (!isObject(answer)) return noAccount;
  const { account } = answer;
  if (typeof account === 'string' && accountForm.test(account) && !climbs.test(account)) return { account };
  const missing = account === undefined ? textIn(answer, 'missing') : undefined;
  return missing === undefined ? noAccount : { missing };
}

const noAccount: Unknown = { unknown: 'It answered neither an account nor why there is none.' };
