// How GitHub says no: a status, a message, and the list of what was wrong.
export interface FieldError {
  readonly resource: string;
  readonly field: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  readonly message?: string;
  readonly value?: unknown;
}

export class GitHubProblem extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[] | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: {
    status: number;
    message: string;
    errors?: readonly FieldError[];
    headers?: Readonly<Record<string, string>>;
  }) {
    super(options.message);
    this.status = options.status;
    this.errors = options.errors ?? null;
    this.headers = options.headers ?? {};
  }

  toJSON(): Readonly<Record<string, unknown>> {
    return {
      message: this.message,
      ...(this.errors ? { errors: this.errors } : {}),
      documentation_url: 'https://docs.github.com/rest',
      status: String(this.status),
    };
  }
}

export function notFound(): GitHubProblem {
  return new GitHubProblem({ status: 404, message: 'Not Found' });
}

export function forbidden(message: string, headers: Readonly<Record<string, string>> = {}): GitHubProblem {
  return new GitHubProblem({ status: 403, message, headers });
}

export function unauthorized(message = 'Bad credentials'): GitHubProblem {
  return new GitHubProblem({ status: 401, message });
}

export function invalid(errors: readonly FieldError[], message = 'Validation Failed'): GitHubProblem {
  return new GitHubProblem({ status: 422, message, errors });
}

export function unprocessable(message: string): GitHubProblem {
  return new GitHubProblem({ status: 422, message });
}

export function conflict(message: string): GitHubProblem {
  return new GitHubProblem({ status: 409, message });
}
