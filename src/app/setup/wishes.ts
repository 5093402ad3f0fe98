// Looks at what people type into setup's form, and makes the manifest of an app of it.
import { webhookPath } from '../webhook-endpoint.ts';
import type { AppManifest } from '../app-manifest.ts';

export interface Wishes {
  /** Empty: the app belongs to the account of whoever presses the button. */
  readonly organization: string;
  /** Empty: github.com. */
  readonly host: string;
  /** Where webhooks reach this app. */
  readonly address: string;
}

/** Sentences for what is wrong. */
export function wishProblems({ organization, host, address }: Wishes): readonly string[] {
  const problems: string[] = [];
  if (!/^([A-Za-z0-9](-?[A-Za-z0-9]){0,38})?$/.test(organization))
    problems.push('The organisation is its name in addresses, such as acme: letters, digits and dashes.');
  if (!/^([\w.-]+(:[0-9]+)?)?$/.test(host))
    problems.push('The host of GitHub Enterprise Server is its name alone, such as github.acme.com.');
  problems.push(...addressProblems(address, host === '' ? 'github.com' : undefined));
  return problems;
}

/** Where somebody is to reach us; `whom` is on the internet, and reaches public addresses alone. */
export function addressProblems(address: string, whom: string | undefined): readonly string[] {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isHttp = url !== undefined && ['http:', 'https:'].includes(url.protocol);
  if (url === undefined || !isHttp || url.search || url.hash || url.username)
    return ['The public address is a whole one, such as https://countersign.acme.com.'];
  if (whom !== undefined && (url.protocol !== 'https:' || isPrivate(url.hostname)))
    return [
      `${whom} reaches public addresses over HTTPS alone. A tunnel gives you one for now: see docs/setting-up.md.`,
    ];
  return [];
}

function isPrivate(hostname: string): boolean {
  return (
    !hostname.includes('.') ||
    hostname.startsWith('[') ||
    /\.(local|internal|localhost)$/.test(hostname) ||
    /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(hostname)
  );
}

/** GitHub’s own limit. */
const longestName = 34;

/** What GitHub is sent. `back` is where it sends the browser with the code. */
export function manifestOf(
  app: AppManifest,
  {
    organization,
    address,
    back,
  }: Pick<Wishes, 'organization'> & { readonly address?: string; readonly back: string },
): object {
  // Names are shared by all of GitHub; whoever presses the button may still change it there.
  const name = organization === '' ? app.name : `${app.name} ${organization}`;
  return {
    name: name.length > longestName ? app.name : name,
    url: app.url,
    description: app.description,
    public: false,
    redirect_url: back,
    ...(address !== undefined && { hook_attributes: { url: webhookUrlOf(address), active: true } }),
    default_permissions: app.permissions,
    ...(app.events.length > 0 && { default_events: app.events }),
  };
}

export function webhookUrlOf(address: string): string {
  const plain = address.replace(/\/+$/, '');
  return plain.endsWith(webhookPath) ? plain : `${plain}${webhookPath}`;
}
