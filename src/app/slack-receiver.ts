// Stands where Bolt expects its own app: what a receiver brings is looked at here once, and handed on.

export interface Received {
  readonly body: unknown;
  readonly retry?: { readonly num: number; readonly reason: string };
  /** What was taken along from the request. */
  readonly properties: { readonly [name: string]: unknown };
  /** Once. Rejects where it can be sent no more. */
  ack(answer: object | undefined): Promise<void>;
}

/** What Bolt's receivers bring, as far as we need it. */
interface BoltEvent {
  readonly body: unknown;
  readonly retryNum?: number;
  readonly retryReason?: string;
  readonly customProperties?: { readonly [name: string]: unknown };
  readonly ack: (answer?: object) => Promise<void>;
}

interface BoltReceiver {
  init(app: { processEvent(event: BoltEvent): Promise<void> }): void;
}

export function receiverEvent(receiver: BoltReceiver, take: (received: Received) => Promise<void>): void {
  receiver.init({
    processEvent: ({ body, retryNum, retryReason, customProperties, ack }) =>
      take({
        body,
        properties: customProperties ?? {},
        ...(retryNum !== undefined &&
          retryNum > 0 && { retry: { num: retryNum, reason: (retryReason ?? '').slice(0, 64) } }),
        ack: (answer) => ack(answer),
      }),
  });
}
