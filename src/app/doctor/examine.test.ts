// Doctor beside the sandbox: all well, and then one thing broken after another.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleWorld } from '../../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { checkedFetch } from '../../../test/contracts/github/checked-fetch.ts';
import { createGitHubContract } from '../../../test/contracts/github/github-contract.ts';
import type { Problem } from '../../../test/contracts/github/problem.ts';
import { plus } from '../../domain/names.ts';
import { openDisk } from '../../store/disk.ts';
import type { Environment } from '../settings.ts';
import { systemClock } from '../system.ts';
import { examine } from './examine.ts';
import { isHealthy, jsonReport, printReport, type Examined } from './report.ts';

const root = join(import.meta.dirname, '../../..');
const contract = createGitHubContract();
let folder: string;
let sandbox: Sandbox;
let receiver: Server;
let problems: Problem[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-doctor-'));
  problems = [];
  sandbox = await startSandbox({
    port: 0,
    folder: join(folder, 'github'),
    world: sampleWorld,
    seedFolder: join(root, 'flows'),
  });
  receiver = createServer((request, response) => {
    request.resume();
    response.writeHead(answerWith).end();
  });
  answerWith = 202;
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  sandbox.setWebhookUrl(`http://127.0.0.1:${port}/api/github/webhooks`);
  guardLedger();
  await deliver();
});
afterEach(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

let answerWith = 202;

async function deliver(): Promise<void> {
  sandbox.as('ann-o').openIssue({ title: 'Something' });
  await sandbox.settled();
}

function guardLedger(types = ['creation', 'update', 'deletion', 'non_fast_forward']): void {
  const repository = sandbox.github.repository('acme', 'access');
  sandbox.github.state.rulesets.put({
    id: 99,
    repository_id: repository?.id ?? 0,
    name: 'The ledger',
    include: ['countersign/ledger'],
    rules: types.map((type) => ({ type })),
    enforcement: 'active',
    bypass_user_ids: [],
  });
}

async function look(
  more: Environment = {},
  { skewMs = 0, nodeVersion = 'v24.1.0' } = {},
): Promise<readonly Examined[]> {
  const fetch = checkedFetch(contract, globalThis.fetch, problems);
  return examine({
    environment: { COUNTERSIGN_DATA: join(folder, 'data'), ...sandbox.environment(), ...more },
    nodeVersion,
    fetch: (url, init) => fetch(url, init),
    clock: { ...systemClock, now: () => plus(systemClock.now(), skewMs) },
  });
}

/** `2.3 what it says → what to do` of everything that is not well. */
async function wrong(...args: Parameters<typeof look>): Promise<readonly string[]> {
  return (await look(...args)).flatMap(({ step, findings }) =>
    findings.flatMap(({ mark, says, todo }) => (mark === 'failure' ? [`${step}: ${says} → ${todo}`] : [])),
  );
}

async function known(...args: Parameters<typeof look>): Promise<readonly string[]> {
  return (await look(...args)).flatMap(({ step, findings }) =>
    findings.flatMap(({ mark, says }) => (mark === 'warning' ? [`${step}: ${says}`] : [])),
  );
}

const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

describe('where all is well', () => {
  test('everything is looked at, nothing is wrong, and GitHub is asked as it describes itself', async () => {
    const examined = await look();
    expect(isHealthy(examined), printReport(examined).join('\n')).toBe(true);
    expect(examined.flatMap(({ findings }) => findings).some(({ mark }) => mark === 'skipped')).toBe(false);
    expect(printReport(examined).at(-1)).toMatch(/^All is well/);
    expect(sandbox.unknownRequests).toEqual([]);
    const undescribed = problems.filter(({ message }) => !message.endsWith('404 comes without a body'));
    expect(undescribed.map(({ message }) => message)).toEqual([]);
  });

  test('no secret is in what it says', async () => {
    const text = JSON.stringify(jsonReport(await look()));
    const environment = sandbox.environment();
    for (const name of ['PRIVATE_KEY', 'WEBHOOK_SECRET', 'COUNTERSIGN_SECRET_VAULT_TOKEN']) {
      const value = environment[name]?.split('\n')[1] ?? environment[name] ?? '';
      expect(value.length).toBeGreaterThan(10);
      expect(text).not.toContain(value);
      expect(text).toContain(name);
    }
  });

  test('it changes nothing: neither at GitHub nor in the folder of an app that runs', async () => {
    const data = join(folder, 'data');
    const lock = await openDisk(data).lock();
    const before = readdirSync(data);
    const asked = sandbox.requests.length;
    const text = JSON.stringify(jsonReport(await look()));
    expect(text).toContain(`is held by process ${process.pid}`);
    expect(readdirSync(data)).toEqual(before);
    await lock.release();
    const writes = sandbox.requests.slice(asked).filter(({ method }) => method !== 'GET');
    expect(writes.filter(({ path }) => !path.endsWith('/access_tokens'))).toEqual([]);
  });
});

describe('the machine', () => {
  test('with a Node that is too old', async () => {
    expect(await wrong({}, { nodeVersion: 'v18.20.0' })).toEqual([
      expect.stringMatching(/^1: v18\.20\.0 .*Node 24/),
    ]);
  });

  test('with a folder that is none', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await wrong({ COUNTERSIGN_DATA: join(folder, 'file/data') })).toEqual([
      expect.stringMatching(/^1: .*may not be written.*COUNTERSIGN_DATA/),
    ]);
  });

  test('with a clock that is far ahead: GitHub lets nobody in', async () => {
    const found = await wrong({}, { skewMs: 5 * 60_000 });
    expect(found[0]).toMatch(/^1: it is 30[01] s ahead of GitHub’s.*NTP/);
  });

  test('with a clock that is a little behind', async () => {
    expect(await known({}, { skewMs: -30_000 })).toContainEqual(
      expect.stringMatching(/^1: it is (29|30|31) s behind/),
    );
  });

  test('with no way to GitHub', async () => {
    const found = await wrong({ GHE_HOST: '127.0.0.1:1' });
    expect(found).toContainEqual(
      expect.stringMatching(/^1: GitHub at 127\.0\.0\.1:1 does not answer.*GHE_HOST/),
    );
  });
});

