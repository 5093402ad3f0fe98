// Commands and envelopes for tests, with defaults.
import type { PersonCommand, Voice } from '../../src/domain/commands.ts';
import { account, type Instant, type RequestId } from '../../src/domain/names.ts';
import { keyOf, type Envelope } from '../../src/engine/ports/store.ts';
import { aDesk, anId, noon } from './request.ts';

export interface EnvelopeOptions {
  readonly request?: RequestId;
  /** The signed id of what was said. */
  readonly ref?: string;
  readonly by?: string;
  readonly type?: 'request' | 'approve' | 'deny' | 'revoke';
  readonly receivedAt?: Instant;
}

/** A comment on GitHub. */
export function aVoice({
  by = 'bob',
  ref = 'comment-1',
  receivedAt: at = noon,
}: Pick<EnvelopeOptions, 'by' | 'ref' | 'receivedAt'> = {}): Voice {
  return { surface: 'github', account: account('github', `id-of-${by}`), name: by, ref, at };
}

export function aCommand(options: EnvelopeOptions = {}): PersonCommand {
  const { type = 'approve' } = options;
  const voice = aVoice(options);
  if (type !== 'request') return { type, voice };
  return { type, voice, desk: aDesk, flow: 'aws-power-user', form: { fields: {} } };
}

/** As it is handed to the store, which gives it its position. */
export function anEnvelope(options: EnvelopeOptions = {}): Omit<Envelope, 'position'> {
  const { request = anId(), receivedAt = noon } = options;
  const command = aCommand(options);
  return { key: keyOf(command.voice), request, receivedAt, command };
}
