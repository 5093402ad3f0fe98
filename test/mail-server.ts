// A mail server for tests: the one of nodemailer's authors, on a free port, that keeps what it was sent and fails as it is told.
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** By their names in small letters, unfolded and decoded. */
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  readonly html: string;
  /** As it came over the wire. */
  readonly raw: string;
}

export interface MailDouble {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** Passwords that it was told. */
  readonly logins: readonly string[];
  close(): Promise<void>;
}

export interface MailDoubleOptions {
  /** It refuses at this point, so long as `refusing` says so. */
  readonly refuse?: { readonly at: 'rcpt' | 'data'; readonly status: number };
  readonly refusing?: () => boolean;
  /** It takes the message, and never answers. */
  readonly silentAt?: 'data';
  /** It wants this one. */
  readonly password?: string;
  /** It offers encryption, with a certificate of its own making. */
  readonly startTls?: boolean;
}

export async function aMailServer(options: MailDoubleOptions = {}): Promise<MailDouble> {
  const { refuse, refusing = () => true, silentAt, password, startTls = false } = options;
  const received: ReceivedMail[] = [];
  const logins: string[] = [];
  const refusal = (at: 'rcpt' | 'data'): Error | undefined =>
    refuse?.at === at && refusing()
      ? Object.assign(new Error('No.'), { responseCode: refuse.status })
      : undefined;
  const server = new SMTPServer({
    disabledCommands: [...(startTls ? [] : ['STARTTLS']), ...(password === undefined ? ['AUTH'] : [])],
    authOptional: password === undefined,
    allowInsecureAuth: true,
    logger: false,
    onAuth(auth, _session, callback) {
      logins.push(auth.password ?? '');
      if (auth.password === password) callback(null, { user: auth.username ?? '' });
      else callback(Object.assign(new Error(`No login with ${auth.password}`), { responseCode: 535 }));
    },
    onRcptTo: (_address, _session, callback) => callback(refusal('rcpt') ?? null),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (silentAt === 'data') return;
        const refused = refusal('data');
        if (refused) return callback(refused);
        const { mailFrom, rcptTo } = session.envelope;
        received.push(
          readMail(Buffer.concat(chunks).toString('latin1'), {
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
          }),
        );
        callback();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    received,
    logins,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** As strictly as a reader of mail: a line that is neither header nor folded is an error. */
function readMail(raw: string, envelope: ReceivedMail['envelope']): ReceivedMail {
  if (/[^\r]\n|\r[^\n]/.test(raw)) throw new Error('A line ends in something else than CRLF.');
  const long = raw.split('\r\n').find((line) => line.length > 998);
  if (long !== undefined) throw new Error('A line is longer than mail may have.');
  const { headers, body } = readPart(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => readPart(part.replace(/^\r\n/, '')));
  const contentOf = (type: string): string => {
    const part = parts.find((each) => each.headers['content-type']?.startsWith(type));
    if (part === undefined) throw new Error(`The mail has no part of the type ${type}.`);
    return decoded(part.body, part.headers['content-transfer-encoding'] ?? '7bit');
  };
  return { envelope, headers, raw, text: contentOf('text/plain'), html: contentOf('text/html') };
}

function readPart(text: string): { headers: { [name: string]: string }; body: string } {
  const end = text.indexOf('\r\n\r\n');
  const lines = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers: { [name: string]: string } = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^([A-Za-z-]+): (.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`This is no header: ${line}`);
    headers[name.toLowerCase()] = unencoded(value);
  }
  return { headers, body: text.slice(end + 4) };
}

/** `=?UTF-8?Q?…?=` and `=?UTF-8?B?…?=`. */
function unencoded(value: string): string {
  const joined = value.replace(/\?=\s+=\?/g, '?==?');
  const text = joined.replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, code: string) =>
    kind.toLowerCase() === 'b'
      ? Buffer.from(code, 'base64').toString('latin1')
      : bytes(code.replaceAll('_', ' ')),
  );
  return Buffer.from(text, 'latin1').toString('utf8');
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  const text = encoding === 'quoted-printable' ? bytes(body.replace(/=\r\n/g, '')) : body;
  return Buffer.from(text, 'latin1').toString('utf8');
}

function bytes(text: string): string {
  return text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
