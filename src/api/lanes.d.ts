/** lanes: Python's multiprocessing for TypeScript. Every wait is a promise; no call blocks the event loop. Times are ms. */
// One file, longer than most: an editor shows it to the user as what the library is.
type Primitive = string | number | boolean | bigint | null | undefined | void;
type BuiltIn =
  | Date
  | RegExp
  | ArrayBuffer
  | DataView
  | Error
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** What stays one thing in all processes: it may be an argument, a field, a result. */
interface Handle {
  readonly $lanes: unknown;
}

/** The type itself if a value of it arrives whole in another process; else a type nothing fits, whose member says why. */
type Sendable<T> = T extends Primitive | BuiltIn | Handle
  ? T
  : T extends (...args: never[]) => unknown
    ? { "a function cannot be sent to another process": never }
    : T extends symbol
      ? { "a symbol cannot be sent to another process": never }
      : T extends Promise<unknown>
        ? { "a promise cannot be sent to another process: await it first": never }
        : T extends Map<infer K, infer V>
          ? Map<Sendable<K>, Sendable<V>>
          : T extends Set<infer V>
            ? Set<Sendable<V>>
            : T extends object
              ? { [K in keyof T]: Sendable<T[K]> }
              : T;
type SendableArgs<A extends any[]> = { [K in keyof A]: Sendable<A[K]> };
type Args<A extends any[]> = [] extends A
  ? { readonly args?: NoInfer<SendableArgs<A>> }
  : { readonly args: NoInfer<SendableArgs<A>> };
type Task<A extends any[], R> = (...args: A) => R | Promise<R>;

declare module "lanes" {
  export type { Handle, Sendable };
  export interface WaitOptions {
    /** The most to wait, ms; for ever by default. */
    readonly timeout?: number | undefined;
    /** Aborting it ends the wait: it throws the signal's reason. */
    readonly signal?: AbortSignal | undefined;
  }
  export interface NameOptions {
    /** What it is called in the live view and in errors. */
    readonly name?: string | undefined;
  }
  /** Held until it is disposed of: `using _ = await lock.hold()`. */
  export interface Hold extends Disposable {
    /** Whether the one who held it before died with it. */
    readonly recovered: boolean;
  }

  // ---- processes -------------------------------------------------------------------------------------------------
  export interface ProcessOptions {
    /** `Process-1`, `Process-2` … by default, after its class. */
    readonly name?: string;
    /** Not waited for at the end of the program, but killed then. By default as the process that makes it. */
    readonly daemon?: boolean;
  }
  export class Process<R = unknown, A extends any[] = []> implements AsyncDisposable {
    constructor(options?: ProcessOptions & { readonly target?: Task<A, R> } & Args<A>);
    /** What the child does: calls the target; a subclass overrides it. */
    run(): R | Promise<R>;
    /** @throws NotReachable, NotSendable, GuardMissing: nothing was started. */
    start(): this;
    /** Whether it has ended. Never rejects for what the child did. */
    join(options?: WaitOptions): Promise<boolean>;
    /** What run() returned. Rejects with RemoteError for what it threw, ProcessLost for any other end. */
    get result(): Promise<R>;
    /** SIGTERM. */
    terminate(): void;
    /** SIGKILL. What it held comes free. */
    kill(): void;
    get name(): string;
    get daemon(): boolean;
    /** Undefined before start(). */
    get pid(): number | undefined;
    /** Undefined before start(), null while it runs and if a signal ended it. */
    get exitCode(): number | null | undefined;
    get signal(): NodeJS.Signals | null;
    get isAlive(): boolean;
    /** SIGTERM, after 500 ms SIGKILL, join. */
    [Symbol.asyncDispose](): Promise<void>;
  }
  export interface ProcessView {
    readonly name: string;
    readonly pid: number;
    readonly isAlive: boolean;
    join(options?: WaitOptions): Promise<boolean>;
  }
  /** The process that runs this. */
  export function currentProcess(): {
    readonly name: string;
    readonly pid: number;
    readonly ppid: number;
    readonly daemon: boolean;
    readonly isMain: boolean;
  };
  /** The process that started this one; null in the first. */
  export function parentProcess(): ProcessView | null;
  /** The children of this process that have not ended. */
  export function activeChildren(): readonly Process<unknown, any[]>[];
  /** The cores this process may use: affinity and container counted. */
  export function cpuCount(): number;
  /** False in every child. */
  export const isMainProcess: boolean;
  /** Makes functions and classes findable where a file cannot be loaded again as it is: a bundle. */
  export function register(
    functions: Readonly<Record<string, ((...args: never[]) => unknown) | (abstract new (...args: never[]) => Process)>>,
  ): void;

