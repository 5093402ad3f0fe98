import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { aMailServer, type MailDouble } from '../../../test/mail-server.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { createMailClient, type Mail } from './mail-client.ts';

const mail: Mail = {
  to: 'cleo@customer.com',
  subject: 'Ann asks for Production',
  text: 'Ann asks.',
  html: '<p>Ann asks.</p>',
  messageId: '<01JD.card@countersign.acme.com>',
};
const times = { connectMs: 300, silenceMs: 300 };
const from = { name: 'Countersign', address: 'access@acme.com' };

let double: MailDouble | undefined;
let silent: Server | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  await double?.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  silent?.close();
  double = undefined;
  silent = undefined;
});

async function given(options: Parameters<typeof aMailServer>[0] = {}) {
  double = await aMailServer(options);
  const { port } = double;
  return { double, client: createMailClient({ host: '127.0.0.1', port, tls: 'none', from }, times) };
}

async function failureOf(sending: Promise<void>): Promise<{ message: string; transient: boolean }> {
  const error: unknown = await sending.catch((thrown: unknown) => thrown);
  if (!(error instanceof Failure)) throw new Error('It was sent.');
  return { message: error.message, transient: error.transient };
}

describe('mail', () => {
  test('is sent to one address, as text and as HTML, under its own id', async () => {
    const { double: server, client } = await given();
    await client.send(mail);
    const [got] = server.received;
    expect(got?.envelope).toEqual({ from: 'access@acme.com', to: ['cleo@customer.com'] });
    expect(got?.headers).toMatchObject({
      from: 'Countersign <access@acme.com>',
      to: 'cleo@customer.com',
      subject: 'Ann asks for Production',
      'message-id': '<01JD.card@countersign.acme.com>',
      'auto-submitted': 'auto-generated',
    });
    expect(got?.text).toContain('Ann asks.');
    expect(got?.html).toContain('<p>Ann asks.</p>');
  });

  test('belongs to the one it answers', async () => {
    const { double: server, client } = await given();
    await client.send({ ...mail, inReplyTo: '<01JC@countersign.acme.com>' });
    expect(server.received[0]?.headers).toMatchObject({
      'in-reply-to': '<01JC@countersign.acme.com>',
      references: '<01JC@countersign.acme.com>',
    });
  });

  test('has no header that somebody typed, whatever is in its subject', async () => {
    const { double: server, client } = await given();
    const subject = 'Hello\r\nBcc: eve@evil.example\r\n\r\n<b>body</b>\u2028X-More: 1\n';
    await client.send({ ...mail, subject });
    const [got] = server.received;
    expect(Object.keys(got?.headers ?? {}).sort()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
    expect(got?.envelope.to).toEqual(['cleo@customer.com']);
  });

  test.each([
    'a@a.com,b@b.com',
    'a@a.com\r\nBcc: b@b.com',
    '"a@a.com b@b.com"@c.com',
    'A <a@a.com>',
    'a@a.com>',
    'a@localhost',
    '(x)a@a.com',
    'a@a.com;b@b.com',
  ])('is not sent to what is more than one plain address: %j', async (to) => {
    const { double: server, client } = await given();
    expect(await failureOf(client.send({ ...mail, to }))).toMatchObject({ transient: false });
    expect(server.received).toEqual([]);
  });
});

describe('what fails', () => {
  test.each([
    [550, false],
    [553, false],
    [451, true],
    [421, true],
  ])('%d is said as it is', async (status, transient) => {
    const { client } = await given({ refuse: { at: 'rcpt', status } });
    expect(await failureOf(client.send(mail))).toEqual({
      transient,
      message: `The mail server ${transient ? 'does not take it now' : 'does not take it'}: ${status}.`,
    });
  });

  test('the message itself may be refused', async () => {
    const { client } = await given({ refuse: { at: 'data', status: 554 } });
    expect(await failureOf(client.send(mail))).toMatchObject({ transient: false });
  });

  test('a wrong password is ours to mend: it is tried again, and named nowhere', async () => {
    double = await aMailServer({ password: 'right' });
    const login = { user: 'countersign', password: 'wr0ng-secret' };
    const { port } = double;
    const client = createMailClient({ host: '127.0.0.1', port, tls: 'none', from, login }, times);
    const failure = await failureOf(client.send(mail));
    expect(failure).toEqual({
      transient: true,
      message: 'The mail server does not let us in. Check user and password of SMTP_URL.',
    });
  });

  test('the right password lets us in', async () => {
    double = await aMailServer({ password: 'right' });
    const login = { user: 'countersign', password: 'right' };
    const client = createMailClient(
      { host: '127.0.0.1', port: double.port, tls: 'none', from, login },
      times,
    );
    await client.send(mail);
    expect(double.received).toHaveLength(1);
  });

  test('a server without encryption hears neither password nor mail', async () => {
    double = await aMailServer({ password: 'right' });
    const login = { user: 'countersign', password: 'right' };
    const { port } = double;
    const client = createMailClient({ host: '127.0.0.1', port, tls: 'required', from, login }, times);
    expect(await failureOf(client.send(mail))).toMatchObject({ transient: true });
    expect(double.received).toEqual([]);
    expect(double.logins).toEqual([]);
  });

  test('a certificate that nobody vouches for is none', async () => {
    double = await aMailServer({ password: 'right', startTls: true });
    const login = { user: 'countersign', password: 'right' };
    const { port } = double;
    const client = createMailClient({ host: '127.0.0.1', port, tls: 'required', from, login }, times);
    expect(await failureOf(client.send(mail))).toMatchObject({ transient: true });
    expect(double.logins).toEqual([]);
  });

  test('a server that takes the connection and says nothing is given up', async () => {
    silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent?.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const client = createMailClient({ host: '127.0.0.1', port, tls: 'none', from }, times);
    expect(await failureOf(client.send(mail))).toEqual({
      transient: true,
      message: 'The mail server did not answer in time.',
    });
  });

  test('a server that falls silent in the middle is given up', async () => {
    const { client } = await given({ silentAt: 'data' });
    expect(await failureOf(client.send(mail))).toMatchObject({ transient: true });
  });

  test('no server at all is tried again', async () => {
    const { double: server, client } = await given();
    await server.close();
    expect(await failureOf(client.send(mail))).toEqual({
      transient: true,
      message: 'The mail server cannot be reached.',
    });
  });
});
