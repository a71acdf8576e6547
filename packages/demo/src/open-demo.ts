import type { DemoOptions } from './demo-options.ts'
import { pretendedModel } from './model/pretended-model.ts'
import { type AgentProcess, startAgentProcess } from './stage/agent-process.ts'
import { openStage, type Stage } from './stage/open-stage.ts'

/** The stage with both processes of the desk running. */
export interface Demo {
  stage: Stage
  desk: AgentProcess
  researcherUrl: string
  /** Lets the agents finish and flush; the console stays. */
  stopAgents(): Promise<void>
  close(): Promise<void>
}

// The instructions of the agents are shorter than real ones; so is the start of a prompt that is worth caching here.
const PROMPT_CACHE_FROM = 128

/** Starts everything; `progress` is told each step. Nothing is left running when it fails. */
export async function openDemo(options: DemoOptions, progress: (step: string) => void): Promise<Demo> {
  const { fault, pace, port, real, to } = options
  progress(real ? 'starting the console' : 'starting the console and the local model server')
  const model = { scenario: pretendedModel({ pace, fault }), promptCacheFrom: PROMPT_CACHE_FROM }
  const stage = await openStage({ port, model: real ? undefined : model, to })
  const processes: AgentProcess[] = []
  const stopAgents = async () => {
    for (const process of processes.toReversed()) await process.stop()
  }
  const close = async () => {
    await stopAgents()
    await stage.close()
  }
  try {
    progress('starting the agents')
    const start = (name: string, file: string) => {
      const started = startAgentProcess(new URL(file, import.meta.url), name, stage.env)
      processes.push(started)
      return started
    }
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const researcher = start('researcher', `desk/researcher-process.${extension}`)
    const desk = start('research-desk', `desk/desk-process.${extension}`)
    const [{ url }] = await Promise.all([researcher.next('ready'), desk.next('ready')])
    return { stage, desk, researcherUrl: String(url), stopAgents, close }
  } catch (error) {
    await close()
    throw error
  }
}
