// The log of the container image: a line of JSON each, by Probot's own logger, without its detour over a text that is read again.
import { destination, pino, stdTimeFunctions, type Logger } from 'pino';

/** Written beside the work: nobody waits for a pipe. What is left at an end is written before the process goes. */
export function createJsonLog(level: string): Logger {
  return pino(
    {
      level,
      // Whoever collects lines knows the machine and the process.
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ dest: 1, sync: false }),
  );
}