  // ---- one at a time ---------------------------------------------------------------------------------------------
  /** One process at a time. kill -9 of the holder frees it. */
  export class Lock implements Handle {
    constructor(options?: NameOptions);
    readonly $lanes: unknown;
    get name(): string;
    get isLocked(): boolean;
    /** Whether the one who had it before this process took it had died with it. */
    get recovered(): boolean;
    tryAcquire(): boolean;
    /** False when the timeout is over. */
    acquire(options?: WaitOptions): Promise<boolean>;
    /** @throws LanesError if this process does not hold it. */
    release(): void;
    /** using _ = await lock.hold() */
    hold(options?: WaitOptions): Promise<Hold>;
    with<T>(body: () => T | Promise<T>, options?: WaitOptions): Promise<Awaited<T>>;
  }
  /** A lock that its holder may take again: whoever runs inside with(). */
  export class RLock implements Handle {
    constructor(options?: NameOptions);
    readonly $lanes: unknown;
    get name(): string;
    get isLocked(): boolean;
    with<T>(body: () => T | Promise<T>, options?: WaitOptions): Promise<Awaited<T>>;
  }
  /** A lock file: the same that `lanes lock FILE` takes; for programs that know nothing of each other. */
  export class FileLock implements Handle {
    constructor(path: string, options?: NameOptions);
    readonly $lanes: unknown;
    get path(): string;
    get name(): string;
    get isLocked(): boolean;
    tryAcquire(): boolean;
    acquire(options?: WaitOptions): Promise<boolean>;
    release(): void;
    hold(options?: WaitOptions): Promise<Hold>;
    with<T>(body: () => T | Promise<T>, options?: WaitOptions): Promise<Awaited<T>>;
  }
  /** So many at a time. The permits of a process that dies come back. */
  export class Semaphore implements Handle {
    constructor(value?: number, options?: NameOptions);
    readonly $lanes: unknown;
    get name(): string;
    get value(): number;
    tryAcquire(): boolean;
    acquire(options?: WaitOptions): Promise<boolean>;
    release(n?: number): void;
    hold(options?: WaitOptions): Promise<Hold>;
    with<T>(body: () => T | Promise<T>, options?: WaitOptions): Promise<Awaited<T>>;
  }
  /** One that throws where more is released than was acquired. */
  export class BoundedSemaphore extends Semaphore {}
  export class Condition implements Handle {
    constructor(lock?: Lock, options?: NameOptions);
    readonly $lanes: unknown;
    get name(): string;
    get lock(): Lock;
    acquire(options?: WaitOptions): Promise<boolean>;
    release(): void;
    with<T>(body: () => T | Promise<T>, options?: WaitOptions): Promise<Awaited<T>>;
    /** Lets go of the lock, waits for notify, takes the lock again. False when the timeout is over. */
    wait(options?: WaitOptions): Promise<boolean>;
    waitFor(predicate: () => boolean | Promise<boolean>, options?: WaitOptions): Promise<boolean>;
    notify(n?: number): void;
    notifyAll(): void;
  }
  export class Event implements Handle {
    constructor(options?: NameOptions);
    readonly $lanes: unknown;
    get name(): string;
    get isSet(): boolean;
    set(): void;
    clear(): void;
    /** False when the timeout is over. */
    wait(options?: WaitOptions): Promise<boolean>;
  }
  export class BrokenBarrier extends LanesError {}
  export class Barrier implements Handle {
    constructor(parties: number, options?: NameOptions & { readonly timeout?: number | undefined });
    readonly $lanes: unknown;
    get name(): string;
    get parties(): number;
    get waiting(): number;
    get isBroken(): boolean;
    /** Which one in the order of coming, from 0. @throws BrokenBarrier */
    wait(options?: WaitOptions): Promise<number>;
    reset(): void;
    abort(): void;
  }

