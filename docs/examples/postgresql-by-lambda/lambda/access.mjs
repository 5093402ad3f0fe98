// What Countersign asks of PostgreSQL: a role for somebody's own user, or a user for one request. The contract: docs/strategies/aws-lambda.md
import { createHash, randomBytes } from 'node:crypto';

/** Whoever may change the desk's files writes the payload: nothing else is ever given. */
const rolesToGive = ['orders_reader'];

/** `query(sql, values)` runs one statement and gives its rows. */
export function createAccess(query) {
  return async function access({ version, operation, account, payload, request, sealed }) {
    if (version !== 1) return no('This function knows version 1.');
    const { kind, role } = payload;
    if (!rolesToGive.includes(role)) return no('This role is not given here.');
    if (kind === 'temporary') return temporary(operation, { role, request, sealed });
    if (kind !== 'role' || !/^[a-z][a-z0-9_]{0,31}$/.test(account)) return no('This user is not known here.');
    if (operation === 'read') return { holds: await holds(account, role) };
    const isHeld = await holds(account, role);
    if (operation === 'grant' && !isHeld) await give(account, role);
    if (operation === 'revoke' && isHeld) await takeAway(account, role);
    return operation === 'grant' ? { recorded: { role, user: account } } : null;
  };

  /** Told again, it is the same user with a new password: an answer that was lost is worth nothing. */
  async function temporary(operation, { role, request, sealed }) {
    if (operation === 'grant') {
      const user = userOf(request);
      const password = randomBytes(24).toString('base64url');
      await make(user, password, role);
      return { recorded: { role }, sealed: { user }, handed_over: { user, password } };
    }
    // Where the answer to the grant was lost, nothing came back sealed: the name follows from the request.
    const user = sealed?.user ?? userOf(request);
    if (operation !== 'revoke' || !/^tmp_[0-9a-f]{16}$/.test(user)) return no('This is not done here.');
    await drop(user);
    return null;
  }

  async function holds(user, role) {
    const rows = await query(
      `SELECT 1 FROM pg_auth_members m
         JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
        WHERE r.rolname = $1 AND u.rolname = $2`,
      [role, user],
    );
    return rows.length > 0;
  }

  function give(user, role) {
    return query(`GRANT ${name(role)} TO ${name(user)}`);
  }

  function takeAway(user, role) {
    return query(`REVOKE ${name(role)} FROM ${name(user)}`);
  }

  async function make(user, password, role) {
    const verb = (await isThere(user)) ? 'ALTER' : 'CREATE';
    await query(`${verb} ROLE ${name(user)} LOGIN PASSWORD ${text(password)}`);
    if (!(await holds(user, role))) await give(user, role);
  }

  /** Nobody signs in any more, then nobody is signed in, then there is nobody. */
  async function drop(user) {
    if (!(await isThere(user))) return;
    await query(`ALTER ROLE ${name(user)} NOLOGIN`);
    await query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [user]);
    await query(`DROP ROLE IF EXISTS ${name(user)}`);
  }

  async function isThere(user) {
    return (await query('SELECT 1 FROM pg_roles WHERE rolname = $1', [user])).length > 0;
  }
}

/** Statements that make roles take no parameters: what is put into them is quoted as PostgreSQL wants it. */
const name = (identifier) => `"${identifier.replaceAll('"', '""')}"`;
const text = (literal) => `'${literal.replaceAll("'", "''")}'`;
const userOf = (request) => `tmp_${createHash('sha256').update(request).digest('hex').slice(0, 16)}`;
const no = (message) => ({ error: { message, transient: false } });
