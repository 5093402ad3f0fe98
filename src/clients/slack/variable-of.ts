// The variable of a connection, by the connection's name: for reading it, and for naming it where it is wrong.

/** `SLACK_BOT_TOKEN`, or `SLACK_BOT_TOKEN_BIG_CUSTOMER` of the connection `big-customer`. */
export function variableOf(variable: string, name: string): string {
  return name === '' ? variable : `${variable}_${name.toUpperCase().replaceAll('-', '_')}`;
}
