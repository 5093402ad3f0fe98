// What each step of setup says and asks.
import type { AppManifest } from '../app-manifest.ts';
import type { InstalledAt } from '../installed-repositories.ts';
import { html, type Html } from './page.ts';
import type { Wishes } from './wishes.ts';

export function appView(app: AppManifest, wishes: Wishes, isHostKnown: boolean): Html {
  return html`<p>
      Countersign runs as a GitHub App that belongs to you. This makes one with the least that it needs: it
      can grant nothing.
    </p>
    ${permissionTable(app)}
    <form method="post" action="/app">
      <label
        >Organisation
        <small
          >Its name in addresses. Leave it empty to make the app in your own account; teams need an
          organisation.</small
        >
        <input
          type="text"
          name="organization"
          value="${wishes.organization}"
          autocomplete="off"
          spellcheck="false"
          autofocus
      /></label>
      ${
        isHostKnown
          ? undefined
          : html`<label
              >GitHub Enterprise Server
              <small>Its host, such as github.acme.com. Leave it empty for github.com.</small>
              <input type="text" name="host" value="${wishes.host}" autocomplete="off" spellcheck="false"
            /></label>`
      }
      <label
        >Public address
        <small
          >Where GitHub reaches this app over HTTPS. To try it from a laptop, a tunnel gives one:
          <code>cloudflared tunnel --url http://127.0.0.1:3000</code> prints an address. It can be changed
          later in the app’s settings.</small
        >
        <input
          type="url"
          name="address"
          value="${wishes.address}"
          placeholder="https://countersign.acme.com"
          autocomplete="off"
          required
      /></label>
      <button>Go on to GitHub</button>
    </form>`;
}

export function handOverView(action: string, manifest: object, owner: string): Html {
  return html`<p>
      GitHub shows what is to be made${owner === '' ? '' : ` for ${owner}`} and asks you to confirm. Then it
      sends you back here.
    </p>
    <form method="post" action="${action}">
      <input type="hidden" name="manifest" value="${JSON.stringify(manifest)}" />
      <button>Create it on GitHub</button>
    </form>`;
}

export function installView(installUrl: string, installed: readonly InstalledAt[]): Html {
  const repositories = installed.flatMap((each) => each.repositories);
  if (repositories.length === 0)
    return html`<p>
        The app is made, and its key is kept. Now install it on the repository that is to be the desk,
        <b>and on no other</b>. A desk is a private repository; its <code>flows/</code> say who may get what.
      </p>
      <p>
        <a class="button" href="${installUrl}" target="_blank" rel="noreferrer">Install it on GitHub</a>
        <a href="/">I have installed it</a>
      </p>`;
  const choices = repositories.map(
    ({ id, name, isPrivate, isArchived }) =>
      html`<label class="choice"
        ><input type="checkbox" name="repository" value="${name}#${id}" />
        <span
          >${name}${
            isPrivate
              ? undefined
              : html` <small>Public: it takes no requests unless you accept that risk in writing.</small>`
          }${isArchived ? html` <small>Archived: nothing can be asked there.</small>` : undefined}</span
        ></label
      >`,
  );
  return html`<p>The app is installed on these. Which is the desk? What you do not choose is left alone.</p>
    <form method="post" action="/desk">${choices}<button>Serve what is chosen</button></form>
    <p>
      <a href="${installUrl}" target="_blank" rel="noreferrer">Install it elsewhere</a>, then
      <a href="/">look again</a>.
    </p>`;
}

export function grantsView(app: AppManifest): Html {
  return html`<p>
      Only for flows that change <b>GitHub teams</b> or <b>roles in repositories</b>: those act through an app
      of their own, so that the first one can grant nothing. Its key is worth more than the other:
      <code>members: write</code> can also make organisation owners.
    </p>
    ${permissionTable(app)}
    <form method="post" action="/grants">
      <label
        >Organisation <input type="text" name="organization" autocomplete="off" spellcheck="false" required
      /></label>
      <button>Go on to GitHub</button>
    </form>
    <form method="post" action="/no-grants"><button class="plain">I do not need it</button></form>`;
}

export function doneView(facts: {
  readonly path: string;
  readonly backup: string | undefined;
  readonly names: readonly string[];
  readonly grantsInstallUrl: string | undefined;
  readonly workspace: string | undefined;
}): Html {
  return html`${
      facts.grantsInstallUrl === undefined
        ? undefined
        : html`<p>
            Install the second app on the organisation${' '}as well:
            <a href="${facts.grantsInstallUrl}" target="_blank" rel="noreferrer">install it on GitHub</a>.
          </p>`
    }
    ${
      facts.workspace === undefined
        ? undefined
        : html`<p>Slack answers: the app is in the workspace <b>${facts.workspace}</b>.</p>`
    }
    <p>
      Everything is in <code>${facts.path}</code>:
      ${facts.names.join(', ')}.${
        facts.backup === undefined ? '' : ` What stood there before is kept in ${facts.backup}.`
      }
      Keep the key files and that one as you keep passwords.
    </p>
    <pre>
npm run doctor   # looks at everything, and says what is missing
npm start</pre>
    <form method="post" action="/finish"><button>End setup</button></form>`;
}

export function halfView(present: readonly string[], missing: readonly string[], path: string): Html {
  return html`<p>
      ${present.join(', ')} ${present.length > 1 ? 'are' : 'is'} set, and ${missing.join(', ')}
      ${missing.length > 1 ? 'are' : 'is'} not.
    </p>
    <p>
      Complete it in <code>${path}</code>: the values are on the app’s settings page. Or remove what is set to
      make a new app here. Then <a href="/">look again</a>.
    </p>`;
}

export function unreadableView(path: string): Html {
  return html`<p>
    The app that is set cannot be asked where it is installed. Check its credentials in <code>${path}</code>,
    or the network, then <a href="/">look again</a>.
  </p>`;
}

export function goodbyeView(): Html {
  return html`<p>You can close this page. <code>npm run setup</code> brings it back.</p>`;
}

function permissionTable({ permissions, events }: AppManifest): Html {
  const rows = Object.entries(permissions).map(
    ([name, level]) =>
      html`<tr>
        <td>${name}</td>
        <td>${level}</td>
      </tr>`,
  );
  return html`<table>
    <tr>
      <th>Permission</th>
      <th>Level</th>
    </tr>
    ${rows}
    <tr>
      <td>events</td>
      <td>${events.length > 0 ? events.join(', ') : 'none'}</td>
    </tr>
  </table>`;
}
