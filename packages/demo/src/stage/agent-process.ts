import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A message between the launcher and a process of agents. */
export interface ProcessMessage {
  type: string
  [field: string]: unknown
}

/** A process in which agents run, set up by nothing but `--import @agentel/sdk/register` and environment variables. */
export interface AgentProcess {
  readonly child: ChildProcess
  send(message: ProcessMessage): void
  /** The next message of a type; rejects when the process ends before. */
  next(type: string): Promise<ProcessMessage>
  onMessage(listener: (message: ProcessMessage) => void): void
  /** Asks the process to finish and flush; kills it when it has not ended after `patience` milliseconds. */
  stop(patience?: number): Promise<void>
}

const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url))

/** Starts a file of this package with agentel registered. */
export function startAgentProcess(file: URL, serviceName: string, env: NodeJS.ProcessEnv): AgentProcess {
  const conditions = file.pathname.endsWith('.ts') ? ['--conditions=@agentel/source'] : []
  const child = spawn(
    process.execPath,
    [...conditions, '--import', import.meta.resolve('@agentel/sdk/register'), fileURLToPath(file)],
    {
      cwd: PACKAGE_FOLDER,
      env: { ...inheritedEnv(), OTEL_SERVICE_NAME: serviceName, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A group of its own: Ctrl-C in the terminal reaches the launcher only, which lets everybody finish in order.
      detached: true,
    },
  )
  const ended = once(child, 'exit')
  return {
    child,
    send: (message) => void (child.connected && child.send(message)),
    onMessage: (listener) => void child.on('message', (message) => listener(message as ProcessMessage)),
    next: (type) =>
      new Promise((resolve, reject) => {
        child.on('message', (message) => {
          if ((message as ProcessMessage).type === type) resolve(message as ProcessMessage)
        })
        child.once('error', reject)
        child.once('exit', (code, signal) =>
          reject(
            new Error(`The process ${serviceName} ended (${signal ?? `exit code ${code}`}) before it said "${type}".`),
          ),
        )
      }),
    async stop(patience = 5000) {
      if (child.exitCode !== null || child.signalCode !== null) return
      if (child.connected) child.send({ type: 'stop' })
      const timer = setTimeout(() => child.kill('SIGKILL'), patience)
      await ended
      clearTimeout(timer)
    },
  }
}

/** This process's environment without settings of telemetry: they are for other applications of this shell. */
function inheritedEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(OTEL|AGENTEL)_/.test(name)))
}
