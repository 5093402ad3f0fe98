// The floor of Slack's ingress: Bolt's receiver verifies the signature, hands on what it read, and acks.
import { createServer } from 'node:http';
import { HTTPReceiver, LogLevel } from '@slack/bolt';

const receiver = new HTTPReceiver({
  signingSecret: process.env['SLACK_SIGNING_SECRET'] ?? '',
  endpoints: ['/api/slack/events'],
  logLevel: LogLevel.ERROR,
});
const nothing = { processEvent: async ({ ack }: { readonly ack: () => Promise<void> }) => ack() };
receiver.init(Object.assign(Object.create(null), nothing));
const server = createServer((request, response) => receiver.requestListener(request, response));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
