// Commands and envelopes for tests, with defaults.
import type { PersonCommand } from '../../src/domain/commands.ts';
import { account, type Instant, type RequestId } from '../../src/domain/names.ts';
import { keyOf, type Envelope } from '../../src/engine/ports.ts';
import { aDesk, anId, noon } from './request.ts';

export interface EnvelopeOptions {
  readonly request?: RequestId;
  /** The signed id of what was said. */
  readonly ref?: string;
  readonly by?: string;
  readonly type?: 'request' | 'approve' | 'deny' | 'revoke';
  readonly receivedAt?: Instant;
}

export function aCommand(options: EnvelopeOptions = {}): PersonCommand {
  const { by = 'bob', ref = 'comment-1', type = 'approve', receivedAt = noon } = options;
  const voice = {
    surface: 'github',
    account: account('github', `id-of-${by}`),
    name: by,
    ref,
    at: receivedAt,
  } as const;
  if (type !== 'request') return { type, voice };
  return { type, voice, desk: aDesk, flow: 'aws-power-user', form: { fields: {} } };
}

/** As it is handed to the store, which gives it its position. */
export function anEnvelope(options: EnvelopeOptions = {}): Omit<Envelope, 'position'> {
  const { request = anId(), receivedAt = noon } = options;
  const command = aCommand(options);
  return { key: keyOf(command.voice), request, receivedAt, command };
}
