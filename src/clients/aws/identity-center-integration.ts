// What an integration of type `aws` has to hold where IAM Identity Center is used, and whose account is whose there.
import type { FromSchema } from 'json-schema-to-ts';
import type { Service, WaysOut } from '../ways-out.ts';
import { awsIntegration } from './aws-integration.ts';

export const identityCenterIntegration = {
  ...awsIntegration,
  required: ['type', 'region', 'instance_arn', 'identity_store_id'],
} as const;

export type IdentityCenterIntegration = FromSchema<typeof identityCenterIntegration>;

/** Both strategies of IAM Identity Center give access to the same account. */
export function identityCenterUser(
  using: Pick<WaysOut, 'aws' | 'clock' | 'signal'>,
  integration: IdentityCenterIntegration,
  name: string | undefined,
): Service {
  return {
    key: 'aws-sso',
    name: 'AWS IAM Identity Center',
    wants: 'the id of the user in its identity store',
    ...(name !== undefined && { integration: name }),
    async match(email) {
      const { openIdentityStore } = await import('./identity-store.ts');
      return openIdentityStore({ using, integration }).userWith(email);
    },
  };
}
