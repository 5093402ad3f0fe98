// Sends mail through one SMTP server: each message once, within a time, and never in the clear over a network.
import type { Transporter } from 'nodemailer';
import type { Milliseconds } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { createTurnstile } from '../../engine/turnstile.ts';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `at-once`: TLS from the first byte. `required`: STARTTLS, or nothing is said. `none`: for this machine alone. */
  readonly tls: 'at-once' | 'required' | 'none';
  readonly login?: { readonly user: string; readonly password: string };
  readonly from: Mailbox;
}

export interface Mailbox {
  readonly name?: string;
  readonly address: string;
}

/** One message to one address. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** `<…@…>`: sent again after a lost answer, it is the same. */
  readonly messageId: string;
  /** The message it belongs to. */
  readonly inReplyTo?: string;
}

export interface MailClient {
  /** Resolves once the server has taken it. Throws `Failure`. */
  send(mail: Mail): Promise<void>;
}

export interface MailTimes {
  readonly connectMs: Milliseconds;
  /** Without a word of the server. */
  readonly silenceMs: Milliseconds;
}

const usualTimes: MailTimes = { connectMs: 10_000, silenceMs: 20_000 };
/** So many connections at once. */
const lanes = 3;

export function createMailClient(server: MailServer, times: MailTimes = usualTimes): MailClient {
  const turnstile = createTurnstile();
  let transport: Promise<Transporter> | undefined;
  let sent = 0;

  return {
    send(mail) {
      sent += 1;
      return turnstile.pass(String(sent % lanes), async () => {
        if (!isPlainAddress(mail.to))
          throw new Failure('This is no address that mail can be sent to.', { transient: false });
        transport ??= open(server, times);
        try {
          await (await transport).sendMail(messageOf(mail, server.from));
        } catch (error) {
          throw failureOf(error);
        }
      });
    },
  };
}

/** What no server reads more in than one address: no quotes, comments, routes or lists. */
export function isPlainAddress(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}$/.test(text)
  );
}

/** Read from the disk only where mail is set up. */
async function open(server: MailServer, times: MailTimes): Promise<Transporter> {
  const { host, port, tls, login } = server;
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host,
    port,
    secure: tls === 'at-once',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2' },
    ...(login && { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: times.connectMs,
    greetingTimeout: times.connectMs,
    dnsTimeout: times.connectMs,
    socketTimeout: times.silenceMs,
    // Nothing in a message is ever read from a disk or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
}

function messageOf({ to, subject, text, html, messageId, inReplyTo }: Mail, from: Mailbox): object {
  return {
    // Said outright: nobody reads who it is for out of a header.
    envelope: { from: from.address, to: [to] },
    from: { name: from.name ?? '', address: from.address },
    to: { name: '', address: to },
    subject: inOneLine(subject),
    text,
    html,
    messageId,
    ...(inReplyTo !== undefined && { inReplyTo, references: inReplyTo }),
    // No holiday answers this.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** What the server says may quote addresses and logins: its number is enough. */
function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { code, status } = answerOf(error);
  if (status === undefined || code === 'EAUTH' || code === 'ETLS' || isOurLogin(status))
    return new Failure(withoutAnswer(code, status), { transient: true });
  const isTransient = status < 500;
  return new Failure(
    `The mail server ${isTransient ? 'does not take it now' : 'does not take it'}: ${status}.`,
    { transient: isTransient },
  );
}

/** The mail is as good as it was: an operator mends this, and then it is sent. */
function isOurLogin(status: number): boolean {
  return status === 530 || status === 534 || status === 535 || status === 538;
}

function withoutAnswer(code: string | undefined, status: number | undefined): string {
  switch (code) {
    case 'EAUTH':
      return 'The mail server does not let us in. Check user and password of SMTP_URL.';
    case 'ETLS':
      return 'The mail server offers no encryption that holds. Check SMTP_URL, and its certificate.';
    case 'ETIMEDOUT':
      return 'The mail server did not answer in time.';
    default:
      return status === undefined
        ? 'The mail server cannot be reached.'
        : `The mail server wants another login: ${status}. Check SMTP_URL.`;
  }
}

function answerOf(error: unknown): { readonly code?: string; readonly status?: number } {
  if (typeof error !== 'object' || error === null) return {};
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const isStatus = 'responseCode' in error && typeof error.responseCode === 'number';
  return { ...code, ...(isStatus && { status: Number(error.responseCode) }) };
}
