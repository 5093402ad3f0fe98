// What Slack's libraries may log, which is nothing: their messages quote payloads and addresses. What matters is said by us.
import { LogLevel, type Logger } from '@slack/web-api';

const silent = (): void => undefined;

export const quietSlackLogger: Logger = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  setName: silent,
  getLevel: () => LogLevel.ERROR,
};
