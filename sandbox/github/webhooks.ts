// Sends each change to the apps that subscribe to it, signed, once, and keeps what came of it for the deliveries API.
import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { simpleOrganization, simpleUser } from './bodies/account.ts';
import { installationLite } from './bodies/app.ts';
import { repository as repositoryBody } from './bodies/repository.ts';
import type { Faults } from '../faults.ts';
import type { Announcement, GitHub } from './github.ts';
import { notFound } from './problem.ts';
import type { AppRow, DeliveryRow, InstallationRow, OutcomeRow } from './rows.ts';

const TIMEOUT_MS = 10_000;
const KEPT_MS = 3 * 24 * 3600 * 1000;
const LONGEST_KEPT_ANSWER = 64 * 1024;

export class Webhooks {
  readonly #github: GitHub;
  readonly #faults: Faults;
  readonly #urls = new Map<number, string>();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #listeners = new Set<() => void>();
  #held: DeliveryRow | null = null;
  #sent = 0;

  constructor(github: GitHub, faults: Faults) {
    this.#github = github;
    this.#faults = faults;
    github.onAnnouncement((announcement) => this.#announced(announcement));
  }

  /** Where an app wants its webhooks; null switches them off. */
  setUrl(app: AppRow, url: string | null): void {
    if (url === null) this.#urls.delete(app.id);
    else this.#urls.set(app.id, url);
  }

  urlOf(app: AppRow): string | undefined {
    return this.#urls.get(app.id);
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  get pending(): number {
    return this.#inFlight.size + (this.#held ? 1 : 0);
  }

  /** Resolves when nothing is on its way any more. A delivery held back for reordering is let go. */
  async settled(): Promise<void> {
    while (this.pending > 0) {
      this.#releaseHeld();
      await Promise.all(this.#inFlight);
    }
  }

  /** Sends again what was accepted but never sent, because the process ended in between. */
  resume(): void {
    for (const app of this.#github.state.apps.all())
      if (app.hook_url !== undefined && !this.#urls.has(app.id)) this.setUrl(app, app.hook_url);
    for (const row of this.#github.state.deliveries.all()) {
      if (!this.#github.state.outcomes.get(row.id)) this.#start(row);
    }
  }

  redeliver(app: AppRow, id: number): DeliveryRow {
    const original = this.find(app, id);
    const row = this.#github.state.deliveries.put({
      ...original,
      id: this.#github.state.nextId('delivery'),
      redelivery: true,
      delivered_at: this.#github.now().toISOString(),
    });
    this.#start(row);
    return row;
  }

  find(app: AppRow, id: number): DeliveryRow {
    const row = this.#github.state.deliveries.get(id);
    if (!row || row.app_id !== app.id) throw notFound();
    return row;
  }

  /** Newest first. */
  list(app: AppRow): DeliveryRow[] {
    const oldest = this.#github.now().getTime() - KEPT_MS;
    return this.#github.state.deliveries
      .in(app.id)
      .filter((row) => Date.parse(row.delivered_at) >= oldest)
      .sort((a, b) => b.id - a.id);
  }

  #announced(announcement: Announcement): void {
    for (const installation of this.#github.state.installations.all()) {
      const app = this.#github.appById(installation.app_id);
      if (!this.#concerns(announcement, app, installation)) continue;
      this.#forget(app);
      if (this.#urls.has(app.id)) this.#dispatch(this.#record(announcement, app, installation));
    }
  }

  #concerns(announcement: Announcement, app: AppRow, installation: InstallationRow): boolean {
    const { event, onlyApp, organization, repository } = announcement;
    if (installation.suspended_at && event !== 'installation') return false;
    if (onlyApp !== undefined && onlyApp !== app.id) return false;
    const isAboutInstallation = event === 'installation' || event === 'installation_repositories';
    if (!isAboutInstallation && !app.events.includes(event)) return false;
    if (repository) {
      const chosen = installation.repository_ids?.includes(repository.id) ?? true;
      return installation.account_id === repository.owner_id && chosen;
    }
    return organization ? installation.account_id === organization.id : onlyApp === app.id;
  }

  #record(announcement: Announcement, app: AppRow, installation: InstallationRow): DeliveryRow {
    const github = this.#github;
    const { actor, repository } = announcement;
    const owner = repository ? github.accountById(repository.owner_id) : announcement.organization;
    const aboutInstallation = announcement.payload['installation'] !== undefined;
    const payload = JSON.stringify({
      ...(announcement.action === null ? {} : { action: announcement.action }),
      ...announcement.payload,
      ...(repository ? { repository: repositoryBody(github, repository) } : {}),
      ...(owner?.type === 'Organization' && !aboutInstallation
        ? { organization: simpleOrganization(github, owner) }
        : {}),
      sender: simpleUser(github, actor.account),
      ...(aboutInstallation ? {} : { installation: installationLite(installation) }),
    });
    const guid = randomUUID();
    return github.state.deliveries.put({
      id: github.state.nextId('delivery'),
      guid,
      app_id: app.id,
      event: announcement.event,
      action: announcement.action,
      installation_id: installation.id,
      repository_id: repository?.id ?? null,
      redelivery: false,
      delivered_at: github.now().toISOString(),
      payload,
      headers: headersOf(app, announcement.event, guid, payload),
    });
  }

  #dispatch(row: DeliveryRow): void {
    const fault = this.#faults.forWebhook(row.event, row.action);
    switch (fault?.kind) {
      case 'drop':
        return this.#keepOutcome(row, { status: 'dropped by a fault of the sandbox', status_code: 0 });
      case 'duplicate':
        this.#start(row);
        return this.#start(row);
      case 'delay':
        return this.#start(row, fault.ms);
      case 'reorder':
        this.#releaseHeld();
        this.#held = row;
        return;
      case undefined:
        this.#start(row);
        return this.#releaseHeld();
    }
  }

  #releaseHeld(): void {
    const held = this.#held;
    this.#held = null;
    // Late enough that what overtakes it has arrived.
    if (held) this.#start(held, 30);
  }

  #start(row: DeliveryRow, delayMs = 0): void {
    const url = this.#urls.get(row.app_id);
    if (!url) return;
    const flight = wait(delayMs)
      .then(() => send(url, row))
      .then((outcome) => this.#keepOutcome(row, outcome))
      .finally(() => this.#inFlight.delete(flight));
    this.#inFlight.add(flight);
  }

  #keepOutcome(row: DeliveryRow, outcome: Partial<OutcomeRow>): void {
    this.#github.state.outcomes.put({
      delivery_id: row.id,
      status: outcome.status ?? '',
      status_code: outcome.status_code ?? 0,
      duration: outcome.duration ?? 0,
      response_headers: outcome.response_headers ?? {},
      response_payload: outcome.response_payload ?? '',
    });
    for (const listener of this.#listeners) listener();
  }