describe('a desk', () => {
  test('whose number is another’s', async () => {
    expect(await wrong({ COUNTERSIGN_DESKS: 'acme/access#1' })).toContainEqual(
      expect.stringMatching(
        /^2: the app is not installed on acme\/access, or 1 is not its number → .*gh api/,
      ),
    );
  });

  test('on which the app is not installed', async () => {
    sandbox.world.chooseRepositories('countersign', ['acme/shop']);
    expect(await wrong()).toContainEqual(
      expect.stringMatching(/^2: the app is not installed on acme\/access/),
    );
  });

  test('that was renamed', async () => {
    const { COUNTERSIGN_DESKS } = sandbox.environment();
    sandbox.world.renameRepository('door');
    expect(await known({ COUNTERSIGN_DESKS })).toContainEqual('2: acme/access is now called acme/door');
  });

  test('that is public, and that is public with its risk accepted', async () => {
    sandbox.world.makePublic();
    expect(await wrong()).toContainEqual(
      expect.stringMatching(
        /^2: The desk is a public repository.*COUNTERSIGN_ACCEPTED_RISKS=acme\/access=public-desk/,
      ),
    );
    const accepted = { COUNTERSIGN_ACCEPTED_RISKS: 'acme/access=public-desk' };
    expect(await wrong(accepted)).toEqual([]);
    expect(await known(accepted)).toContainEqual(
      expect.stringMatching(/^2: The desk is a public repository/),
    );
  });

  test('with a broken flow: the first problems, with their lines', async () => {
    push({ 'flows/vault.yml': 'lable: Vault\nrequesters: 7\n' });
    const found = await wrong();
    expect(found[0]).toMatch(/^2: \d+ problems at [0-9a-f]{7}: flows\/vault\.yml:\d+:\d+/);
    expect(found.length).toBeLessThanOrEqual(3);
  });

  test('whose ledger nobody guards, and whose ledger is guarded in part', async () => {
    guardLedger(['deletion']);
    expect(await known()).toContainEqual(
      expect.stringMatching(
        /^2: countersign\/ledger is made .* restricts its creation, updates, force pushes/,
      ),
    );
  });

  test('that names a team which is not there', async () => {
    sandbox.world.removeTeam('security');
    expect(await wrong()).toContainEqual(expect.stringMatching(/^2: team:acme\/security is not there/));
  });

  test('that names a secret which nobody granted, or not there', async () => {
    expect(
      await wrong({ COUNTERSIGN_SECRET_VAULT_TOKEN: '', COUNTERSIGN_SECRET_VAULT_TOKEN_FOR: '' }),
    ).toEqual([
      expect.stringMatching(
        /^2: .*vault names the secret VAULT_TOKEN, which is not set → Set COUNTERSIGN_SECRET_VAULT_TOKEN, or .*_AWS in its place, and COUNTERSIGN_SECRET_VAULT_TOKEN_FOR to vault\.acme\.com/,
      ),
    ]);
    expect(await wrong({ COUNTERSIGN_SECRET_VAULT_TOKEN_FOR: 'elsewhere.test' })).toEqual([
      expect.stringMatching(
        /^2: .*VAULT_TOKEN, which may not be sent to vault\.acme\.com → Add vault\.acme\.com to COUNTERSIGN_SECRET_VAULT_TOKEN_FOR/,
      ),
    ]);
  });

  test('beside one that nobody listed', async () => {
    push({ 'flows/countersign.yml': 'version: 1\n' }, 'acme/shop');
    expect(await known()).toContainEqual('2: acme/shop holds flows/countersign.yml and is ignored');
  });
});

