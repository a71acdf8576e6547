import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startConsole } from '@agentel/console'
import {
  loadTokenCounter,
  type ModelServer,
  startModelServer,
  type ModelServerOptions,
} from '@agentel/testing/model-server'

/** What agents need around them: a console to send to, and a model to ask. */
export interface Stage {
  /** Address of the page, and of the OTLP receiver. */
  readonly consoleUrl: string
  /** Nothing when the real service is used. */
  readonly modelServer: ModelServer | undefined
  /** Environment of the agents' processes. */
  readonly env: NodeJS.ProcessEnv
  close(): Promise<void>
}

/** How a stage is set. */
export interface StageOptions {
  /** Port of the console; 0 takes a free one. */
  port: number
  /** The local model; nothing when the real service is to be used. */
  model: ModelServerOptions | undefined
  /** Where the agents send to; the console when absent. */
  to?: string | undefined
}

/** Starts the console, with an empty store that is deleted in the end, and the local model server. */
export async function openStage({ port, model, to }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'agentel-demo-'))
  // Read while the console starts: it takes a moment, and the first answers need it.
  if (model) void loadTokenCounter()
  const console = await startConsole({ port, grpcPort: false, dataFile: join(folder, 'console.db') })
  const modelServer = model && (await startModelServer(model))
  await writeFile(join(folder, 'budgets.json'), JSON.stringify(BUDGETS))
  return {
    consoleUrl: console.url,
    modelServer,
    env: { ...telemetryEnv(to ?? console.url), ...watchEnv(folder), ...(modelServer && modelEnv(modelServer)) },
    async close() {
      await modelServer?.close()
      await console.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function telemetryEnv(endpoint: string): NodeJS.ProcessEnv {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_AND_EVENT',
    // A viewer wants to see a run while it goes on; in production the defaults (5 s, 60 s) are right.
    OTEL_BSP_SCHEDULE_DELAY: '400',
    OTEL_BLRP_SCHEDULE_DELAY: '400',
    OTEL_METRIC_EXPORT_INTERVAL: '5000',
  }
}

/** Small enough that one sees them fill. */
const BUDGETS = [
  { name: 'day', scope: 'total', period: 'day', cost: 2 },
  { name: 'hour', scope: 'agent', period: 'hour', cost: 0.5 },
]

/** The audit log is where the console looks for it: beside its store. Both processes write to it, and share what was spent. */
function watchEnv(folder: string): NodeJS.ProcessEnv {
  return {
    AGENTEL_AUDIT_FILE: join(folder, 'audit.db'),
    AGENTEL_BUDGETS_FILE: join(folder, 'budgets.json'),
    AGENTEL_BUDGETS_STORE: join(folder, 'budgets.db'),
  }
}

function modelEnv({ url }: ModelServer): NodeJS.ProcessEnv {
  return { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'local' }
}