  // ---- messages --------------------------------------------------------------------------------------------------
  /** First in, first out, between any number of processes. What was put is there, whatever becomes of who put it. */
  export class Queue<T = unknown> implements Handle, AsyncIterable<T> {
    /** @param maxSize how many items there may be in it; 0: any number, and put() never waits. */
    constructor(maxSize?: number, options?: NameOptions);
    readonly $lanes: unknown;
    get name(): string;
    get maxSize(): number;
    get size(): number;
    get isEmpty(): boolean;
    get isFull(): boolean;
    get isClosed(): boolean;
    /** @throws NotSendable; QueueFull when the timeout is over; QueueClosed. It was not put then. */
    put(item: T & Sendable<T>, options?: WaitOptions): Promise<void>;
    /** Only if it need not wait: whether it was put. */
    tryPut(item: T & Sendable<T>): boolean;
    /** @throws QueueEmpty when the timeout is over; QueueClosed when it is closed and empty. */
    get(options?: WaitOptions): Promise<T>;
    /** Only if it need not wait. */
    tryGet(): { readonly item: T } | null;
    /** From now on nobody can put; what is in it can still be taken. */
    close(): void;
    /** An item that was taken is done with. */
    taskDone(): void;
    /** Until taskDone() was called for every item put. False when the timeout is over. */
    join(options?: WaitOptions): Promise<boolean>;
    /** Until it is closed and empty. */
    [Symbol.asyncIterator](): AsyncGenerator<T, undefined>;
  }
  export { Queue as JoinableQueue, Queue as SimpleQueue };
  export class QueueClosed extends LanesError {}
  export class QueueEmpty extends LanesError {}
  export class QueueFull extends LanesError {}

  /** An end of a pipe. Whoever is given it has it until it ends, or closes it. */
  export class Connection<In = unknown, Out = In> implements Handle, AsyncIterable<In>, Disposable {
    private constructor();
    readonly $lanes: unknown;
    get name(): string;
    /** Never waits for the other end. @throws NotSendable; ConnectionClosed when nobody has the other end any more. */
    send(value: Out & Sendable<Out>): Promise<void>;
    /** @throws ConnectionClosed when nothing comes any more; QueueEmpty when the timeout is over. */
    receive(options?: WaitOptions): Promise<In>;
    get hasMessage(): boolean;
    /** Until receive() need not wait. False when the timeout is over. */
    poll(options?: WaitOptions): Promise<boolean>;
    get isClosed(): boolean;
    /** This process needs it no more. */
    close(): void;
    [Symbol.dispose](): void;
    /** Until nothing comes any more. */
    [Symbol.asyncIterator](): AsyncGenerator<In, undefined>;
  }
  /** The first end receives A and sends B. `duplex: false`: the first only receives, the second only sends. */
  export function Pipe<A = unknown, B = A>(
    options?: NameOptions & { readonly duplex?: boolean | undefined },
  ): [Connection<A, B>, Connection<B, A>];
  export class ConnectionClosed extends LanesError {}

  // ---- pools -----------------------------------------------------------------------------------------------------
  export type PoolOptions<A extends any[] = []> = {
    /** A worker is replaced after so many tasks: calls of apply, chunks of the others. */
    readonly maxTasksPerChild?: number | undefined;
  } & ([] extends A
    ? {
        /** Each worker calls it once, before anything else. */
        readonly initializer?: ((...args: A) => unknown) | undefined;
        readonly initArgs?: NoInfer<SendableArgs<A>> | undefined;
      }
    : {
        readonly initializer: (...args: A) => unknown;
        readonly initArgs: NoInfer<SendableArgs<A>>;
      });
  export interface CallOptions {
    /** How many items go to a worker together. By default a fourth of each worker's share; 1 for imap. */
    readonly chunkSize?: number | undefined;
    /** Aborting it ends the call with the signal's reason: what is not begun is dropped, what is begun runs to its end. */
    readonly signal?: AbortSignal | undefined;
  }
  export interface StreamOptions extends CallOptions {
    /** How many items may be read and not taken; four chunks for each worker by default. */
    readonly ahead?: number | undefined;
  }
  /** Warm processes that share out calls. Idle, it keeps no program from ending. */
  export const Pool: {
    /** Starts the workers: as many as cores by default. @throws GuardMissing, NotReachable, NotSendable: nothing was started. */
    new <A extends any[] = []>(processes?: number, options?: PoolOptions<A>): Pool;
    readonly prototype: Pool;
  };
  export interface Pool extends AsyncDisposable {
    get processes(): number;
    /** @throws RemoteError for what the task threw; WorkerLost if its worker ended; NotReachable, NotSendable, ProcessError. */
    apply<A extends any[], R>(task: Task<A, R>, ...args: NoInfer<SendableArgs<A>>): Promise<R>;
    /** All results, in the items' order. @throws as apply; the first error ends it, and what is not begun is dropped. */
    map<T, R>(task: Task<[item: T], R>, items: Iterable<NoInfer<T & Sendable<T>>>, options?: CallOptions): Promise<R[]>;
    /** An item is the list of arguments. */
    starmap<A extends any[], R>(
      task: Task<A, R>,
      items: Iterable<NoInfer<SendableArgs<A>>>,
      options?: CallOptions,
    ): Promise<R[]>;
    /**
     * One by one, in the items' order; items are read only so far ahead. What an item fails with is thrown in its place: `for await`
     * ends with it, `next()` goes on behind it.
     */
    imap<T, R>(
      task: Task<[item: T], R>,
      items: Iterable<NoInfer<T & Sendable<T>>> | AsyncIterable<NoInfer<T & Sendable<T>>>,
      options?: StreamOptions,
    ): AsyncGenerator<R, undefined>;
    /** The same in the order of coming. */
    imapUnordered<T, R>(
      task: Task<[item: T], R>,
      items: Iterable<NoInfer<T & Sendable<T>>> | AsyncIterable<NoInfer<T & Sendable<T>>>,
      options?: StreamOptions,
    ): AsyncGenerator<R, undefined>;
    /** No more calls: workers end when those that are there are done. */
    close(): void;
    /** Until all workers have ended. @throws ProcessError if it is neither closed nor terminated; why it is broken. */
    join(): Promise<void>;
    /** Ends the workers, whatever they are at: SIGTERM, after 500 ms SIGKILL. Calls that wait reject with ProcessError. */
    terminate(): void;
    /** terminate, join. */
    [Symbol.asyncDispose](): Promise<void>;
  }
  /** The results of promises in the order in which they come. @throws the first error. */
  export function asCompleted<T>(promises: Iterable<Promise<T> | T>): AsyncGenerator<T, undefined>;