function push(files: Readonly<Record<string, string>>, repository = 'acme/access'): void {
  sandbox.as('max-p').pushFiles({ message: 'Change', files, repository, reviewed: true });
}

describe('the app', () => {
  test('with another’s key', async () => {
    expect(await wrong({ PRIVATE_KEY: otherKey })).toContainEqual(
      expect.stringMatching(
        /^3: GitHub does not take PRIVATE_KEY as a key of the app APP_ID → .*PRIVATE_KEY_PATH/,
      ),
    );
  });

  test('that GitHub does not know', async () => {
    expect(await wrong({ APP_ID: '7' })).toContainEqual(
      expect.stringMatching(/^3: GitHub knows no app by this APP_ID/),
    );
  });

  test('with less than it needs, and with more', async () => {
    changeApp(1001, {
      permissions: { metadata: 'read', issues: 'write', contents: 'read', members: 'write' },
    });
    const found = await wrong();
    expect(found).toContainEqual(expect.stringMatching(/^3: it lacks .*contents: write/));
    expect(await known()).toContainEqual(
      expect.stringMatching(/^3: it has more than it needs: members: write/),
    );
  });

  test('that does not hear of what it must', async () => {
    changeApp(1001, { events: ['issues', 'push'] });
    expect(await wrong()).toContainEqual(expect.stringMatching(/^3: it does not hear of .*issue_comment/));
  });

  test('that was suspended', async () => {
    sandbox.world.suspendInstallation('countersign');
    expect(await wrong()).toContainEqual(expect.stringMatching(/^3: acme has suspended it/));
  });
});

function changeApp(id: number, change: object): void {
  sandbox.github.state.apps.put({ ...sandbox.github.appById(id), ...change });
}

