import type { ProcessMessage } from './agent-process.ts'

/** Tells the launcher something; does nothing when there is none. */
export function tellLauncher(message: ProcessMessage): void {
  if (process.connected) process.send?.(message)
}

/** Handles the launcher's messages. When the launcher is gone, however it went, the process is to stop too. */
export function heedLauncher(onMessage: (message: ProcessMessage) => unknown): void {
  process.on('message', (message) => onMessage(message as ProcessMessage))
  process.once('disconnect', () => onMessage({ type: 'stop' }))
}
