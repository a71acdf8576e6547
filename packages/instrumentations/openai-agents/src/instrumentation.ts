import { guard } from '@agentel/api'
import {
  type InstrumentationConfig,
  type Invoke,
  KitInstrumentation,
  type ModuleExports,
  type Patch,
  type PatchRuntime,
  type PatchTable,
} from '@agentel/instrumentation-kit'
import { runInContext, runRunner, storageOf } from './ambient.ts'
import { endSpan, startSpan } from './spans.ts'
import type { SdkSpan, SdkTrace } from './sdk-shapes.ts'
import { endTrace, startTrace } from './trace.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** Options of the instrumentation of the Agents SDK. */
export type OpenAIAgentsInstrumentationConfig = InstrumentationConfig

/**
 * OpenTelemetry instrumentation of OpenAI's Agents SDK: workflows, agents, model calls, tools, handoffs, guardrails.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new OpenAIAgentsInstrumentation()] })
 */
export class OpenAIAgentsInstrumentation extends KitInstrumentation {
  constructor(config: OpenAIAgentsInstrumentationConfig = {}) {
    super(openaiAgentsTable, config)
  }
}

/**
 * What is patched: the point through which the SDK tells all its trace processors, so that we are told first and in
 * time, and stay when the application sets processors of its own; and the storage of its contexts.
 */
export function openaiAgentsTable(): PatchTable {
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: '@openai/agents-core',
    entries: ['dist/index'],
    majors: [0],
    patches: [
      told('onTraceStart', (trace: SdkTrace, runtime) => startTrace(trace, runtime.tracer)),
      told('onTraceEnd', (trace: SdkTrace) => endTrace(trace)),
      told('onSpanStart', (span: SdkSpan, runtime) => startSpan(span, runtime.tracer)),
      told('onSpanEnd', (span: SdkSpan) => endSpan(span)),
      { name: 'tracing.context', method: 'run', find: storageOf, wrap: runInContext },
      { name: 'runner.run', method: 'run', find: (exports) => prototypeOf(exports.Runner), wrap: runRunner },
    ],
  }
}

function told<T>(method: string, tell: (what: T, runtime: PatchRuntime) => void): Patch {
  const wrap = (runtime: PatchRuntime): Invoke => {
    return (self, args, original) => {
      guard(`openai-agents.${method}`, () => tell(args[0] as T, runtime))
      return Reflect.apply(original, self, args)
    }
  }
  return { name: `tracing.${method}`, method, find: processorOf, wrap }
}

function processorOf(exports: ModuleExports): object | undefined {
  return prototypeOf(exports.MultiTracingProcessor)
}

function prototypeOf(constructor: unknown): object | undefined {
  return (constructor as { prototype?: object } | undefined)?.prototype
}
