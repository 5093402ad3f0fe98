// Runs inside the sandbox, before any code of a desk: takes away what is not for it, and passes calls in and answers out.
// It is generated as text into `generated/inside-source.ts`, and knows nothing but the host functions that it is given.

/** What the thread around the sandbox offers: numbers and texts only. */
export interface KernelHost {
  /** Empty where it was sent; else why it is one too many, or too large. */
  ask(id: number, name: string, json: string): string;
  /** Not while modules are read. */
  isOpen(): boolean;
  say(text: string): void;
  finish(kind: string, text: string): void;
  random(): number;
  /** Of the call that runs: what makes a mark of a secret unguessable. */
  nonce(): string;
  /** How long an answer may be. */
  readonly answerLength: number;
}

export interface Kernel {
  keep(file: string, namespace: object): void;
  run(file: string, path: string, json: string): void;
  settle(id: number, isOk: boolean, json: string): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export function makeKernel(host: KernelHost): Kernel {
  const modules = new Map<string, object>();
  const waiting = new Map<number, Waiting>();
  const { parse, stringify } = JSON;
  let last = 0;

  takeAway(host);
  Reflect.defineProperty(globalThis, Symbol.for('countersign.host'), {
    value: Object.freeze({ call, log: (text: unknown) => host.say(String(text)), mark }),
  });
  freezeAll();

  function call(name: unknown, args: unknown): Promise<unknown> {
    if (!host.isOpen())
      throw outsideError('refused', 'Outside calls belong into a function that Countersign runs.');
    const json = stringify(args);
    if (typeof name !== 'string' || typeof json !== 'string')
      throw outsideError('refused', 'An outside call has a name, and JSON.');
    return new Promise((resolve, reject) => {
      last += 1;
      const refusal = host.ask(last, name, json);
      if (refusal === '') waiting.set(last, { resolve, reject });
      else reject(outsideError('too-many', refusal));
    });
  }

  function mark(form: unknown, ...parts: readonly unknown[]): string {
    const encoded = parts.map((part) => encodeURIComponent(String(part)));
    return `{{countersign:${host.nonce()}:${String(form)}:${encoded.join(':')}}}`;
  }

  function finish(value: unknown): void {
    let json;
    try {
      json = stringify(value, plainly) ?? '';
      if (value !== undefined && json === '') throw new TypeError('it is no JSON');
    } catch (error) {
      const told = shown(error);
      if (isOutOfMemory(told)) return fail(error);
      const message = `The answer cannot be used: ${told.message}`;
      return host.finish('output', stringify({ message }));
    }
    if (json.length > host.answerLength)
      return host.finish(
        'output',
        stringify({ message: `The answer is longer than ${host.answerLength} characters.` }),
      );
    host.finish('answer', json);
  }

  function fail(error: unknown): void {
    const told = shown(error);
    host.finish(isOutOfMemory(told) ? 'memory' : 'threw', stringify(told));
  }

  return {
    keep(file, namespace) {
      modules.set(file, namespace);
    },
    run(file, path, json) {
      try {
        const value = found(modules.get(file), path);
        if (value === undefined)
          return host.finish('not-found', stringify({ message: 'There is no such export.' }));
        const answer = typeof value === 'function' ? value(parse(json)) : value;
        if (isThenable(answer)) Promise.resolve(answer).then(finish, fail);
        else finish(answer);
      } catch (error) {
        fail(error);
      }
    },
    settle(id, isOk, json) {
      const waiter = waiting.get(id);
      waiting.delete(id);
      const value = parse(json);
      if (isOk) waiter?.resolve(value);
      else waiter?.reject(outsideError(value.code, value.message, value.transient));
    },
  };
}

/** Own properties alone: nothing that every object has is an export. */
function found(from: object | undefined, path: string): unknown {
  const dot = path.indexOf('.');
  const name = dot < 0 ? path : path.slice(0, dot);
  if (from === undefined || !Object.hasOwn(from, name)) return undefined;
  const value: unknown = Reflect.get(from, name);
  if (dot < 0) return value;
  const within = isObject(value) ? found(value, path.slice(dot + 1)) : undefined;
  return typeof within === 'function' ? within.bind(value) : within;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function';
}

/** For `JSON.stringify`: what it would drop or bend without a word is refused. */
function plainly(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new TypeError('it has a key __proto__');
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new TypeError(`it holds a ${typeof value}`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`it holds ${value}`);
  if (value instanceof Map || value instanceof Set) throw new TypeError('it holds a Map or a Set');
  if (value instanceof Promise) throw new TypeError('it holds a promise that was not awaited');
  return value;
}

interface Shown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Where the error itself says whether the same may work later. */
  readonly transient?: boolean;
}

