// The floor of ingress: Probot verifies the signature, hands the payload to an app that does nothing, and answers.
import { createServer } from 'node:http';
import { createNodeMiddleware, Probot } from 'probot';

const probot = new Probot({
  appId: 1001,
  privateKey: process.env['PRIVATE_KEY'] ?? '',
  secret: process.env['WEBHOOK_SECRET'] ?? '',
  logLevel: 'error',
});
await probot.ready();
const middleware = await createNodeMiddleware(
  (app) => {
    app.on('issue_comment', () => undefined);
  },
  { probot, webhooksPath: '/api/github/webhooks' },
);
const server = createServer((request, response) => void middleware(request, response));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
