// The thread that runs a desk's code. Nothing of the desk runs in its own engine: that is the guest's, inside WebAssembly.
import { parentPort, workerData } from 'node:worker_threads';
import { createGuest } from './guest.ts';
import type { FromRoom, RoomWork, ToRoom } from './messages.ts';

const { work }: { readonly work: RoomWork } = workerData;
const port = parentPort;
const answer = (message: FromRoom): void => port?.postMessage(message);

let now = 0;
keepUtc();
const guest = await createGuest(work, (at) => {
  now = at;
});
port?.on('message', (message: ToRoom) =>
  answer(message.type === 'call' ? guest.begin(message) : guest.answer(message)),
);
answer({ type: 'ready' });

/** The engine asks this thread's `Date` for the time and the zone: it is the time of the event, in UTC, on every machine. */
function keepUtc(): void {
  Date.now = () => now;
  const parts = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'];
  for (const part of parts)
    Reflect.set(Date.prototype, `get${part}`, Reflect.get(Date.prototype, `getUTC${part}`));
  Date.prototype.getTimezoneOffset = () => 0;
}
