// Secrets that lie in AWS Secrets Manager: asked for once a minute at the most, by one question at a time, and through an
// outage known as they were to whoever takes access back.
import { between, type Instant, type Milliseconds } from '../../domain/names.ts';
import { isAwsCode } from '../../clients/aws/aws-failure.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { withinTime } from '../../engine/time-limit.ts';
import type { AwsSource } from './secret-settings.ts';

export interface AwsSecrets {
  /** Throws `Failure`. */
  read(name: string, source: AwsSource, use: SecretUse): Promise<string>;
}

/** `ending`: to take access back, which an outage must not delay. */
export type SecretUse = 'ending' | 'other';

export interface AwsSecretsParts {
  readonly clock: Clock;
  /** Elsewhere than AWS: an emulator. */
  readonly endpoint?: string;
}

/** So long a rotated one may go unnoticed. */
const freshMs: Milliseconds = 60_000;
const patienceMs: Milliseconds = 8_000;

interface Known {
  readonly text: string;
  readonly at: Instant;
}

export function createAwsSecrets({ clock, endpoint }: AwsSecretsParts): AwsSecrets {
  const known = new Map<string, Known>();
  const underway = new Map<string, Promise<string>>();

  /** Whoever comes while it is asked waits for the same answer. */
  function ask(source: AwsSource): Promise<string> {
    const place = placeOf(source);
    const asked = underway.get(place) ?? fetchOnce(source).finally(() => underway.delete(place));
    underway.set(place, asked);
    return asked;
  }

  async function fetchOnce({ id, region }: AwsSource): Promise<string> {
    const at = clock.now();
    const text = await withinTime({ clock, ms: patienceMs, who: 'AWS Secrets Manager' }, async (signal) => {
      // Loaded where a secret lies there, so that nobody else pays for it.
      const { readAwsSecret } = await import('../../clients/aws/read-aws-secret.ts');
      return readAwsSecret({ id, region, ...(endpoint !== undefined && { endpoint }) }, signal);
    });
    known.set(placeOf({ id, region }), { text, at });
    return text;
  }

  async function textOf(name: string, source: AwsSource, use: SecretUse): Promise<string> {
    const last = known.get(placeOf(source));
    if (last !== undefined && between(last.at, clock.now()) < freshMs) return last.text;
    try {
      return await ask(source);
    } catch (error) {
      // A no is a no: whoever withdrew it meant that. Silence is none.
      if (!isOutage(error)) known.delete(placeOf(source));
      else if (use === 'ending' && last !== undefined) return last.text;
      throw ofSecret(error, name);
    }
  }

  return {
    async read(name, source, use) {
      return partOf(await textOf(name, source, use), name, source);
    },
  };
}

/** Also where it is us who lost what proves who we are. */
function isOutage(error: unknown): boolean {
  return (error instanceof Failure && error.transient) || isAwsCode(error, 'CredentialsProviderError');
}

/** Several secrets may lie in one place, and each is told to whoever asked for it. */
function ofSecret(error: unknown, name: string): unknown {
  if (!(error instanceof Failure)) return error;
  const { transient, retryAfter } = error;
  return new Failure(`The secret ${name} cannot be read. ${error.message}`, {
    transient,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** What one question answers, whichever of its keys are wanted. */
function placeOf({ region, id }: Pick<AwsSource, 'region' | 'id'>): string {
  return `${region} ${id}`;
}

function partOf(text: string, name: string, { key }: AwsSource): string {
  const value = key === undefined ? text : valueAt(parsed(text), key);
  if (typeof value === 'string' && value !== '') return value;
  const what = key === undefined ? 'is empty' : 'is no JSON object with a text under the key after the #';
  throw new Failure(`What COUNTERSIGN_SECRET_${name}_AWS names ${what}.`, { transient: false });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error would quote it.
    return undefined;
  }
}

function valueAt(read: unknown, key: string): unknown {
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return undefined;
  return Object.getOwnPropertyDescriptor(read, key)?.value;
}
