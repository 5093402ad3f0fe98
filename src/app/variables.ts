// Every environment variable that we read, in words: for the reference page, and for the test that holds them to the code.

interface Variable {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
}

/** Everything we read, for the reference page and for `doctor`. */
export const variables: readonly Variable[] = [
  { name: 'APP_ID', required: true, description: 'The numeric id of the GitHub App.' },
  {
    name: 'PRIVATE_KEY',
    required: true,
    description: 'Its private key in PEM; or PRIVATE_KEY_PATH, a file that holds it.',
  },
  {
    name: 'PRIVATE_KEY_PATH',
    required: false,
    description: 'A file with the private key, instead of PRIVATE_KEY.',
  },
  { name: 'WEBHOOK_SECRET', required: true, description: 'The secret that GitHub signs webhooks with.' },
  {
    name: 'COUNTERSIGN_DESKS',
    required: true,
    description: 'The repositories we serve, with their numeric ids, separated by commas: acme/access#4711.',
  },
  {
    name: 'COUNTERSIGN_ACCEPTED_RISKS',
    required: false,
    description: 'Risks of a desk that you accept in writing: acme/access=public-desk+unreviewed-flows.',
  },
  {
    name: 'COUNTERSIGN_GRANTS_APP_ID',
    required: false,
    description:
      'The second GitHub App, which may change teams and collaborators. Needed by the GitHub strategies alone.',
  },
  {
    name: 'COUNTERSIGN_GRANTS_PRIVATE_KEY',
    required: false,
    description: 'Its private key; or COUNTERSIGN_GRANTS_PRIVATE_KEY_PATH.',
  },
  {
    name: 'COUNTERSIGN_GRANTS_PRIVATE_KEY_PATH',
    required: false,
    description: 'A file with the private key of the second app.',
  },
  {
    name: 'COUNTERSIGN_DATA',
    required: false,
    description: 'The folder of the embedded store. Default: .countersign.',
  },
  {
    name: 'COUNTERSIGN_SEALING_KEY',
    required: false,
    description:
      '32 random bytes in base64. Needed where taking access back needs something that granting it returned.',
  },
  {
    name: 'COUNTERSIGN_SECRET_<NAME>',
    required: false,
    description:
      'A secret that flows may name as ${{ secrets.NAME }}. It goes nowhere without COUNTERSIGN_SECRET_<NAME>_FOR.',
  },
  {
    name: 'COUNTERSIGN_SECRET_<NAME>_FILE',
    required: false,
    description: 'Instead: the file that holds it, read each time that it is used.',
  },
  {
    name: 'COUNTERSIGN_SECRET_<NAME>_AWS',
    required: false,
    description:
      'Instead: its name or ARN in AWS Secrets Manager, and after a # a key of its JSON: team/vault#token. Read as the app itself, at most once a minute.',
  },
  {
    name: 'COUNTERSIGN_SECRET_<NAME>_FOR',
    required: false,
    description:
      'The hosts it may be sent to, and optionally the desks and the environments: vault.acme.com acme/access environment:prod.',
  },
  {
    name: 'COUNTERSIGN_ENDPOINTS',
    required: false,
    description:
      'Outside addresses to be reached elsewhere, such as an emulator: https://vault.acme.com/v1=http://127.0.0.1:9000.',
  },
  {
    name: 'SMTP_URL',
    required: false,
    description:
      'The mail server: smtps://USER:PASSWORD@HOST:465, or smtp://USER:PASSWORD@HOST:587 with STARTTLS. Needed where flows tell email:ADDRESS.',
  },
  {
    name: 'SMTP_FROM',
    required: false,
    description: 'Whose name mail bears: Countersign <access@acme.com>.',
  },
  {
    name: 'COUNTERSIGN_URL',
    required: false,
    description:
      'Where people reach this app: https://countersign.acme.com. Needed where guests decide by a link in an e-mail.',
  },
  {
    name: 'COUNTERSIGN_LINK_KEY',
    required: false,
    description:
      '32 random bytes in base64, by which those links are signed. Another key makes every link worthless that was sent.',
  },
  {
    name: 'SLACK_BOT_TOKEN',
    required: false,
    description: 'The bot token of the Slack app, xoxb-…. Needed where people ask and decide in Slack.',
  },
  {
    name: 'SLACK_SIGNING_SECRET',
    required: false,
    description: 'What Slack signs deliveries with, where it delivers over HTTP to /api/slack/events.',
  },
  {
    name: 'SLACK_APP_TOKEN',
    required: false,
    description:
      'An app-level token, xapp-…, with connections:write: Socket Mode, which needs no public address. Instead of SLACK_SIGNING_SECRET.',
  },
  {
    name: 'SLACK_BOT_TOKEN_<NAME>',
    required: false,
    description:
      'The bot token in one more workspace. SLACK_BOT_TOKEN_CUSTOMER has its address at /api/slack/customer/events.',
  },
  {
    name: 'SLACK_SIGNING_SECRET_<NAME>',
    required: false,
    description: 'The signing secret of the app in that workspace.',
  },
  {
    name: 'SLACK_APP_TOKEN_<NAME>',
    required: false,
    description: 'Its app-level token, for Socket Mode instead.',
  },
  {
    name: 'SLACK_API_URL',
    required: false,
    description:
      'Where Slack’s methods are called, for an emulator. Over HTTPS, or on this machine. Default: https://slack.com/api/.',
  },
  {
    name: 'GHE_HOST',
    required: false,
    description: 'The host of GitHub Enterprise Server. Default: github.com.',
  },
  { name: 'GHE_PROTOCOL', required: false, description: 'https or http. Default: https.' },
  { name: 'HOST', required: false, description: 'The address to listen on. Default: 127.0.0.1.' },
  { name: 'PORT', required: false, description: 'The port to listen on. Default: 3000.' },
  {
    name: 'COUNTERSIGN_PRIVATE_HOSTS',
    required: false,
    description:
      'Hosts, addresses and ranges of the app’s own machine and network that desks may reach, separated by spaces: vault.internal 10.1.0.0/16. Default: none.',
  },
  {
    name: 'COUNTERSIGN_AWS_ROLES',
    required: false,
    description:
      'The roles of AWS by which desks may act, separated by spaces: the ARN of a role, for every desk, or acme/access=ARN. `own` in its place is the app itself. Default: none.',
  },
  {
    name: 'COUNTERSIGN_CODE_REPOSITORIES',
    required: false,
    description:
      'Repositories that code of a desk may read on GitHub besides its own, where its flows name them too, separated by spaces: acme/access=acme/app. Default: none.',
  },
  {
    name: 'AWS_ENDPOINT_URL',
    required: false,
    description:
      'Where AWS is reached, for an emulator. Credentials and the other variables of AWS are read by its SDK, wherever it finds them.',
  },
  {
    name: 'COUNTERSIGN_SANDBOX_CLOCK',
    required: false,
    description:
      'Set by the sandbox for the app beside it: the file of the clock that can be pushed. Refused unless GHE_HOST is this machine.',
  },
  {
    name: 'LOG_LEVEL',
    required: false,
    description: 'trace, debug, info, warn, error or fatal. Default: info.',
  },
  {
    name: 'LOG_FORMAT',
    required: false,
    description: 'pretty, for eyes; or json, a line each. Default: pretty; the container image sets json.',
  },
];
