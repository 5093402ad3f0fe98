// Step 6: does GitHub reach us, and how much may we still ask of it?
import { isNotFound, GitHubFailure } from '../../clients/github/failure.ts';
import type { GitHubApp, Installation } from '../../clients/github/github-app.ts';
import { webhookPath } from '../webhook-endpoint.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';

export async function addressFindings(github: Pick<GitHubApp, 'app'>): Promise<readonly Finding[]> {
  try {
    const { data } = await github.app().rest.apps.getWebhookConfigForApp();
    const { url = '', insecure_ssl, content_type } = data;
    if (url === '') return [noWebhook];
    const findings: Finding[] = [];
    if (!URL.canParse(url) || new URL(url).pathname !== webhookPath)
      findings.push(
        failure(
          `GitHub delivers to ${place(url)}`,
          `The address ends with ${webhookPath}: correct it on the app’s settings page.`,
        ),
      );
    if (content_type !== undefined && content_type !== 'json')
      findings.push(
        failure(
          'GitHub delivers forms',
          'Set the content type to application/json on the app’s settings page.',
        ),
      );
    if (insecure_ssl !== undefined && String(insecure_ssl) !== '0')
      findings.push(
        warning(
          'GitHub does not verify our certificate',
          'Enable SSL verification on the app’s settings page.',
        ),
      );
    if (findings.length === 0) findings.push(ok(`GitHub delivers to ${place(url)}`));
    return findings;
  } catch (error) {
    if (isNotFound(error)) return [noWebhook];
    if (error instanceof GitHubFailure && error.status === 403)
      return [skipped('GitHub does not let the app read its webhook’s address')];
    throw error;
  }
}

const noWebhook = failure(
  'the app has no webhook address',
  `Set it on the app’s settings page: https://YOUR-ADDRESS${webhookPath}.`,
);

/** An address may hold what is nobody’s business in its query. */
function place(url: string): string {
  return URL.canParse(url) ? `${new URL(url).origin}${new URL(url).pathname}` : 'what is no address';
}

export async function deliveryFindings(github: Pick<GitHubApp, 'app'>): Promise<readonly Finding[]> {
  const { data } = await github.app().rest.apps.listWebhookDeliveries({ per_page: 100 });
  const [latest] = data;
  if (latest === undefined)
    return [
      warning('GitHub has sent nothing in three days', 'Comment on an issue of the desk, and look again.'),
    ];
  const arrived = new Set(
    data.filter(({ status_code: code }) => code >= 200 && code < 300).map(({ guid }) => guid),
  );
  const lost = new Set(data.filter(({ guid }) => !arrived.has(guid)).map(({ guid }) => guid));
  const { status_code: code, status, delivered_at: at } = latest;
  if (!arrived.has(latest.guid))
    return [
      failure(
        `the latest delivery failed at ${at}: ${code > 0 ? code : status || 'no answer'}`,
        advice(code),
      ),
    ];
  if (lost.size > 0)
    return [
      warning(
        `the latest arrived; ${lost.size} of the last ${data.length} did not`,
        'Nothing has to be done: they are asked for again every five minutes while the app runs.',
      ),
    ];
  return [ok(`the last ${arrived.size} arrived`)];
}

function advice(code: number): string {
  if (code === 401)
    return 'WEBHOOK_SECRET is not the secret on the app’s settings page: set both to the same.';
  if (code === 404 || code === 405)
    return 'Something else answers at this address: check the proxy, and the path.';
  if (code >= 500 && code !== 502 && code !== 504)
    return 'The app could not take it: look into its log. It is asked for again once the app runs.';
  return 'Start the app, and check that the address leads to it over HTTPS from the internet.';
}

export async function limitFindings(installation: Installation): Promise<readonly Finding[]> {
  try {
    const { data } = await installation.at('read').rest.rateLimit.get();
    const { remaining, limit, reset } = data.resources.core;
    const says = `${remaining} of ${limit} requests are left`;
    return remaining * 10 >= limit
      ? [ok(says)]
      : [
          warning(
            `${says} until ${new Date(reset * 1000).toISOString()}`,
            'Look what else uses this installation’s requests. Ending access goes first.',
          ),
        ];
  } catch (error) {
    // GitHub Enterprise Server may have none.
    if (isNotFound(error)) return [ok('GitHub sets no limit')];
    throw error;
  }
}
