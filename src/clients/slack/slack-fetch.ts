// Our `fetch` in the shape that Slack's libraries call it in.
import type { WebClientOptions } from '@slack/web-api';
import type { Fetch } from '../http/fetch.ts';

type SlackFetch = NonNullable<WebClientOptions['fetch']>;

export function slackFetch(fetch: Fetch): SlackFetch {
  return (url, { method, headers, body, redirect, signal } = {}) =>
    // What is undefined is left out: our `fetch` does not take it.
    fetch(String(url), {
      ...(method !== undefined && { method }),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
      ...(redirect !== undefined && { redirect }),
      ...(signal !== undefined && { signal }),
    });
}
