// AWS Security Token Service: a role is assumed by those whom it trusts, under the external id that it asks for.
import type { AwsService } from './aws-service.ts';
import type { Identities } from './identities.ts';
import { isAllowed } from './policy.ts';
import { AwsProblem } from './problem.ts';
import { formOf, queryService } from './query-protocol.ts';

export function sts(identities: Identities): AwsService {
  return queryService({
    signingName: 'sts',
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: {
      GetCallerIdentity(form, { caller }) {
        formOf(form, {});
        return { Arn: caller.arn, UserId: caller.account, Account: caller.account };
      },
      AssumeRole(form, { caller, demand }) {
        const get = formOf(form, {
          required: ['RoleArn', 'RoleSessionName'],
          optional: ['ExternalId', 'DurationSeconds'],
        });
        const name = get('RoleSessionName');
        if (!/^[\w+=,.@-]{2,64}$/.test(name))
          throw new AwsProblem(400, 'ValidationError', `Value '${name}' at 'roleSessionName' is not valid`);
        const seconds = Number(get('DurationSeconds') || 3600);
        if (!(seconds >= 900 && seconds <= 43_200))
          throw new AwsProblem(
            400,
            'ValidationError',
            `Value '${seconds}' at 'durationSeconds' is not valid`,
          );
        const arn = get('RoleArn');
        demand('sts:AssumeRole', [arn]);
        const role = identities.role(arn);
        const keys: Record<string, string> = get('ExternalId') ? { 'sts:ExternalId': get('ExternalId') } : {};
        const isTrusted =
          role !== undefined &&
          isAllowed(
            [
              {
                ...role.trust,
                Statement: role.trust.Statement.filter((each) => trusts(each.Principal, caller.arn)),
              },
            ],
            { action: 'sts:AssumeRole', resource: arn, keys },
          );
        if (!isTrusted)
          throw new AwsProblem(
            403,
            'AccessDenied',
            `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
          );
        const given = identities.openSession(role, { name, seconds });
        return {
          AssumedRoleUser: {
            AssumedRoleId: `AROAEXAMPLE:${name}`,
            Arn: `arn:aws:sts::${arn.split(':')[4]}:assumed-role/${arn.split('/').at(-1)}/${name}`,
          },
          Credentials: {
            AccessKeyId: given.accessKeyId,
            SecretAccessKey: given.secretAccessKey,
            SessionToken: given.sessionToken,
            Expiration: given.expiration,
          },
        };
      },
    },
  });
}

/** A principal is written as `{ "AWS": ARN }`; an account's root stands for all of the account. */
function trusts(principal: unknown, arn: string): boolean {
  if (typeof principal !== 'object' || principal === null || !('AWS' in principal)) return false;
  const { AWS: named } = principal;
  const account = arn.split(':')[4];
  return [named]
    .flat()
    .some((each) => each === arn || each === `arn:aws:iam::${account}:root` || each === account);
}
