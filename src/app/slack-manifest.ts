// What our Slack app asks of Slack: its manifest, with the least scopes, for setup, doctor and the reference alike.
import type { AppsManifestCreateArguments } from '@slack/web-api';
import { slackPath } from './slack-door.ts';

type Manifest = AppsManifestCreateArguments['manifest'];

/** Each scope of the bot, and what would not work without it. */
export const slackScopes = {
  commands: 'The slash command, and the shortcuts.',
  'chat:write': 'Cards, notices and answers, where the app was invited. Not in other channels.',
  'im:write': 'Opens the direct message with a person who is told or asked.',
  'mpim:write': 'Opens the one message with several people that a route names.',
  'users:read': 'Who an account is: a person, a bot, a guest of the workspace, or of another one.',
  'users:read.email': 'Finds a person by their e-mail address, in domains that the desk trusts.',
  'usergroups:read': 'Who is in the user groups that flows name.',
  'channels:read': 'Whether a public channel that flows name is there, and the app in it.',
  'groups:read': 'The same of private channels, and who is in those that decide.',
  'channels:history':
    'Comments in the threads of cards are carried to GitHub; a message whose answer was lost is found again.',
  'groups:history': 'The same in private channels.',
  'im:history': 'The same in direct messages with the app.',
  'mpim:history': 'The same in messages with several people.',
} as const;

/** What Slack tells us of, besides what people press and submit. */
const events = [
  'app_home_opened',
  'app_uninstalled',
  'message.channels',
  'message.groups',
  'message.im',
  'message.mpim',
  'tokens_revoked',
] as const;

export interface SlackManifestWishes {
  /** With its slash. */
  readonly command: string;
  /** Where Slack reaches this app over HTTPS; absent: Socket Mode. */
  readonly address?: string;
  /** The connection’s, where it is not the first. */
  readonly name?: string;
}

export const defaultCommand = '/access';

export function slackManifest({ command, address, name }: SlackManifestWishes): Manifest {
  const url = address === undefined ? undefined : `${address.replace(/\/+$/, '')}${slackPath(name)}`;
  const here = url === undefined ? {} : { url };
  const requests = url === undefined ? {} : { request_url: url };
  return {
    display_information: {
      name: 'Countersign',
      description: 'Ask for access, and decide who gets it. Every grant expires, every decision is kept.',
      background_color: '#1c2024',
    },
    features: {
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        // People answer in the thread of their card.
        messages_tab_read_only_enabled: false,
      },
      bot_user: { display_name: 'countersign', always_online: true },
      shortcuts: [
        {
          type: 'global',
          name: 'Request access',
          callback_id: 'request_access',
          description: 'Choose what you need, for how long, and why.',
        },
        {
          type: 'message',
          name: 'Request access',
          callback_id: 'request_access_here',
          description: 'Ask for access because of this message.',
        },
      ],
      slash_commands: [
        {
          command,
          description: 'Ask for access, and see what is open.',
          usage_hint: '[flow] | break-glass [flow] | status | whoami | link | unlink | help',
          // Mentions come as ids, which nobody else can take on.
          should_escape: true,
          ...here,
        },
      ],
    },
    oauth_config: { scopes: { bot: scopeNames() } },
    settings: {
      event_subscriptions: { bot_events: [...events], ...requests },
      interactivity: {
        is_enabled: true,
        ...requests,
        ...(url !== undefined && { message_menu_options_url: url }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: address === undefined,
      token_rotation_enabled: false,
    },
  };
}

/** Opens Slack with the manifest filled in: whoever opens it chooses the workspace, and confirms. */
export function manifestLink(wishes: SlackManifestWishes): string {
  const url = new URL('https://api.slack.com/apps?new_app=1');
  url.searchParams.set('manifest_json', JSON.stringify(slackManifest(wishes)));
  return url.href;
}

/** A slash command that Slack takes. */
export function isCommand(text: string): boolean {
  return /^\/[a-z0-9_-]{1,31}$/.test(text);
}

type Scope = keyof typeof slackScopes;

function scopeNames(): Scope[] {
  const isScope = (name: string): name is Scope => name in slackScopes;
  return Object.keys(slackScopes).filter(isScope);
}
