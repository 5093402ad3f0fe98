// One call to IAM Identity Center's administration: in its turn, and told in our words. It loads AWS's client: import it where it is used.
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { Failure } from '../../engine/ports/failure.ts';
import { withinTime } from '../../engine/time-limit.ts';
import type { WaysOut } from '../ways-out.ts';
import { SsoPace, type Urgency } from './sso-pace.ts';
import { SsoWatch } from './sso-watch.ts';

export interface SsoParts {
  readonly using: Pick<WaysOut, 'clock' | 'signal' | 'aws'>;
  readonly integration: Parameters<WaysOut['aws']>[0] & { readonly instance_arn: string };
  readonly urgency: Exclude<Urgency, 'watch'>;
}

export interface SsoCaller {
  readonly instance: string;
  readonly watch: SsoWatch;
  /** `what` completes “AWS answered ConflictException to …”. */
  ask<T>(what: string, send: Send<T>, urgency?: Urgency): Promise<T>;
  /** The same for what begins work, which AWS may have no room for. */
  begin<T>(what: string, send: Send<T>): Promise<T>;
  /** Work that AWS does in its own time. */
  work<T>(account: string, run: () => Promise<T>): Promise<T>;
  /** Those who change the same permission set do so one by one. */
  inOrder<T>(permissionSet: string, run: () => Promise<T>): Promise<T>;
}

const requestMs = 15_000;

type Send<T> = (client: SSOAdminClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

export function createSsoCaller({ using, integration, urgency }: SsoParts): SsoCaller {
  const connection = using.aws(integration);
  const client = connection.client(SSOAdminClient);
  const pace = connection.client(SsoPace);
  /** One that hangs does not take all of the time that there is. */
  const once = <T>(what: string, send: Send<T>): Promise<T> =>
    withinTime({ ...using, ms: requestMs, who: 'IAM Identity Center' }, (signal) =>
      connection.call(what, ({ abortSignal }) =>
        send(client, { abortSignal: AbortSignal.any([abortSignal, signal]) }),
      ),
    );
  return {
    instance: integration.instance_arn,
    watch: connection.client(SsoWatch),
    ask: (what, send, how = urgency) => pace.request({ using, urgency: how }, () => once(what, send)),
    begin: (what, send) => pace.request({ using, urgency, begins: true }, () => once(what, send)),
    work: (account, run) => pace.work({ using, urgency }, account, run),
    inOrder: (permissionSet, run) => pace.inOrder(permissionSet, run),
  };
}

/** The reasons that AWS gives quote ids: only the status in them is told. */
export function workFailed(what: string, reason: string | undefined): Failure {
  const [, status] = /\b([45]\d\d) status/.exec(reason ?? '') ?? [];
  const isFinal = status !== undefined && /^4/.test(status) && !['408', '409', '429'].includes(status);
  return new Failure(
    `IAM Identity Center reports that ${what} failed${status === undefined ? '' : ` with ${status}`}.`,
    { transient: !isFinal },
  );
}
