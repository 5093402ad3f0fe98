// AWS as one HTTP endpoint, as an emulator is: requests are told apart by the service that they are signed for.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AwsAnswer, AwsRequest, AwsService, CallContext } from './aws-service.ts';
import { createIam, type Iam } from './iam.ts';
import { createIdentities, type Identities } from './identities.ts';
import { createIdentityStore, type IdentityStore } from './identity-store.ts';
import { createLambda, type Lambda } from './lambda.ts';
import { AwsProblem } from './problem.ts';
import { demandSignature, readSignature, type Signed } from './signature.ts';
import { createSecretsManager, type SecretsManager } from './secrets-manager.ts';
import { createSsoAdmin, type SsoAdmin } from './sso-admin.ts';
import type { SsoOptions } from './sso-state.ts';
import { sts } from './sts.ts';
import { createTroubles, type Troubles } from './trouble.ts';

export interface AwsOptions {
  /** The time in which it lives; by default the machine's. */
  readonly now?: () => Date;
  /** How long an answer takes, on the machine's clock. */
  readonly latencyMs?: number;
  readonly port?: number;
  /** Of IAM Identity Center and its store. */
  readonly sso?: Partial<Omit<SsoOptions, 'store' | 'now'>>;
}

/** A call that was answered, or that found trouble. */
export interface AwsCall {
  readonly service: string;
  readonly operation: string;
  readonly caller: string;
  readonly at: Date;
  /** The name of the error where it was refused. */
  readonly error?: string;
}

export interface Aws {
  readonly url: string;
  readonly identities: Identities;
  readonly troubles: Troubles;
  readonly iam: Iam;
  readonly lambda: Lambda;
  readonly secretsManager: SecretsManager;
  readonly store: IdentityStore;
  readonly sso: SsoAdmin;
  /** What reached it, in order. */
  readonly calls: readonly AwsCall[];
  /** What it does not know: a test that leaves any has found a gap, in us or in the double. */
  readonly unknown: readonly string[];
  stop(): Promise<void>;
}

export async function startAws({
  now = () => new Date(),
  latencyMs = 0,
  port = 0,
  sso: ssoOptions = {},
}: AwsOptions = {}): Promise<Aws> {
  const identities = createIdentities();
  const troubles = createTroubles();
  const store = createIdentityStore({ id: 'd-1234567890', now, ...ssoOptions });
  const sso = createSsoAdmin({
    instanceArn: 'arn:aws:sso:::instance/ssoins-1111111111111111',
    accounts: [],
    store,
    now,
    ...ssoOptions,
  });
  const calls: AwsCall[] = [];
  const unknown: string[] = [];
  // One line a service; each in a file of its own.
  const secretsManager = createSecretsManager();
  const iam = createIam();
  const lambda = createLambda();
  const services: readonly AwsService[] = [
    sts(identities),
    iam.service,
    lambda.service,
    secretsManager.service,
    sso.service,
    store.service,
  ];

  const server = createServer((incoming, outgoing) => {
    void respond(incoming, outgoing).catch((error: unknown) => {
      unknown.push(`A mistake of the double: ${String(error)}`);
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    });
  });

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await read(incoming);
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const signed = readSignature(request);
    const service = services.find(({ signingName }) => signingName === signed?.service);
    const operation = service?.operationOf(request);
    if (signed === undefined || service === undefined || operation === undefined) {
      unknown.push(
        `${request.method} ${request.path} ${request.headers['x-amz-target'] ?? request.body.slice(0, 80)}`,
      );
      return send(outgoing, refusalOfTheUnknown(signed));
    }
    const trouble = troubles.strike(service.signingName, operation, request.body);
    if (trouble?.kind === 'hang') return;
    if (trouble?.kind === 'reset') return void incoming.socket.destroy();
    const asked = { request, signed, service, operation };
    const answer = trouble?.kind === 'error' ? troubled(asked, trouble) : await perform(asked);
    if (trouble?.kind === 'answer-lost') return void incoming.socket.destroy();
    send(outgoing, answer);
  }

  async function perform({ request, signed, service, operation }: Asked): Promise<AwsAnswer> {
    const requestId = randomUUID();
    let caller = signed.accessKeyId;
    const note = (error?: AwsProblem): void => {
      calls.push({
        service: service.signingName,
        operation,
        caller,
        at: now(),
        ...(error && { error: error.code }),
      });
    };
    try {
      const holder = identities.holder(signed.accessKeyId, request.headers['x-amz-security-token']);
      caller = holder.arn;
      demandSignature(request, signed, holder.keys.secretAccessKey);
      const { arn, account } = holder;
      const demand: CallContext['demand'] = (action, resources = ['*']) => {
        for (const resource of resources)
          if (!identities.isAllowed(holder, action, resource))
            throw accessDenied(service, arn, action, resource);
      };
      const context = { caller: { arn, account }, region: signed.region, requestId, now, demand };
      const answer = await service.serve(request, context);
      note();
      return answer;
    } catch (error) {
      if (!(error instanceof AwsProblem)) throw error;
      note(error);
      return service.refuse(error, requestId);
    }
  }

  function troubled(
    { signed, service, operation }: Asked,
    { status, code }: { status: number; code: string },
  ): AwsAnswer {
    calls.push({
      service: service.signingName,
      operation,
      caller: signed.accessKeyId,
      at: now(),
      error: code,
    });
    return service.refuse(new AwsProblem(status, code, 'As the test asked'), randomUUID());
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
    identities,
    troubles,
    iam,
    lambda,
    secretsManager,
    store,
    sso,
    calls,
    unknown,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Asked {
  readonly request: AwsRequest;
  readonly signed: Signed;
  readonly service: AwsService;
  readonly operation: string;
}

/** JSON services and the older ones name it differently. */
function accessDenied(
  { signingName }: AwsService,
  arn: string,
  action: string,
  resource: string,
): AwsProblem {
  const message = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}`;
  return ['iam', 'sts'].includes(signingName)
    ? new AwsProblem(403, 'AccessDenied', message)
    : new AwsProblem(400, 'AccessDeniedException', message);
}

function refusalOfTheUnknown(signed: Signed | undefined): AwsAnswer {
  const code = signed === undefined ? 'MissingAuthenticationTokenException' : 'UnknownOperationException';
  return {
    status: signed === undefined ? 403 : 400,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify({ __type: code, message: 'The double does not know this.' }),
  };
}

async function read(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ''].flat().join(',')]),
  );
  return { method: incoming.method ?? 'GET', path, query, headers, body: Buffer.concat(chunks).toString() };
}

function send(outgoing: ServerResponse, { status, headers, body }: AwsAnswer): void {
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}
