import { expect, it } from 'vitest';
import { readIdentity } from './read-answers.ts';

it.each(['.', '..', '../ann', 'users/../admin', 'ann/.', '', ' ann', 'an\u202en', 'x'.repeat(256)])(
  'takes %j for no account',
  (account) => {
    expect(readIdentity({ account })).toEqual({
      unknown: 'It answered neither an account nor why there is none.',
    });
  },
);

it.each(['00u1', 'ann@acme.com', 'ann..o', '.ann', 'arn:aws:iam::333333333333:user/ann', 'u1/ann@acme.com'])(
  'takes %s for one',
  (account) => {
    expect(readIdentity({ account })).toEqual({ account });
  },
);
