import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import type { ModelRequest, Reply } from '../model-server/reply.ts'
import type { SupportClaim } from './record-support.ts'

/** Records what the application sees, in the order in which it sees it. */
export interface Witness {
  /** A value: its class, prototype chain, own keys and contents. */
  see(label: string, value: unknown): void
  /** Awaits a promise and records what became of it; gives back its value, or `undefined` when it was rejected. */
  settle<T>(label: string, promise: PromiseLike<T>): Promise<T | undefined>
  /** Calls something that may throw and records the outcome. */
  attempt<T>(label: string, fn: () => T): T | undefined
}

/** What a scenario may use. `Sdk` is the module's namespace (or CommonJS exports), `Client` what its factory makes. */
export interface ScenarioContext<Client, Sdk> extends Witness {
  readonly client: Client
  readonly sdk: Sdk
  /** Waits until the process has seen an unhandled rejection (or three seconds have gone by: then there was none). */
  unhandled(): Promise<void>
  /** Collects garbage until finalizers have had their chance. */
  collectGarbage(): Promise<void>
}

/** A span as a scenario expects it. */
export interface ExpectedSpan {
  readonly name: string
  /** `error.type`; without it the span must have no error. */
  readonly error?: string
  /** Name of the span, among those of the scenario, that it is a child of. */
  readonly parent?: string
  /** Attributes that it must have, with their values; it may have others. */
  readonly attributes?: Readonly<Record<string, unknown>>
}

/** One thing that an application does with a client. It is run twice, without and with the instrumentation. */
export interface Scenario<Client = unknown, Sdk = unknown> {
  /** A sentence's end: `a stream that is left early`. */
  readonly name: string
  readonly run: (context: ScenarioContext<Client, Sdk>) => void | Promise<void>
  /** The spans that it gives: exactly these, in the order in which they end. */
  readonly spans: readonly ExpectedSpan[]
  /** Where a major version names its errors otherwise: its spans, in place of `spans`. */
  readonly spansIn?: Readonly<Record<number, readonly ExpectedSpan[]>>
  /** Only for these major versions of the SDK. */
  readonly majors?: readonly number[]
  /** Run again with each part of the instrumentation broken. */
  readonly core?: boolean
  /** What its passing shows in the table of supported SDKs, beside `spans`. */
  readonly shows?: readonly SupportClaim[]
}

/** What one SDK's suite is made of. The module that exports it is loaded in child processes. */
export interface ContractSuite<Client = unknown, Sdk = unknown> {
  /** A fresh client for each scenario. */
  readonly createClient: (sdk: Sdk, serverUrl: string) => Client
  readonly scenarios: readonly Scenario<Client, Sdk>[]
  /**
   * What ends a process: each runs in a process of its own, where nobody handles an unhandled rejection. Their
   * exit code and what they wrote are compared.
   */
  readonly endings?: readonly Scenario<Client, Sdk>[]
  /** What the model answers; decided by the request alone. */
  readonly reply: (request: ModelRequest) => Reply
}

/** How the suite switches the instrumentation on. The module that exports it is loaded in child processes. */
export interface ContractInstrumentation {
  /**
   * Hooks the SDK, which is not loaded yet.
   *
   * @param fault the part that throws whenever it is called, one of {@link faults}; none when `undefined`
   * @returns a function that takes it out again
   */
  readonly instrument: (fault?: string) => () => void
  /** Hooks an SDK that is loaded already, as a user with a bundler would. */
  readonly instrumentLoaded: (sdk: object, fault?: string) => () => void
  /** The parts that can be made to throw. */
  readonly faults: () => readonly string[]
  /** Processors that complete the spans: cost, what enriches an SDK's own spans. */
  readonly spanProcessors?: () => readonly SpanProcessor[]
}

/** One copy of an SDK that the suite runs against. */
export interface SdkTarget {
  /** npm name. */
  readonly sdk: string
  readonly major: number
  readonly format: 'esm' | 'cjs'
  /** Folder whose `node_modules` holds it already. Without one it is installed from `test/matrix`. */
  readonly folder?: string
  /**
   * What is loaded of an SDK that has several entry points, or packages: these modules, whose namespaces the scenarios
   * get as `m0`, `m1`, … Default: the module of the SDK's name.
   */
  readonly modules?: readonly string[]
  /** Tells two versions of one major apart in the tests' names. */
  readonly label?: string
}
