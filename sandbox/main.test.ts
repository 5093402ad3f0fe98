import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from './free-port.ts';
import { runSandbox } from './main.ts';
import type { RunningSandbox } from './main.ts';

/** Answers webhooks, and dies at `/die`. */
const smallApp = `
import { createServer } from 'node:http';
createServer((request, response) => {
  if (request.url === '/die') process.exit(3);
  response.end(process.env.APP_ID + ' ' + process.env.GHE_HOST);
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

let folder: string;
let running: RunningSandbox;
let printed: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  writeFileSync(join(folder, 'app.mjs'), smallApp);
  printed = [];
  running = await start(join(folder, 'state'), { port: 0, appPort: await freePort() });
});

function start(
  state: string,
  ports: { readonly port: number; readonly appPort: number },
): Promise<RunningSandbox> {
  return runSandbox({
    appCommand: [process.execPath, join(folder, 'app.mjs')],
    seedFolder: join(folder, 'flows'),
    folder: state,
    ...ports,
    print: (line) => printed.push(line),
  });
}

afterEach(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the app runs beside the sandbox, pointed at it, and three lines say where to look', async () => {
  const answer = await (await fetch(running.appUrl)).text();
  expect(answer).toBe(`1001 127.0.0.1:${running.sandbox.port}`);
  expect(printed).toHaveLength(3);
  expect(printed[0]).toContain(running.sandbox.pageUrl);
});

test('an app that dies is started again, and it is said', async () => {
  const first = running.app().pid;
  await fetch(`${running.appUrl}/die`).catch(() => undefined);
  await expect.poll(() => running.app().pid, { timeout: 5000 }).not.toBe(first);
  await expect
    .poll(
      () =>
        fetch(running.appUrl).then(
          (one) => one.status,
          () => 0,
        ),
      { timeout: 5000 },
    )
    .toBe(200);
  expect(printed.at(-1)).toBe('The app ended (code 3). Starting it again.');
});

test('webhooks go to the app', async () => {
  running.sandbox.as('ann-o').openIssue({ title: 'One' });
  await running.sandbox.settled();
  expect(running.sandbox.deliveries()[0]?.outcome).toMatchObject({ status: 'OK', status_code: 200 });
});

test('a port that is taken, and a folder that cannot be had, are said in words before anything starts', async () => {
  const other = join(folder, 'other');
  const taken = { port: running.sandbox.port, appPort: Number(new URL(running.appUrl).port) };
  const free = { port: 0, appPort: await freePort() };
  await expect(start(other, { ...free, port: taken.port })).rejects.toThrow(
    `Port ${taken.port} is taken: another sandbox may be running. Stop it, or choose another: SANDBOX_PORT=`,
  );
  await expect(start(other, { ...free, appPort: taken.appPort })).rejects.toThrow(
    `Port ${taken.appPort}, which the app would take, is taken.`,
  );
  const inFile = join(folder, 'app.mjs', 'state');
  await expect(start(inFile, free)).rejects.toThrow(
    `The sandbox keeps its world in ${inFile}, and a part of that path is a file (ENOTDIR).`,
  );
});
