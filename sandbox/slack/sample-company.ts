// The people and channels that the sandbox shows and tests meet: acme, a guest of it, and a customer over Slack Connect.
import type { NewApp } from './company.ts';
import type { AppRow } from './rows.ts';
import type { Slack } from './slack.ts';

export const acme = 'T07ACME00';
export const customer = 'T9CUST000';

/** By the keys of `flows/people.yml`; cleo is the customer's, gil a guest of one channel, nora of several. */
export const people = {
  ann: 'U07ANN000',
  bob: 'U07BOB000',
  dora: 'U07DORA00',
  max: 'U07MAX000',
  yuki: 'U07YUKI00',
  lena: 'U07LENA00',
  kofi: 'U07KOFI00',
  ines: 'U07INES00',
  priya: 'U07PRIYA0',
  anastasia: 'U07ANAST0',
  eve: 'U07EVE000',
  gil: 'U07GUEST0',
  nora: 'U07GUEST1',
  cleo: 'U09CLEO00',
} as const;

export const channels = {
  access: 'C07ACCESS0',
  accessErrors: 'C07ERRORS0',
  dataAccess: 'C07DATA000',
  general: 'C07GENERAL',
  extCustomer: 'C07EXTCUST',
} as const;

export interface SampleCompany {
  /** The app in acme. */
  readonly app: AppRow;
}

/** Does nothing twice: a folder with a past keeps its own. */
export function sampleCompany(slack: Slack, app: Partial<NewApp> = {}): SampleCompany {
  const known = slack.state.apps.find((row) => row.team_id === acme);
  if (known) return { app: known };
  const { company } = slack;
  company.addWorkspace({ id: acme, name: 'Acme Inc.', domain: 'acme' });
  company.addWorkspace({ id: customer, name: 'Customer Inc.', domain: 'customer' });
  const acmePerson = (key: keyof typeof people, realName: string, isAdmin = false): void => {
    const email = `${key}@acme.com`;
    company.addUser({ workspace: acme, id: people[key], name: key, realName, email, isAdmin });
  };
  acmePerson('ann', 'Ann Ortega');
  acmePerson('bob', 'Bob Lindqvist');
  acmePerson('dora', 'Dora Kim');
  acmePerson('max', 'Max Pereira', true);
  acmePerson('yuki', 'Yuki Tanaka');
  acmePerson('lena', 'Lena Fischer');
  acmePerson('kofi', 'Kofi Mensah');
  acmePerson('ines', 'Inês Costa');
  acmePerson('priya', 'Priya Raman');
  acmePerson('anastasia', 'Anastasia Papadopoulou-Konstantinidis');
  acmePerson('eve', 'Eve Sato');
  company.addUser({
    workspace: acme,
    id: people.gil,
    name: 'gil',
    realName: 'Gil Moreau',
    email: 'gil@partner.example',
    guest: 'single',
  });
  company.addUser({
    workspace: acme,
    id: people.nora,
    name: 'nora',
    realName: 'Nora Lind',
    email: 'nora@partner.example',
    guest: 'multi',
  });
  company.addUser({
    workspace: customer,
    id: people.cleo,
    name: 'cleo',
    realName: 'Cleo Duarte',
    email: 'cleo@customer.example',
  });
  const row = company.addApp({
    workspace: acme,
    id: 'A07CSIGN00',
    botUserId: 'U07CSIGN0',
    shortcuts: [
      { type: 'global', name: 'Request access', callback_id: 'request_access' },
      { type: 'message', name: 'Request access', callback_id: 'request_access_here' },
    ],
    ...app,
  });
  const bot = row.bot_user_id;
  const everybody = Object.values(people).filter((id) => id.startsWith('U07') && !id.startsWith('U07GUEST'));
  const inAcme = { workspace: acme };
  company.addChannel({
    ...inAcme,
    id: channels.general,
    name: 'general',
    general: true,
    members: [...everybody, bot],
  });
  company.addChannel({
    ...inAcme,
    id: channels.access,
    name: 'access',
    private: true,
    members: [people.ann, people.bob, people.dora, people.max, people.gil, people.nora, bot],
  });
  company.addChannel({
    ...inAcme,
    id: channels.accessErrors,
    name: 'access-errors',
    private: true,
    members: [people.max, bot],
  });
  company.addChannel({
    ...inAcme,
    id: channels.dataAccess,
    name: 'data-access',
    private: true,
    members: [people.bob, people.yuki, bot],
  });
  company.addChannel({
    ...inAcme,
    id: channels.extCustomer,
    name: 'ext-customer',
    sharedWith: [customer],
    members: [people.ann, people.bob, people.cleo, bot],
  });
  company.addGroup({
    ...inAcme,
    id: 'S07DATA00',
    handle: 'data-team',
    name: 'Data team',
    users: [people.bob, people.yuki],
  });
  return { app: row };
}
