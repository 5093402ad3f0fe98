// A thread of its own that rings about once a second, and says so when the main thread has stopped answering.
import { writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

const everyMs = 1000;
/** A main thread that is busy for so long keeps no deadline: whoever runs us should know. */
const silenceMs = 30_000;

let answeredAt = Date.now();
let isSilent = false;

parentPort?.on('message', (message) => {
  if (message === 'cancel') process.exit(0);
  answeredAt = Date.now();
  isSilent = false;
});

setInterval(() => {
  parentPort?.postMessage('ring');
  const silence = Date.now() - answeredAt;
  if (silence < silenceMs || isSilent) return;
  isSilent = true;
  // The log goes through the thread that does not answer: this line does not.
  writeSync(
    2,
    `countersign: the main thread has not answered for ${Math.round(silence / 1000)} s; deadlines are late\n`,
  );
}, everyMs);
