// From what a person wrote to what the engine is asked: the one way in for webhooks and for what is read again later.
import type { PersonCommand, Voice } from '../../domain/commands.ts';
import type { GitHubThread } from '../../domain/entries.ts';
import { account, earlier, type DeskId, type Instant, type RequestId } from '../../domain/names.ts';
import type { Remark } from '../../engine/carrier.ts';
import type { Linking } from '../../engine/linking.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Flows } from '../../engine/ports/flows.ts';
import type { Overview, Reception } from '../../engine/ports/reception.ts';
import { answerLinkOrder, isOurs, type LinkOrder } from './link-orders.ts';
import { parseComment, type ParsedComment } from './parse-comment.ts';
import { parseIssue } from './parse-issue.ts';
import { renderMalformed, renderMisspelt, renderStatus, renderWhyAnswer } from './render-answer.ts';
import { renderHelp } from './render-help.ts';

/** A text that one person wrote and nobody has edited. */
export interface Utterance {
  readonly on: 'issue' | 'comment';
  readonly desk: DeskId;
  readonly thread: GitHubThread;
  readonly nodeId: string;
  readonly databaseId: number;
  readonly author: { readonly id: number; readonly login: string };
  readonly body: string;
  readonly createdAt: Instant;
}

/** How people are answered; both may be tried again, and neither may hold up the other. */
export interface Replies {
  /** Once for each thing said. */
  reply(thread: GitHubThread, voice: Voice, body: string): Promise<void>;
  acknowledge(utterance: Utterance): Promise<void>;
}

export interface HearingParts {
  readonly reception: Reception & Pick<Overview, 'debtsOf'>;
  readonly flows: Flows;
  readonly clock: Clock;
  readonly replies: Replies;
  /** Absent where Slack is not set up. */
  readonly linking?: Linking;
  /** A comment of a person that is no command, on the issue of a request. */
  readonly overheard?: (remark: Remark) => void;
  /** Work that the sender does not wait for. */
  readonly background: (work: () => Promise<void>) => void;
}

/**
 * The request that it is about, made durable; `unknown-thread`: it is a command about a request, and there is none on
 * this thread that we know of; `nothing`: it asks nothing of the engine.
 */
type Heard = { readonly request: RequestId } | 'unknown-thread' | 'nothing';

/** What is answered without the engine: it changes nothing. */
type Answerable = Exclude<
  ParsedComment,
  {
    type:
      'none' | 'request' | 'approve' | 'deny' | 'revoke' | 'cancel' | 'extend' | 'review' | 'link' | 'unlink';
  }
>;

export interface Hearing {
  /** `about`: the request of this thread, as far as it is known. */
  hear(said: Utterance, about: RequestId | undefined): Promise<Heard>;
}

export function createHearing(parts: HearingParts): Hearing {
  const { reception, flows, clock, replies, linking, overheard, background } = parts;

  async function hear(said: Utterance, about: RequestId | undefined): Promise<Heard> {
    const voice = voiceOf(said, clock.now());
    const parsed =
      said.on === 'issue' ? parseIssue(said.body, await flows.list(said.desk)) : parseComment(said.body);
    switch (parsed.type) {
      case 'none':
        if (about !== undefined && said.on === 'comment') overheard?.(remarkOf(said, voice, about));
        return 'nothing';
      case 'request':
        return accept(
          {
            type: 'request',
            desk: said.desk,
            flow: parsed.flow,
            form: parsed.form,
            voice,
            ...(parsed.breakGlass && { breakGlass: parsed.breakGlass }),
            ...(said.on === 'issue' && { thread: said.thread }),
          },
          said,
        );
      case 'approve':
      case 'deny':
      case 'revoke':
      case 'extend':
      case 'review':
        return about === undefined ? 'unknown-thread' : accept({ ...parsed, voice }, said, about);
      case 'cancel':
        return about === undefined ? 'unknown-thread' : accept({ type: 'cancel', voice }, said, about);
      case 'link':
      case 'unlink':
        return about === undefined && !isOurs(parsed) ? 'nothing' : order(parsed, said, voice);
      default:
        return answer(parsed, said, voice, about);
    }
  }

  /** Whatever came of it is durable before the sender is told. */
  async function order(parsed: LinkOrder, said: Utterance, voice: Voice): Promise<Heard> {
    const body = await answerLinkOrder(linking, parsed, said, voice);
    background(() => replies.reply(said.thread, voice, body));
    return 'nothing';
  }

  async function accept(command: PersonCommand, said: Utterance, about?: RequestId): Promise<Heard> {
    const { request, state } = await reception.accept(command, about);
    if (state === 'accepted') background(() => replies.acknowledge(said));
    return { request };
  }

  async function answer(
    parsed: Answerable,
    said: Utterance,
    voice: Voice,
    about: RequestId | undefined,
  ): Promise<Heard> {
    const isGeneral = parsed.type === 'help' || (parsed.type === 'malformed' && isRequest(said));
    if (about === undefined && !isGeneral) return 'unknown-thread';
    background(async () => {
      const body = await bodyOf(parsed, said, voice, about);
      if (body !== undefined) await replies.reply(said.thread, voice, body);
    });
    return 'nothing';
  }

  async function bodyOf(
    parsed: Answerable,
    said: Utterance,
    voice: Voice,
    about: RequestId | undefined,
  ): Promise<string | undefined> {
    switch (parsed.type) {
      case 'help':
        return renderHelp(await flows.list(said.desk), voice, {
          ...(parsed.flow !== undefined && { about: parsed.flow }),
          debts: await reception.debtsOf(said.desk, voice.account),
        });
      case 'malformed':
        return renderMalformed(parsed.problem, voice);
      case 'misspelt':
        return renderMisspelt(parsed.word, parsed.meant, voice);
      case 'status': {
        const request = about && (await reception.view(about));
        return request && renderStatus(request, voice);
      }
      case 'why': {
        const why = about && (await reception.why(about, voice));
        return why && renderWhyAnswer(why, voice);
      }
      default:
        return parsed satisfies never;
    }
  }

  return { hear };
}

function remarkOf({ nodeId, databaseId, body }: Utterance, voice: Voice, request: RequestId): Remark {
  const { account: of, name, at } = voice;
  const anchor = `#issuecomment-${databaseId}`;
  return { request, key: `github.${nodeId}`, account: of, name, text: body, at, anchor };
}

function isRequest(said: Utterance): boolean {
  return said.on === 'issue' || /^ {0,3}\/(request|break-glass)\b/i.test(said.body);
}

/** The person is whoever the signed payload says; nothing that they typed is asked about it. */
function voiceOf(said: Utterance, now: Instant): Voice {
  return {
    surface: 'github',
    account: account('github', said.author.id),
    name: said.author.login,
    ref: said.nodeId,
    at: earlier(said.createdAt, now),
    where: said.thread,
  };
}
