// Exchanges the code that GitHub sends the browser back with for the app that was made: its id, its key, its secret.
import type { Fetch } from '../../clients/http/fetch.ts';

export interface MadeApp {
  readonly id: number;
  readonly slug: string;
  readonly htmlUrl: string;
  /** PEM. GitHub shows it this once. */
  readonly privateKey: string;
  /** Absent where the app has no webhook. */
  readonly webhookSecret?: string;
}

const patienceMs = 30_000;

/** Throws with a sentence that may be shown. Never sent twice: the code is good once. */
export async function convert(
  code: string,
  { fetch, baseUrl }: { readonly fetch: Fetch; readonly baseUrl: string },
): Promise<MadeApp> {
  const answer = await fetch(`${baseUrl}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: 'POST',
    headers: { accept: 'application/vnd.github+json', 'user-agent': 'countersign' },
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  }).catch(() => {
    throw new Error(`GitHub did not answer. ${again}`);
  });
  if (answer.status !== 201) throw new Error(`GitHub does not take the code (${answer.status}). ${again}`);
  const made = readMade(await answer.json().catch(() => undefined));
  if (made === undefined) throw new Error(`GitHub’s answer is not that of an app. ${again}`);
  return made;
}

const again =
  'The app may have been made: delete it in the settings of its owner under “GitHub Apps”, and begin this step again.';

function readMade(answer: unknown): MadeApp | undefined {
  const part = (name: string): unknown =>
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
  const [id, slug, htmlUrl, pem, secret] = ['id', 'slug', 'html_url', 'pem', 'webhook_secret'].map(part);
  if (
    typeof id !== 'number' ||
    typeof slug !== 'string' ||
    typeof htmlUrl !== 'string' ||
    typeof pem !== 'string'
  )
    return undefined;
  return { id, slug, htmlUrl, privateKey: pem, ...(typeof secret === 'string' && { webhookSecret: secret }) };
}
