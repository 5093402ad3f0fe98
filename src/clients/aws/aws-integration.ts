// What an integration of type `aws` holds: where to act, and as whom.
import type { FromSchema } from 'json-schema-to-ts';

export const awsIntegration = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'region'],
  properties: {
    type: { const: 'aws' },
    region: {
      type: 'string',
      pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$',
      wants: 'a region of AWS, such as eu-north-1',
      description: 'As in `eu-north-1`.',
    },
    role_arn: {
      type: 'string',
      pattern: '^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]{1,512}$',
      wants: 'the ARN of a role, such as arn:aws:iam::333333333333:role/countersign',
      description:
        'The role that is assumed, one that the operator lists for this desk in `COUNTERSIGN_AWS_ROLES`. Without it, the app acts as itself, which has to be listed as `own`.',
    },
    instance_arn: {
      type: 'string',
      pattern: '^arn:aws[a-z-]*:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}$',
      wants: 'the ARN of an instance of IAM Identity Center, arn:aws:sso:::instance/ssoins-…',
      description: 'IAM Identity Center: its instance, as `aws sso-admin list-instances` prints it.',
    },
    identity_store_id: {
      type: 'string',
      pattern: '^(d-[0-9a-f]{10}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$',
      wants: 'the id of an identity store, such as d-9067a1b2c3',
      description: 'IAM Identity Center: its identity store, printed beside the instance.',
    },
  },
} as const;

export type AwsIntegration = FromSchema<typeof awsIntegration>;
