// How AWS says no: a status, the name of the error, and a message that quotes what it was asked for.

export class AwsProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** Further members of the answer, such as `Reason`. */
  readonly members: Readonly<Record<string, string>>;
  constructor(status: number, code: string, message: string, members: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.members = members;
  }
}

export const invalid = (message: string): AwsProblem => new AwsProblem(400, 'ValidationException', message);
export const notFound = (message: string): AwsProblem =>
  new AwsProblem(400, 'ResourceNotFoundException', message);
export const throttled = (): AwsProblem => new AwsProblem(400, 'ThrottlingException', 'Rate exceeded');
