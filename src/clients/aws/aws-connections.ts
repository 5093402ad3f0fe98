// Connections to AWS: the app's own credentials, or a role that the operator lets this desk assume; one call, one try, in our words.
import type { Settings } from '../../domain/flow.ts';
import type { DeskId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { awsFailure } from './aws-failure.ts';

/** What the clients of the SDK are made with. */
export interface AwsClientSettings {
  readonly region: string;
  /** Elsewhere than AWS: an emulator. */
  readonly endpoint?: string;
  readonly credentials?: () => Promise<AwsCredentials>;
  /** One try: when it is tried again is ours to say. */
  readonly maxAttempts: 1;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface AwsConnection {
  readonly region: string;
  /** The same for everybody who acts by the same role in the same region: what its limits are counted by. */
  readonly key: string;
  /** A client of the SDK, made once for this connection: `connection.client(IAMClient)`. */
  client<C>(Client: new (settings: AwsClientSettings) => C): C;
  /**
   * One call. `what` completes “AWS answered ConflictException to …”. Throws `AwsFailure`, and `Failure` where it is too
   * late to call.
   */
  call<T>(what: string, send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>): Promise<T>;
}

export interface AwsParts {
  /** Elsewhere than AWS, for all its services. */
  readonly endpoint?: string;
  /** As whom the app itself acts; by default, as the SDK finds it where it runs. */
  readonly credentials?: () => Promise<AwsCredentials>;
  /** Whether the operator lets this desk act by this role; `own`: as the app itself. */
  isGranted(desk: DeskId, role: string): boolean;
}

export interface AwsBounds {
  readonly signal: AbortSignal;
  /** Throws where it is too late for another call. */
  readonly demandInTime: () => void;
}

export interface AwsConnections {
  of(desk: DeskId, integration: Settings, bounds: AwsBounds): AwsConnection;
}

/** The role has to trust us under this id, so that no other desk can be led to use it (the “confused deputy”). */
export function externalId(desk: DeskId): string {
  return `countersign:${desk}`;
}

export function createAwsConnections({ endpoint, credentials, isGranted }: AwsParts): AwsConnections {
  const made = new Map<string, Clients>();

  /** Kept: each has connections and credentials of its own. */
  function clientsOf(key: string, settings: () => AwsClientSettings): Clients {
    const known = made.get(key) ?? createClients(settings());
    made.set(key, known);
    return known;
  }

  return {
    of(desk, integration, { signal, demandInTime }) {
      const region = String(integration['region']);
      const written = integration['role_arn'];
      const role = typeof written === 'string' ? written : undefined;
      if (!isGranted(desk, role ?? 'own')) throw new Failure(notGranted(role), { transient: false });
      const key = `${role === undefined ? 'own' : `${desk} ${role}`} ${region}`;
      const clients = clientsOf(key, () => {
        const common = {
          region,
          maxAttempts: 1,
          ...(endpoint !== undefined && { endpoint }),
          ...(credentials && { credentials }),
        } as const;
        return role === undefined ? common : { ...common, credentials: () => assume(role, desk, common) };
      });
      return {
        region,
        key,
        client: clients,
        async call(what, send) {
          demandInTime();
          try {
            return await send({ abortSignal: signal });
          } catch (error) {
            throw awsFailure(error, what);
          }
        },
      };
    },
  };
}

type Clients = AwsConnection['client'];

function createClients(settings: AwsClientSettings): Clients {
  const clients = new Map<unknown, unknown>();
  return (Client) => {
    const known = clients.get(Client);
    if (known instanceof Client) return known;
    const client = new Client(settings);
    clients.set(Client, client);
    return client;
  };
}

/** The clients of the SDK keep what it gives until shortly before it expires. */
async function assume(role: string, desk: DeskId, settings: AwsClientSettings): Promise<AwsCredentials> {
  // Loaded where AWS is used, so that nobody else pays for it.
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(settings);
  try {
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: role,
        ExternalId: externalId(desk),
        RoleSessionName: `countersign-${desk.replace(/[^\w=,.@-]/g, '-')}`,
      }),
    );
    if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined)
      throw new Failure('AWS gave no credentials for the role of the integration.', { transient: true });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given;
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken !== undefined && { sessionToken: SessionToken }),
      ...(Expiration !== undefined && { expiration: Expiration }),
    };
  } catch (error) {
    throw awsFailure(error, 'assuming the role of the integration');
  } finally {
    sts.destroy();
  }
}

function notGranted(role: string | undefined): string {
  return role === undefined
    ? 'The operator does not let this desk act in AWS as the app itself: `own` is not listed for it in COUNTERSIGN_AWS_ROLES.'
    : 'The operator does not let this desk assume the role of the integration: it is not listed for it in COUNTERSIGN_AWS_ROLES.';
}