  /** GitHub keeps deliveries for three days. */
  #forget(app: AppRow): void {
    this.#sent += 1;
    if (this.#sent % 500 !== 0) return;
    const kept = new Set(this.list(app).map((row) => row.id));
    for (const row of this.#github.state.deliveries.in(app.id)) {
      if (kept.has(row.id)) continue;
      this.#github.state.deliveries.delete(row.id);
      this.#github.state.outcomes.delete(row.id);
    }
  }
}

function headersOf(
  app: AppRow,
  event: string,
  guid: string,
  payload: string,
): Readonly<Record<string, string>> {
  const hash = (algorithm: string): string =>
    createHmac(algorithm, app.webhook_secret).update(payload).digest('hex');
  return {
    Accept: '*/*',
    'Content-Type': 'application/json',
    'User-Agent': `GitHub-Hookshot/${guid.slice(0, 7)}`,
    'X-GitHub-Delivery': guid,
    'X-GitHub-Enterprise-Host': '127.0.0.1',
    'X-GitHub-Enterprise-Version': '3.19.0',
    'X-GitHub-Event': event,
    'X-GitHub-Hook-ID': String(app.hook_id),
    'X-GitHub-Hook-Installation-Target-ID': String(app.id),
    'X-GitHub-Hook-Installation-Target-Type': 'integration',
    'X-Hub-Signature': `sha1=${hash('sha1')}`,
    'X-Hub-Signature-256': `sha256=${hash('sha256')}`,
  };
}

function send(url: string, row: DeliveryRow): Promise<Partial<OutcomeRow>> {
  const began = performance.now();
  return new Promise((resolve) => {
    const done = (outcome: Partial<OutcomeRow>): void =>
      resolve({ ...outcome, duration: Math.round(performance.now() - began) / 1000 });
    const headers = { ...row.headers, 'Content-Length': String(Buffer.byteLength(row.payload)) };
    const outgoing = request(
      url,
      { method: 'POST', headers, agent: false, timeout: TIMEOUT_MS },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const status_code = incoming.statusCode ?? 0;
          done({
            status: statusWord(status_code),
            status_code,
            response_headers: plainHeaders(incoming.headers),
            response_payload: Buffer.concat(chunks).toString().slice(0, LONGEST_KEPT_ANSWER),
          });
        });
        incoming.on('error', () => done({ status: 'failed to connect to host', status_code: 502 }));
      },
    );
    const deadline = setTimeout(() => {
      done({ status: 'timed out', status_code: 504 });
      outgoing.destroy();
    }, TIMEOUT_MS);
    outgoing.on('close', () => clearTimeout(deadline));
    outgoing.on('error', () => done({ status: 'failed to connect to host', status_code: 502 }));
    outgoing.end(row.payload);
  });
}

function statusWord(status: number): string {
  if (status >= 200 && status < 300) return 'OK';
  return `Invalid HTTP Response: ${status}`;
}

function plainHeaders(headers: NodeJS.Dict<string | string[]>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function wait(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