/** Whatever was thrown, in texts of bounded length. Code of the desk may run here: it is counted like the rest of it. */
function shown(error: unknown): Shown {
  try {
    if (!(error instanceof Error)) return { name: '', message: short(describe(error)), stack: '' };
    const transient: unknown = Reflect.get(error, 'transient');
    return {
      name: short(error.name),
      message: short(error.message),
      stack: short(error.stack),
      ...(typeof transient === 'boolean' && { transient }),
    };
  } catch {
    return { name: '', message: 'something that cannot be shown', stack: '' };
  }
}
function isOutOfMemory({ name, message }: { readonly name: string; readonly message: string }): boolean {
  return name === 'InternalError' && message === 'out of memory';
}
function describe(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null) return JSON.stringify(thrown) ?? 'an object';
  return typeof thrown === 'function' ? 'a function' : String(thrown);
}
function short(text: unknown): string {
  return String(text ?? '').slice(0, 2000);
}

function outsideError(code: string, message: string, transient: unknown = false): Error {
  return Object.assign(new Error(message), { code, transient });
}

/** No code from text, no chance or time but what the call brings, nothing that outlives or watches the collector. */
function takeAway(host: KernelHost): void {
  for (const name of ['eval', 'Function', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics'])
    Reflect.deleteProperty(globalThis, name);
  for (const maker of functionKinds()) {
    const refuse = function (): never {
      throw new TypeError('Code is not made from text here.');
    };
    Reflect.defineProperty(Object.getPrototypeOf(maker), 'constructor', { value: refuse });
  }
  for (const accessor of [
    '__proto__',
    '__defineGetter__',
    '__defineSetter__',
    '__lookupGetter__',
    '__lookupSetter__',
  ])
    Reflect.deleteProperty(Object.prototype, accessor);
  Math.random = () => host.random();
}

function functionKinds(): readonly object[] {
  return [function () {}, async function () {}, function* () {}, async function* () {}];
}

/** One call leaves nothing behind for the next one but what its own modules hold. */
function freezeAll(): void {
  const seen = new Set<object>();
  const queue: unknown[] = [globalThis, ...functionKinds(), ...iterators()];
  while (queue.length > 0) {
    const value = queue.pop();
    if (!isObject(value) || seen.has(value)) continue;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) {
      const property = Reflect.getOwnPropertyDescriptor(value, key);
      queue.push(property?.value, property?.get, property?.set);
    }
    queue.push(Object.getPrototypeOf(value));
    if (isOftenShadowed(value)) letShadow(value);
    Object.freeze(value);
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function iterators(): readonly object[] {
  const texts = 'a'[Symbol.iterator]();
  return [[][Symbol.iterator](), new Map().entries(), new Set().values(), texts, 'a'.matchAll(/a/g)];
}

/** Where people assign to what their object only inherits: `this.name = 'MyError'`. */
function isOftenShadowed(value: object): boolean {
  return value === Object.prototype || value === Error.prototype || Error.prototype.isPrototypeOf(value);
}

/** A frozen property could not be shadowed by assignment; as an accessor it can. */
function letShadow(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const property = Reflect.getOwnPropertyDescriptor(prototype, key);
    if (!property?.configurable || !('value' in property)) continue;
    const { value }: { value?: unknown } = property;
    Reflect.defineProperty(prototype, key, {
      get: () => value,
      set(this: unknown, own: unknown) {
        if (!isObject(this) || this === prototype)
          throw new TypeError(`${String(key)} cannot be changed here.`);
        Reflect.defineProperty(this, key, {
          value: own,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
    });
  }
}
