import { type HookReport, keepContentInFiles, type KitInstrumentation } from '@agentel/instrumentation-kit'
import { AiSdkInstrumentation } from '@agentel/instrumentation-ai-sdk'
import { AnthropicInstrumentation } from '@agentel/instrumentation-anthropic'
import { BullMQInstrumentation } from '@agentel/instrumentation-event-bus'
import { LangChainInstrumentation } from '@agentel/instrumentation-langchain'
import { McpInstrumentation } from '@agentel/instrumentation-mcp'
import { OpenAIAgentsInstrumentation } from '@agentel/instrumentation-openai-agents'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { observeLoggers } from './observe-loggers.ts'
import type { AgentelConfig } from './generated/config-fields.ts'

type InstrumentationName = AgentelConfig['instrumentations']['include'][number]

const MAKERS: Record<InstrumentationName, () => KitInstrumentation> = {
  'ai-sdk': () => new AiSdkInstrumentation(),
  anthropic: () => new AnthropicInstrumentation(),
  bullmq: () => new BullMQInstrumentation(),
  langchain: () => new LangChainInstrumentation(),
  mcp: () => new McpInstrumentation(),
  openai: () => new OpenAIInstrumentation(),
  'openai-agents': () => new OpenAIAgentsInstrumentation(),
}

/** Any of them; each has options of its own. */
type Hooked = Pick<KitInstrumentation, 'hookReports' | 'disable' | 'setTracerProvider'>

/** The instrumentations of one start. */
export interface Instrumentations {
  readonly all: readonly Hooked[]
  /** What was loaded so far, and what became of it. */
  reports(): HookReport[]
  /** Until what waits to be written to the folder of content is written. */
  flush(): Promise<void>
  disable(): void
}

/**
 * Hooks the model SDKs and buses of these names, for every copy that the application loads from now on.
 *
 * Hooks the loggers as well.
 */
export function startInstrumentations({ instrumentations, content, loggers }: AgentelConfig): Instrumentations {
  const { folder } = content
  const sdks = [...new Set(instrumentations.include)].map((name) => MAKERS[name]())
  const lines = observeLoggers(loggers)
  const all: readonly Hooked[] = [...sdks, ...lines.hooked]
  const files = folder === undefined ? undefined : keepContentInFiles({ folder })
  return {
    all,
    reports: () => all.flatMap((one) => one.hookReports()),
    flush: async () => void (await files?.flush()),
    disable: () => {
      all.forEach((one) => one.disable())
      lines.stop()
      void files?.stop()
    },
  }
}
