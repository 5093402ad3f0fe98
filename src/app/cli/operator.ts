// What commands on the real system share: the environment as the app reads it, which desk is meant, and whose an account is.
import type { People } from '../../desk/desk.ts';
import type { Identities } from '../../domain/identities.ts';
import type { PersonId } from '../../domain/names.ts';
import { withEnvFile } from '../environment.ts';
import {
  NoSuchDesk,
  openDeskOnGitHub,
  openOperatorDesk,
  type DeskOnGitHub,
  type OperatorDesk,
} from '../operator-desk.ts';
import { createSandboxClock } from '../sandbox-clock.ts';
import { readSettings, type Environment } from '../settings.ts';
import { systemClock } from '../system.ts';
import { WrongCall } from './ending.ts';

export type OpenDesk = (named: string | undefined) => Promise<OperatorDesk>;

/** For what is asked of GitHub alone: it needs no other settings. */
export type OpenOnGitHub = (named: string | undefined) => Promise<DeskOnGitHub>;
type Parts = Parameters<typeof openOperatorDesk>[0];

/** By the environment and .env of where one is. */
export const openDesk: OpenDesk = async (named) => openWith(partsHere())(named);
export const openOnGitHub: OpenOnGitHub = async (named) => openOnGitHubWith(partsHere())(named);

function partsHere(): Parts {
  const environment = withEnvFile(process.env, process.cwd());
  return {
    environment,
    clock: clockOf(environment),
    fetch: (...asked) => globalThis.fetch(...asked),
  };
}

export function openWith(parts: Parts): OpenDesk {
  return (named) => rightlyCalled(openOperatorDesk(parts, named));
}

export function openOnGitHubWith(parts: Parts): OpenOnGitHub {
  return (named) => rightlyCalled(openDeskOnGitHub(parts, named));
}

async function rightlyCalled<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof NoSuchDesk) throw new WrongCall(error.message);
    throw error;
  }
}

/** Beside a sandbox whose clock was pushed, ours has to go with it: GitHub is the sandbox. */
export function clockOf(environment: Environment): typeof systemClock {
  const read = readSettings(environment);
  const file = 'settings' in read ? read.settings.sandboxClock : undefined;
  return file === undefined ? systemClock : createSandboxClock(file);
}

/** Whose an account is, as a strategy names it, by all that people.yml and the ledger say of accounts. */
export function ownersOf(people: People, identities: Identities): (account: string) => PersonId | undefined {
  const owners = new Map<string, PersonId>();
  for (const { id, email, github, accounts = {} } of people.persons.values()) {
    owners.set(id, id);
    if (email !== undefined) owners.set(email.toLowerCase(), id);
    if (github)
      for (const name of [`github:${github.id}`, String(github.id), github.login.toLowerCase()])
        owners.set(name, id);
    for (const account of Object.values(accounts)) owners.set(account.toLowerCase(), id);
  }
  for (const { person, account } of identities.values())
    if (people.persons.has(person)) owners.set(account.toLowerCase(), person);
  return (account) => {
    const name = account.toLowerCase();
    // Some strategies put the service before the id.
    return owners.get(name) ?? owners.get(name.slice(name.indexOf(':') + 1));
  };
}
