// What setup says and asks of Slack.
import { slackScopes } from '../slack-manifest.ts';
import { html, type Html } from './page.ts';

export interface SlackViewFacts {
  readonly command: string;
  readonly address: string;
  readonly isSocket: boolean;
  /** Once the rest was said. */
  readonly link?: string;
}

export function slackView(facts: SlackViewFacts): Html {
  return html`<p>
      People can ask and decide in Slack as well, in the same requests. This needs a Slack app in your
      workspace. Without it, nothing is missing on GitHub, and it can be added at any time.
    </p>
    ${wishForm(facts)} ${facts.link === undefined ? undefined : linkPart(facts.link)} ${tokenForm(facts)}
    <form method="post" action="/no-slack"><button class="plain">Not now</button></form>`;
}

function wishForm({ command, address, isSocket, link }: SlackViewFacts): Html {
  const checked = html` checked`;
  return html`<h2>1. Make the app</h2>
    ${scopeTable()}
    <form method="post" action="/slack">
      <label
        >Slash command <small>What people type to ask. Your choice; no other app may have it.</small>
        <input type="text" name="command" value="${command}" autocomplete="off" spellcheck="false" required
      /></label>
      <label class="choice"
        ><input type="radio" name="way" value="http" ${isSocket ? undefined : checked} />
        <span>Over HTTP <small>Slack reaches this app at its public address.</small></span></label
      >
      <label class="choice"
        ><input type="radio" name="way" value="socket" ${isSocket ? checked : undefined} />
        <span
          >Socket Mode
          <small
            >This app connects to Slack, and needs no public address for it. For trying it out, and behind a
            firewall.</small
          ></span
        ></label
      >
      <label
        >Public address <small>Over HTTP alone: as for GitHub.</small>
        <input
          type="url"
          name="address"
          value="${address}"
          placeholder="https://countersign.acme.com"
          autocomplete="off"
      /></label>
      <button>${link === undefined ? 'Make the link' : 'Make it anew'}</button>
    </form>`;
}

function linkPart(link: string): Html {
  return html`<p>
      This opens Slack with all of it filled in. It holds no secret: somebody else may open it, on another
      day, and send you the tokens.
    </p>
    <p><a class="button" href="${link}" target="_blank" rel="noreferrer">Create it in Slack</a></p>
    <pre>${link}</pre>
    <p>There: choose the workspace, confirm, and press “Install to Workspace”.</p>`;
}

function tokenForm({ isSocket }: SlackViewFacts): Html {
  return html`<h2>2. Bring what it gives you</h2>
    <form method="post" action="/slack-tokens">
      ${secret('SLACK_BOT_TOKEN', 'Bot token', 'On the page “OAuth & Permissions”; it begins with xoxb-.')}
      ${secret(
        'SLACK_SIGNING_SECRET',
        'Signing secret',
        `Over HTTP: on the page “Basic Information”.${isSocket ? ' Leave it empty for Socket Mode.' : ''}`,
      )}
      ${secret(
        'SLACK_APP_TOKEN',
        'App-level token',
        `Socket Mode: make one with connections:write on the page “Basic Information”; it begins with xapp-.${isSocket ? '' : ' Leave it empty over HTTP.'}`,
      )}
      <button>Check and keep them</button>
    </form>`;
}

function secret(name: string, title: string, where: string): Html {
  return html`<label
    >${title} <small>${where}</small> <input type="password" name="${name}" autocomplete="off"
  /></label>`;
}

function scopeTable(): Html {
  const rows = Object.entries(slackScopes).map(
    ([scope, why]) =>
      html`<tr>
        <td>${scope}</td>
        <td>${why}</td>
      </tr>`,
  );
  return html`<table>
    <tr>
      <th>Scope</th>
      <th>What for</th>
    </tr>
    ${rows}
  </table>`;
}
