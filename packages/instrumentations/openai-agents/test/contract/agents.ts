import { trace } from '@opentelemetry/api'
import type { Client, Sdk } from './suite.ts'

/** What all agents of the scenarios run on. */
export const MODEL = 'gpt-4o'

/** Two runs and a custom span; the second run is streamed, inside a span of the application's. */
export async function several(client: Client, { m0 }: Sdk): Promise<void> {
  const desk = new m0.Agent({ name: 'Desk', model: MODEL })
  await client.runner.run(desk, 'hello')
  await m0.withCustomSpan(() => Promise.resolve(), { data: { name: 'look up', data: { shelf: 4 } } })
  await trace.getTracer('application').startActiveSpan('step', async (span) => {
    const stream = await client.chatRunner.run(desk, 'hello', { stream: true })
    for await (const _event of stream);
    await stream.completed
    span.end()
  })
}

/** An agent with a guardrail that stops the run, or does not. */
export function guarded({ m0 }: Sdk, tripwireTriggered: boolean) {
  const execute = () => Promise.resolve({ tripwireTriggered, outputInfo: {} })
  // Before the model is called, so that the order is always the same.
  const guardrail = { name: 'polite', runInParallel: false, execute }
  return new m0.Agent({ name: 'Desk', model: MODEL, inputGuardrails: [guardrail] })
}
