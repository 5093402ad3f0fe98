// The functions that the examples show: what they answer is in the contract, and what they are told breaks out of no statement.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

type Access = (event: object) => Promise<unknown>;
type Query = (sql: string, values?: readonly unknown[]) => Promise<readonly object[]>;

describe.each(['postgresql', 'mysql'])('the function for %s', (db) => {
  /** Its statements, with their values, over a database in which nobody has anything; or in which whatever is asked for is there. */
  async function said(
    event: object,
    rows: readonly object[] = [],
  ): Promise<{ answer: unknown; sql: string[] }> {
    const path = join(import.meta.dirname, `../docs/examples/${db}-by-lambda/lambda/access.mjs`);
    const { createAccess }: { readonly createAccess: (query: Query) => Access } = await import(path);
    const sql: string[] = [];
    const access = createAccess(async (statement, values = []) => {
      sql.push([statement, ...values].join(' | '));
      return rows;
    });
    return { answer: await access({ version: 1, account: 'ann_ortega', request: '01JD', ...event }), sql };
  }
  const role = { kind: 'role', role: 'orders_reader' };
  const temporary = { kind: 'temporary', role: 'orders_reader' };

  test('gives a role, takes it away, and says whether it is there', async () => {
    const { answer, sql } = await said({ operation: 'grant', payload: role });
    expect(answer).toEqual({ recorded: { role: 'orders_reader', user: 'ann_ortega' } });
    expect(sql.at(-1)).toMatch(/^GRANT .*orders_reader.*ann_ortega|^GRANT .*orders_reader . ann_ortega/);
    expect((await said({ operation: 'revoke', payload: role }, [{}])).sql.at(-1)).toContain('REVOKE');
    expect((await said({ operation: 'revoke', payload: role })).sql.join()).not.toContain('REVOKE');
    expect((await said({ operation: 'read', payload: role }, [{}])).answer).toEqual({ holds: true });
  });

  test('makes a user for one request: told again, the same with another password; and drops it', async () => {
    const grant = { operation: 'grant', payload: temporary };
    const [first, again] = [await said(grant), await said(grant)];
    expect(first.answer).toEqual({
      recorded: { role: 'orders_reader' },
      sealed: { user: expect.stringMatching(/^tmp_[0-9a-f]{16}$/) },
      handed_over: {
        user: expect.stringMatching(/^tmp_[0-9a-f]{16}$/),
        password: expect.stringMatching(/^[\w-]{32}$/),
      },
    });
    expect(again.answer).toMatchObject({ sealed: Reflect.get(Object(first.answer), 'sealed') });
    expect(again.answer).not.toEqual(first.answer);
    const revoke = { operation: 'revoke', payload: temporary };
    const { answer, sql } = await said(revoke, [{ id: 7 }]);
    expect(answer).toBeNull();
    expect(sql.join('\n')).toMatch(/DROP (ROLE|USER) IF EXISTS/);
  });

  test.each([
    ['another role', { operation: 'grant', payload: { ...role, role: 'postgres' } }],
    ['a user that is none', { operation: 'grant', payload: role, account: `x"; DROP ROLE max; --'` }],
    ['an end of somebody else', { operation: 'revoke', payload: temporary, sealed: { user: `tmp_'; --` } }],
    ['another version', { operation: 'grant', payload: role, version: 2 }],
  ])('refuses %s, and says nothing to the database', async (_, event) => {
    const { answer, sql } = await said(event);
    expect(answer).toMatchObject({ error: { transient: false } });
    expect(sql).toEqual([]);
  });
});
