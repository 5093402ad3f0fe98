// The way into the sandbox and out of it: the kernel's functions as we call them, and ours as it does.
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { kernelSource } from './generated/inside-source.ts';
import type { KernelHost } from './inside/kernel.ts';
import { tellError, type Machine } from './machine.ts';
import type { RoomOutcome } from './messages.ts';
import { createRecent } from './recent.ts';

export interface KernelCalls {
  keep(file: string, namespace: QuickJSHandle): RoomOutcome | undefined;
  run(file: string, path: string, json: string): RoomOutcome | undefined;
  settle(id: number, isOk: boolean, json: string): RoomOutcome | undefined;
}

/** The kernel's functions; what they answer is a failure of the engine, such as an interruption. */
export function startKernel(machine: Machine, host: KernelHost): KernelCalls {
  const { context } = machine;
  const read = context.unwrapResult(context.evalCode(kernelSource, 'kernel', { type: 'module' }));
  const makeKernel = context.getProp(read, 'makeKernel');
  const made = context.unwrapResult(
    context.callFunction(makeKernel, context.undefined, hostHandle(context, host)),
  );
  const functions = {
    keep: context.getProp(made, 'keep'),
    run: context.getProp(made, 'run'),
    settle: context.getProp(made, 'settle'),
  };

  function call(name: keyof typeof functions, args: readonly QuickJSHandle[]): RoomOutcome | undefined {
    const result = context.callFunction(functions[name], context.undefined, ...args);
    for (const each of args) each.dispose();
    if (result.error) return tellError(machine, result.error);
    result.value.dispose();
    return undefined;
  }
  /** The same few names, call after call. */
  const names = createRecent<QuickJSHandle>(100);
  function nameOf(text: string): QuickJSHandle {
    const name = names.get(text) ?? context.newString(text);
    names.set(text, name);
    return name.dup();
  }
  return {
    keep: (file, namespace) => call('keep', [nameOf(file), namespace.dup()]),
    run: (file, path, json) => call('run', [nameOf(file), nameOf(path), context.newString(json)]),
    settle: (id, isOk, json) =>
      call('settle', [context.newNumber(id), isOk ? context.true : context.false, context.newString(json)]),
  };
}

function hostHandle(context: QuickJSContext, host: KernelHost): QuickJSHandle {
  const handle = context.newObject();
  const offer = (name: string, work: (...args: QuickJSHandle[]) => QuickJSHandle | undefined): void =>
    context.newFunction(name, work).consume((made) => context.setProp(handle, name, made));
  const text = (of: QuickJSHandle | undefined): string => (of ? context.getString(of) : '');
  offer('ask', (id, name, json) =>
    context.newString(host.ask(id ? context.getNumber(id) : 0, text(name), text(json))),
  );
  offer('isOpen', () => (host.isOpen() ? context.true : context.false));
  offer('say', (line) => void host.say(text(line)));
  offer('finish', (kind, told) => void host.finish(text(kind), text(told)));
  offer('random', () => context.newNumber(host.random()));
  offer('nonce', () => context.newString(host.nonce()));
  context.newNumber(host.answerLength).consume((made) => context.setProp(handle, 'answerLength', made));
  return handle;
}
