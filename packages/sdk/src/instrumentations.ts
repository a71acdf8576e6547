import { type HookReport, keepContentInFiles, type KitInstrumentation } from '@agentel/instrumentation-kit'
import { AiSdkInstrumentation } from '@agentel/instrumentation-ai-sdk'
import { AnthropicInstrumentation } from '@agentel/instrumentation-anthropic'
import { BullMQInstrumentation } from '@agentel/instrumentation-event-bus'
import { LangChainInstrumentation } from '@agentel/instrumentation-langchain'
import { McpInstrumentation } from '@agentel/instrumentation-mcp'
import { OpenAIAgentsInstrumentation } from '@agentel/instrumentation-openai-agents'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
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

/** The instrumentations of one start. */
export interface Instrumentations {
  readonly all: readonly KitInstrumentation[]
  /** What was loaded so far, and what became of it. */
  reports(): HookReport[]
  /** Until what waits to be written to the folder of content is written. */
  flush(): Promise<void>
  disable(): void
}

/**
 * Hooks the model SDKs and buses of these names, for every copy that the application loads from now on.
 *
 * @param folder where the content of their calls is kept in files, if it is
 */
export function startInstrumentations(names: readonly InstrumentationName[], folder?: string): Instrumentations {
  const all = [...new Set(names)].map((name) => MAKERS[name]())
  const files = folder === undefined ? undefined : keepContentInFiles({ folder })
  return {
    all,
    reports: () => all.flatMap((one) => one.hookReports()),
    flush: async () => void (await files?.flush()),
    disable: () => {
      all.forEach((one) => one.disable())
      void files?.stop()
    },
  }
}
