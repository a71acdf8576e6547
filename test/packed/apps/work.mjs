// What the host does, whatever its set-up: spans and a log record of its own around a model call.
import { context, trace } from '@opentelemetry/api'
import { emitEvent } from '@agentel/api'
import OpenAI from 'openai'

export async function work(emitHostLog) {
  const tracer = trace.getTracer('host', '1.0.0')
  await tracer.startActiveSpan('host.request', { attributes: { 'host.user': 'u1' } }, async (span) => {
    emitHostLog(context.active())
    emitEvent('agentel.test.event', { 'agentel.test': true })
    await new OpenAI().chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] })
    tracer.startActiveSpan('host.save', (inner) => inner.end())
    span.setStatus({ code: 1 })
    span.end()
  })
}
