// The function itself: `access.mjs` over one connection, as the function's own user. Bundle it with `mysql2`.
import mysql from 'mysql2/promise';
import { createAccess } from './access.mjs';

export async function handler(event) {
  const { MYSQL_HOST: host, MYSQL_USER: user, MYSQL_PASSWORD: password } = process.env;
  const connection = await mysql.createConnection({ host, user, password, ssl: {} });
  try {
    // `query` quotes each value itself, as a text: a user's name is one in MySQL.
    const access = createAccess(async (sql, values) => (await connection.query(sql, values))[0]);
    return await access(event);
  } finally {
    await connection.end();
  }
}
