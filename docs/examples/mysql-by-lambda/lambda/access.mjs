// What Countersign asks of MySQL: a role for somebody's own user, or a user for one request. The contract: docs/strategies/aws-lambda.md
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
    const rows = await query('SELECT 1 FROM mysql.role_edges WHERE FROM_USER = ? AND TO_USER = ?', [
      role,
      user,
    ]);
    return rows.length > 0;
  }

  function give(user, role) {
    return query("GRANT ?@'%' TO ?@'%'", [role, user]);
  }

  function takeAway(user, role) {
    return query("REVOKE ?@'%' FROM ?@'%'", [role, user]);
  }

  async function make(user, password, role) {
    await query("CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED BY ?", [user, password]);
    await query("ALTER USER ?@'%' IDENTIFIED BY ?", [user, password]);
    await give(user, role);
    await query("SET DEFAULT ROLE ?@'%' TO ?@'%'", [role, user]);
  }

  /** Nobody signs in any more, then nobody is signed in. */
  async function drop(user) {
    await query("DROP USER IF EXISTS ?@'%'", [user]);
    const open = await query('SELECT id FROM information_schema.processlist WHERE user = ?', [user]);
    for (const { id } of open) await query('KILL ?', [Number(id)]);
  }
}

const userOf = (request) => `tmp_${createHash('sha256').update(request).digest('hex').slice(0, 16)}`;
const no = (message) => ({ error: { message, transient: false } });
