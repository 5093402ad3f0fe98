// Answers the questions of a decision from the world as it is now. Nothing here judges.
import type { Access, Answers, Facts, Question, QuestionKind, QuestionOf } from '../domain/facts.ts';
import { isUnknown, questionKey } from '../domain/facts.ts';
import type { DeskId } from '../domain/names.ts';
import { Failure } from './ports/failure.ts';
import type { AccessControl } from './ports/access.ts';
import type { AskIdentity, DeskCode } from './ports/desk-code.ts';
import type { Directory } from './ports/directory.ts';
import type { Flows, OptionLists } from './ports/flows.ts';
import type { Store } from './ports/store.ts';

export interface Sources {
  readonly directory: Directory;
  readonly flows: Flows;
  readonly access: AccessControl;
  readonly store: Store;
  readonly options: OptionLists;
  readonly code: DeskCode;
}

/** The answers of one decision: asked once each, then kept, so that every round of it sees the same world. */
export class GatheredFacts implements Facts {
  readonly #desk: DeskId;
  readonly #sources: Sources;
  readonly #answers: { [K in QuestionKind]: Map<string, Answers[K]> } = {
    person: new Map(),
    belongs: new Map(),
    flow: new Map(),
    access: new Map(),
    history: new Map(),
    reviews: new Map(),
    options: new Map(),
    incident: new Map(),
    hook: new Map(),
    approval: new Map(),
    available: new Map(),
  };

  constructor(desk: DeskId, sources: Sources) {
    this.#desk = desk;
    this.#sources = sources;
  }

  get<K extends QuestionKind>(question: QuestionOf<K>): Answers[K] | undefined {
    const answers: Map<string, Answers[K]> = this.#answers[question.ask];
    return answers.get(questionKey(question));
  }

  async answer(questions: readonly Question[]): Promise<void> {
    await Promise.all(questions.map((question) => this.#answerOne(question)));
  }

  async #answerOne(question: Question): Promise<void> {
    const key = questionKey(question);
    const { directory, flows } = this.#sources;
    switch (question.ask) {
      case 'person':
        this.#answers.person.set(key, await directory.person(this.#desk, question.account));
        return;
      case 'belongs':
        this.#answers.belongs.set(key, await directory.belongs(this.#desk, question.person, question.group));
        return;
      case 'flow':
        this.#answers.flow.set(key, await flows.current(question.desk, question.name));
        return;
      case 'access':
        this.#answers.access.set(key, await look(this.#desk, question, this.#sources));
        return;
      case 'history':
        this.#answers.history.set(key, await this.#sources.store.history(question));
        return;
      case 'reviews':
        this.#answers.reviews.set(key, await reviews(question, this.#sources));
        return;
      case 'options':
        this.#answers.options.set(key, await this.#sources.options.now(question));
        return;
      case 'incident':
        this.#answers.incident.set(
          key,
          (await directory.incident?.(this.#desk, question)) ?? {
            unknown: 'Incidents cannot be looked up here.',
          },
        );
        return;
      case 'hook':
        this.#answers.hook.set(key, await this.#sources.code.hook(question));
        return;
      case 'approval':
        this.#answers.approval.set(key, await this.#sources.code.approval(question));
        return;
      case 'available':
        this.#answers.available.set(key, await this.#sources.code.available(question));
        return;
      default:
        question satisfies never;
    }
  }
}

/** What cannot be read now lets nobody pass. */
async function reviews({ desk }: QuestionOf<'reviews'>, { store }: Sources): Promise<Answers['reviews']> {
  try {
    return await store.reviews(desk);
  } catch (error) {
    if (error instanceof Failure) return { unknown: error.message };
    throw error;
  }
}

const lookRounds = 3;

/**
 * What is held now, and by which of our own grants. The grants are read before and after the target: only where
 * both agree is it certain whose doing the holding is. One of ours that begins or ends in between would else be
 * taken for something that was there before.
 */
async function look(
  desk: DeskId,
  question: QuestionOf<'access'>,
  { access, store, code }: Sources,
): Promise<Access> {
  const { strategy, settings, person, identity } = question;
  let unanswered: string | undefined;
  const asked: AskIdentity | undefined =
    identity &&
    (async (service) => {
      const answer = await code.identity({ desk, ...identity, service });
      if (!isUnknown(answer)) return answer;
      unanswered = answer.unknown;
      throw new Failure(`The code of the flow was asked whose account it is: ${unanswered}`, {
        transient: true,
      });
    });
  try {
    let before: string | undefined;
    for (let round = 0; round < lookRounds; round += 1) {
      const seen = await access.look(desk, strategy, settings, person, asked);
      if ('missing' in seen)
        return unanswered === undefined ? seen : { missing: 'unanswered', why: unanswered };
      const live = await store.live(seen.resource, seen.account);
      const after = JSON.stringify([seen.resource, seen.account, live.map(({ request }) => request)]);
      if (before === after)
        return { ...seen, live: live.map(({ request, grant }) => ({ request, before: grant.before })) };
      before = after;
    }
    return { missing: 'unavailable', why: 'Other grants on the same resource are starting or ending.' };
  } catch (error) {
    if (error instanceof Failure) return { missing: 'unavailable', why: error.message };
    throw error;
  }
}
