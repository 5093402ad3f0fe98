// The real clock, chance and log: what is injected everywhere else as a port.
import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { Logger } from 'probot';
import { instant } from '../domain/names.ts';
import type { Clock, Ids } from '../engine/ports/clock.ts';
import type { Log } from '../engine/ports/log.ts';

export const systemClock: Clock = {
  now: () => instant(Date.now()),
  async sleep(ms, signal) {
    try {
      await after(ms, undefined, signal ? { signal } : {});
    } catch {
      // Woken early, which is what the signal is for.
    }
  },
};

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** ULIDs: 48 bits of time, 80 of chance; those of one millisecond count on from the first. */
export function createIds(): Ids {
  let last = 0n;
  return {
    mint(at) {
      const fresh = (BigInt(Date.parse(at)) << 80n) | BigInt(`0x${randomBytes(10).toString('hex')}`);
      last = fresh >> 80n > last >> 80n ? fresh : last + 1n;
      let text = '';
      for (let rest = last; text.length < 26; rest >>= 5n) text = `${alphabet[Number(rest & 31n)]}${text}`;
      return text;
    },
  };
}

export function logOf(logger: Pick<Logger, 'info' | 'warn' | 'error'>): Log {
  return {
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}
