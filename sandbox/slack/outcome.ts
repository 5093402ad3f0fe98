// How something that a person does ends: done, or not, with what Slack shows them.
import type { Delivered } from './deliver.ts';

export interface NotDone {
  readonly ok: false;
  /** `operation_timeout`, `dispatch_failed` … of the app; `not_visible`, `no_such_element` … of Slack itself. */
  readonly error: string;
  /** What the person reads. */
  readonly shown: string;
  /** At which block of a form. */
  readonly errors?: Readonly<Record<string, string>>;
}

export type Outcome<Done = unknown> = ({ readonly ok: true } & Done) | NotDone;

export function notDone(error: string, shown: string, errors?: Readonly<Record<string, string>>): NotDone {
  return { ok: false, error, shown, ...(errors ? { errors } : {}) };
}

/** Slack's word for an app that did not answer as it should. */
export function failureOf(delivered: Delivered & { readonly ok: false }): string {
  switch (delivered.reason) {
    case 'http_timeout':
      return 'operation_timeout';
    case 'connection_failed':
      return 'dispatch_failed';
    case 'http_error':
      return delivered.status >= 500 ? 'http_service_error' : 'http_client_error';
  }
}
