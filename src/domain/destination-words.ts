// Where somebody is told, in words: `slack-channel:access` is “#access on Slack”.
import { printDuration } from './duration.ts';
import type { Route } from './flow.ts';
import type { Destination } from './names.ts';
import { list } from './words.ts';

/** As in “is told to …”; whose name is not known here is their name in `people.yml`. */
export function destinationWords(destination: Destination): string {
  const [kind = '', ...rest] = destination.split(':');
  const id = rest.join(':');
  switch (kind) {
    case 'slack-channel': {
      const [workspace, channel] = id.includes('/') ? id.split('/') : [undefined, id];
      return workspace === undefined ? `#${id}` : `#${channel ?? ''} of the Slack workspace ${workspace}`;
    }
    case 'person':
      return id;
    case 'people':
      return `${list(id.split(','), 'and')} in one message`;
    case 'manager':
      return id === 'requester' ? 'the manager of whoever asks' : `the manager of ${id}`;
    case 'origin':
      return 'the channel it was asked in';
    case 'requester':
      return 'whoever asks';
    case 'github':
      return 'GitHub';
    default:
      return id;
  }
}

/** All of them, in order: “#access, after 15m bob”. */
export function routesWords(routes: readonly Route[]): string {
  return routes.map(routeWords).join(', ');
}

function routeWords({ to, after }: Route, index: number): string {
  const whom = list(to.map(destinationWords), 'and');
  if (after !== undefined) return `after ${printDuration(after)} ${whom}`;
  return index === 0 ? whom : `where that fails ${whom}`;
}
