import type { HookReport, KitInstrumentation } from '@agentel/instrumentation-kit'
import { AnthropicInstrumentation } from '@agentel/instrumentation-anthropic'
import { McpInstrumentation } from '@agentel/instrumentation-mcp'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import type { AgentelConfig } from './generated/config-fields.ts'

type InstrumentationName = AgentelConfig['instrumentations']['include'][number]

const MAKERS: Record<InstrumentationName, () => KitInstrumentation> = {
  anthropic: () => new AnthropicInstrumentation(),
  mcp: () => new McpInstrumentation(),
  openai: () => new OpenAIInstrumentation(),
}

/** The instrumentations of one start. */
export interface Instrumentations {
  readonly all: readonly KitInstrumentation[]
  /** What was loaded so far, and what became of it. */
  reports(): HookReport[]
  disable(): void
}

/** Hooks the model SDKs of these names, for every copy that the application loads from now on. */
export function startInstrumentations(names: readonly InstrumentationName[]): Instrumentations {
  const all = [...new Set(names)].map((name) => MAKERS[name]())
  return {
    all,
    reports: () => all.flatMap((one) => one.hookReports()),
    disable: () => all.forEach((one) => one.disable()),
  }
}