  // ---- data ------------------------------------------------------------------------------------------------------
  interface Kinds {
    int8: Int8Array;
    uint8: Uint8Array;
    int16: Int16Array;
    uint16: Uint16Array;
    int32: Int32Array;
    uint32: Uint32Array;
    float32: Float32Array;
    float64: Float64Array;
    bigint64: BigInt64Array;
    biguint64: BigUint64Array;
  }
  type Element<K extends keyof Kinds> = K extends "bigint64" | "biguint64" ? bigint : number;
  export class SharedArray<K extends keyof Kinds = keyof Kinds> implements Handle {
    constructor(kind: K, lengthOrValues: number | Iterable<Element<K>>, options?: NameOptions);
    readonly $lanes: unknown;
    get name(): string;
    get data(): Kinds[K];
    get length(): number;
    /** Adds in one step; what it was before. */
    add(index: number, n: Element<K>): Element<K>;
    get lock(): Lock;
  }
  export class SharedValue<K extends keyof Kinds = keyof Kinds> implements Handle {
    constructor(kind: K, value?: Element<K>, options?: NameOptions);
    readonly $lanes: unknown;
    get name(): string;
    get value(): Element<K>;
    set value(value: Element<K>);
    /** Adds in one step, which `value += n` does not; what it was before. */
    add(n: Element<K>): Element<K>;
    get lock(): Lock;
  }

  // ---- what goes wrong -------------------------------------------------------------------------------------------
  export class LanesError extends Error {}
  /** A function or class a child could not find again. */
  export class NotReachable extends LanesError {}
  /** Arguments, fields or results that do not arrive whole; names the path. */
  export class NotSendable extends LanesError {}
  /** The file starts processes while it is loaded in a child. */
  export class GuardMissing extends LanesError {}
  /** Started twice, joined before it was started. */
  export class ProcessError extends LanesError {}
  /** What a child threw: its name, message, cause and stack. */
  export class RemoteError extends LanesError {
    readonly processName: string;
    readonly remote: {
      readonly name: string;
      readonly message: string;
      readonly stack: string;
      readonly code?: unknown;
    };
    /** In a call of a pool with many items: the number of the one that failed, from 0. */
    readonly index?: number;
  }
  /** A worker of a pool that ended in the middle of a call, which is not repeated. The pool has another one. */
  export class WorkerLost extends LanesError {
    readonly processName: string;
    readonly pid: number;
    readonly exitCode: number | null;
    readonly signal: NodeJS.Signals | null;
  }
  /** It ended without having said what came of it. */
  export class ProcessLost extends LanesError {
    readonly exitCode: number | null;
    readonly signal: NodeJS.Signals | null;
  }
}
