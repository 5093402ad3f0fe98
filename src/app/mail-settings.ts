// Reads the variables of mail: the server that it is sent through, whose name it bears, and what links are made and signed with.
import { isPlainAddress, type Mailbox, type MailServer } from '../clients/mail/mail-client.ts';
import type { Environment } from './settings.ts';

export interface MailSettings extends MailServer {
  /** Absent where guests are sent no links. */
  readonly links?: LinkSettings;
}

export interface LinkSettings {
  /** Where people reach this app, without a slash at its end. */
  readonly url: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** Undefined where mail is not set up. */
export function readMail(environment: Environment, problems: string[]): MailSettings | undefined {
  const before = problems.length;
  const links = readLinks(environment, problems);
  const [url, sender] = ['SMTP_URL', 'SMTP_FROM'].map((name) => valueOf(environment, name));
  if (url === undefined) {
    if (sender !== undefined) problems.push('SMTP_FROM is set, and SMTP_URL is not. Set both or neither.');
    if (links)
      problems.push(
        'COUNTERSIGN_LINK_KEY is set, and SMTP_URL is not: links are sent by mail. Set SMTP_URL, or neither.',
      );
    return undefined;
  }
  const server = readServer(url, problems);
  const from = readFrom(sender, problems);
  if (server === undefined || from === undefined || problems.length > before) return undefined;
  return { ...server, from, ...(links && { links }) };
}

/** The password stands in it: no sentence repeats any of it. */
function readServer(text: string, problems: string[]): Omit<MailServer, 'from'> | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWhole =
    url !== undefined &&
    ['smtp:', 'smtps:'].includes(url.protocol) &&
    url.hostname !== '' &&
    ['', '/'].includes(url.pathname) &&
    url.search === '' &&
    url.hash === '';
  const login = isWhole ? loginIn(url) : undefined;
  if (!isWhole || login === 'broken') {
    problems.push(
      'SMTP_URL is no address of a mail server. It reads smtps://USER:PASSWORD@HOST:465, or smtp://USER:PASSWORD@HOST:587; marks in user and password are written as in any URL, %40 for @.',
    );
    return undefined;
  }
  const isAtOnce = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: url.port === '' ? (isAtOnce ? 465 : 587) : Number(url.port),
    tls: isAtOnce ? 'at-once' : isThisMachine(host) ? 'none' : 'required',
    ...(login && { login }),
  };
}

function loginIn({ username, password }: URL): MailServer['login'] | 'broken' {
  if (username === '' && password === '') return undefined;
  if (username === '' || password === '') return 'broken';
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return 'broken';
  }
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1';
}

/** `access@acme.com`, or `Access at Acme <access@acme.com>`. */
function readFrom(text: string | undefined, problems: string[]): Mailbox | undefined {
  const [, name = '', bracketed] = /^([^<>"\p{Cc}]{0,80})<([^<>]*)>$/u.exec(text ?? '') ?? [];
  const address = bracketed ?? text ?? '';
  if (isPlainAddress(address)) {
    const shown = name.trim();
    return { address, ...(shown !== '' && { name: shown }) };
  }
  problems.push(
    text === undefined
      ? 'SMTP_FROM is not set. Set it to the address that mail comes from, such as Countersign <access@acme.com>.'
      : 'SMTP_FROM is no address that mail can come from. It reads access@acme.com, or Countersign <access@acme.com>.',
  );
  return undefined;
}

function readLinks(environment: Environment, problems: string[]): LinkSettings | undefined {
  const [url, key] = ['COUNTERSIGN_URL', 'COUNTERSIGN_LINK_KEY'].map((name) => valueOf(environment, name));
  if (url === undefined && key === undefined) return undefined;
  if (url === undefined || key === undefined) {
    const [is, isNot] =
      url === undefined
        ? ['COUNTERSIGN_LINK_KEY', 'COUNTERSIGN_URL']
        : ['COUNTERSIGN_URL', 'COUNTERSIGN_LINK_KEY'];
    problems.push(
      `${is} is set, and ${isNot} is not. A link needs both: where people reach this app, and what it is signed with.`,
    );
    return undefined;
  }
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const isSafe =
    address?.protocol === 'https:' || (address?.protocol === 'http:' && isThisMachine(address.hostname));
  if (!isSafe || address.pathname !== '/' || address.search || address.hash || address.username)
    problems.push(
      'COUNTERSIGN_URL is no address over HTTPS without a path. It reads https://countersign.acme.com.',
    );
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== 32)
    problems.push('COUNTERSIGN_LINK_KEY is not 32 bytes in base64. Make one with: openssl rand -base64 32');
  if (key === valueOf(environment, 'COUNTERSIGN_SEALING_KEY'))
    problems.push('COUNTERSIGN_LINK_KEY is the sealing key. Make one of its own: openssl rand -base64 32');
  return address && { url: address.origin, key: bytes };
}

function valueOf(environment: Environment, name: string): string | undefined {
  const text = environment[name]?.trim();
  return text === '' ? undefined : text;
}
