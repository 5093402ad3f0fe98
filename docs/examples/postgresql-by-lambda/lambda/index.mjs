// The function itself: `access.mjs` over one connection, as the function's own user. Bundle it with `pg`.
import pg from 'pg';
import { createAccess } from './access.mjs';

export async function handler(event) {
  // PGHOST, PGDATABASE, PGUSER and PGPASSWORD are read by pg itself.
  const client = new pg.Client({ ssl: true });
  await client.connect();
  try {
    const access = createAccess(async (sql, values) => (await client.query(sql, values)).rows);
    return await access(event);
  } finally {
    await client.end();
  }
}
