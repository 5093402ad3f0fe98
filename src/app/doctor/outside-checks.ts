// The services that a desk's integrations lead to: may the desk act by the role that they name, and may it reach their hosts?
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { createGuard, type Resolve } from '../../clients/http/guarded-fetch.ts';
import type { Desk } from '../../desk/desk.ts';
import { secretPlaceOf } from '../../desk/secret-grants.ts';
import type { DeskId } from '../../domain/names.ts';
import { isRoleGranted } from '../aws-settings.ts';
import type { Settings } from '../settings.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

export function roleFindings(desk: Desk, id: DeskId, { aws, desks }: Settings): readonly Finding[] {
  const deskName = desks.find((each) => each.id === id)?.name ?? 'owner/name';
  const ofAws = [...(desk.settings?.integrations ?? [])].filter(([, { type }]) => type === 'aws');
  const refused = ofAws.flatMap(([name, { settings }]): readonly Finding[] => {
    const role = settings['role_arn'];
    const wanted = typeof role === 'string' ? role : 'own';
    if (isRoleGranted(aws, id, wanted)) return [];
    return [
      failure(
        role === undefined
          ? `the integration ${name} acts in AWS as the app itself, which this desk may not`
          : `the integration ${name} names a role of AWS that this desk may not assume`,
        `Add ${deskName}=${wanted} to COUNTERSIGN_AWS_ROLES, if that is meant.`,
      ),
    ];
  });
  if (refused.length > 0 || ofAws.length === 0) return refused;
  return [ok(`AWS by ${ofAws.map(([name]) => name).join(', ')}: the roles are listed`)];
}

/** A host that the operator redirects is reached where he says. */
export async function reachFindings(
  desk: Desk,
  { privateHosts, endpoints }: Settings,
  resolve: Resolve = lookup,
): Promise<readonly Finding[]> {
  const redirected = new Set(endpoints.map(({ from }) => new URL(from).host));
  const integrations = [...(desk.settings?.integrations ?? [])];
  const hosts = new Set(
    integrations
      .flatMap(([name, { settings }]) => secretPlaceOf(name, settings).hosts)
      .filter((host) => !redirected.has(host)),
  );
  const mayReach = createGuard(privateHosts);
  const findings = await Promise.all([...hosts].sort().map((host) => hostFinding(host, mayReach, resolve)));
  return findings.length === 0 ? [ok('none is named by an address')] : findings;
}

async function hostFinding(
  host: string,
  mayReach: (name: string, address: string) => boolean,
  resolve: Resolve,
): Promise<Finding> {
  const name = new URL(`https://${host}`).hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(name) === 0 ? await addressesOf(name, resolve) : [name];
  if (addresses.length === 0)
    return warning(
      `${name} has no address here`,
      'Correct it in flows/countersign.yml, or look at the DNS here.',
    );
  return addresses.every((address) => mayReach(name, address))
    ? ok(`${name} may be reached`)
    : failure(
        `${name} leads to this machine or its network, which a desk may not reach`,
        `Add ${name} to COUNTERSIGN_PRIVATE_HOSTS, if the desk is to reach it there.`,
      );
}

function addressesOf(name: string, resolve: Resolve): Promise<readonly string[]> {
  return new Promise((done) => {
    resolve(name, { all: true }, (error, found) => done(error ? [] : found.map(({ address }) => address)));
  });
}
