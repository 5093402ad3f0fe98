// The floor of hook-vs-message: a warm thread that sends back what it is sent.
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', (message) => parentPort?.postMessage(message));