describe('the app that grants', () => {
  test('with the key of the first', async () => {
    const { PRIVATE_KEY } = sandbox.environment();
    expect(await wrong({ COUNTERSIGN_GRANTS_PRIVATE_KEY: PRIVATE_KEY })).toContainEqual(
      expect.stringMatching(/^4: GitHub does not take COUNTERSIGN_GRANTS_PRIVATE_KEY/),
    );
  });

  test('that is missing, where flows need it', async () => {
    const none = { COUNTERSIGN_GRANTS_APP_ID: '', COUNTERSIGN_GRANTS_PRIVATE_KEY: '' };
    expect(await wrong(none)).toEqual([expect.stringMatching(/^4: production-access, .*npm run setup/)]);
  });

  test('is called unneeded by nobody who has read no flows', async () => {
    const withoutIt = { COUNTERSIGN_GRANTS_APP_ID: '', COUNTERSIGN_GRANTS_PRIVATE_KEY: '' };
    for (const app of [{}, withoutIt])
      expect(
        (await look({ ...app, WEBHOOK_SECRET: '' })).filter(({ step }) => step === 4).at(-1),
      ).toMatchObject({
        findings: [{ mark: 'skipped', says: 'no flows could be read that may need it: steps 5 and 2' }],
      });
  });

  test('that is installed elsewhere', async () => {
    sandbox.world.uninstall('countersign-grants');
    expect(await wrong()).toEqual([
      expect.stringMatching(/^4: it is installed nowhere/),
      expect.stringMatching(/^4: flows grant in acme, and it is not installed there/),
    ]);
  });
});

describe('the settings', () => {
  test('with a name that is misspelt', async () => {
    expect(await wrong({ COUNTERSIGN_DESK: 'acme/access#1' })).toContainEqual(
      '5: COUNTERSIGN_DESK is no variable of Countersign → Did you mean COUNTERSIGN_DESKS? See docs/reference/configuration.md.',
    );
  });

  test('of which one is missing: the app is looked at all the same', async () => {
    const examined = await look({ WEBHOOK_SECRET: '' });
    expect(JSON.stringify(examined)).toContain('GitHub knows the app as countersign');
    expect(await wrong({ WEBHOOK_SECRET: '' })).toEqual([
      '5: WEBHOOK_SECRET is not set → Set it to the secret that GitHub signs webhooks with.',
    ]);
  });

  test('that are not there at all', async () => {
    const examined = await examine({
      environment: { COUNTERSIGN_DATA: join(folder, 'data'), GHE_HOST: undefined },
      nodeVersion: 'v24.1.0',
      fetch: async () => new Response('', { headers: { date: new Date().toUTCString() } }),
      clock: systemClock,
    });
    const found = examined.flatMap(({ findings }) => findings).filter(({ mark }) => mark === 'failure');
    expect(found.map(({ says }) => says)).toEqual(['nothing is set']);
  });
});

describe('running', () => {
  test('where the secret is another', async () => {
    answerWith = 401;
    await deliver();
    expect(await wrong()).toEqual([
      expect.stringMatching(/^6: the latest delivery failed .*401 → WEBHOOK_SECRET/),
    ]);
  });

  test('where nobody answers', async () => {
    receiver.close();
    receiver.closeAllConnections();
    await deliver();
    expect(await wrong()).toEqual([
      expect.stringMatching(/^6: the latest delivery failed .*502 → Start the app/),
    ]);
  });

  test('where one was lost and the next arrived', async () => {
    answerWith = 500;
    await deliver();
    answerWith = 202;
    await deliver();
    expect(await known()).toContainEqual(expect.stringMatching(/^6: the latest arrived; \d+ of the last/));
  });

  test('where webhooks go elsewhere', async () => {
    sandbox.setWebhookUrl('http://127.0.0.1:1/hooks?token=VALUE');
    const found = await wrong();
    expect(found).toEqual([expect.stringMatching(/^6: GitHub delivers to http:\/\/127\.0\.0\.1:1\/hooks →/)]);
  });

  test('where nothing is to be delivered anywhere', async () => {
    sandbox.setWebhookUrl(null);
    expect(await wrong()).toContainEqual(expect.stringMatching(/^6: the app has no webhook address/));
  });
});

test('a folder of the store from elsewhere is looked at, and left as it is', async () => {
  const data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'lock'), JSON.stringify({ nonce: 'x', pid: 1, host: 'another-host' }));
  expect(JSON.stringify(await look())).toContain('is held by process 1 on another-host');
  expect(readdirSync(data)).toEqual(['lock']);
});
