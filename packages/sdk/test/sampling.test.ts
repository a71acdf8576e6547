import { SpanStatusCode, trace } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Agentel, startAgentel, type StartOptions } from '../src/index.ts'
import { startOtlpSink, type OtlpSink } from './otlp-sink.ts'

let sink: OtlpSink
let agentel: Agentel | undefined
beforeEach(async () => {
  sink = await startOtlpSink()
})
afterEach(async () => {
  await agentel?.shutdown()
  vi.unstubAllEnvs()
  await sink.close()
})

function start(sampling: StartOptions['sampling'], environment: Record<string, string> = {}): Agentel {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  agentel = startAgentel({
    otlp: { endpoint: sink.url, protocol: 'http/json' },
    ...(sampling === undefined ? {} : { sampling }),
  })
  return agentel
}

const NOTHING = { OTEL_TRACES_SAMPLER: 'parentbased_always_off' }

/** An agent that calls a model; `fails` is the model's failure. */
function run(agent: string, fails = false): void {
  const tracer = trace.getTracer('app')
  const attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': agent }
  tracer.startActiveSpan(`invoke_agent ${agent}`, { attributes }, (span) => {
    const call = tracer.startSpan(`chat ${agent}`, { attributes: { 'gen_ai.operation.name': 'chat' } })
    call.setAttributes({ 'agentel.cost.amount': 0.01, 'agentel.cost.source': 'provider' })
    if (fails) call.setAttribute('error.type', 'timeout').setStatus({ code: SpanStatusCode.ERROR })
    call.end()
    span.end()
  })
}

const exported = () => sink.spans().map(({ name, attributes }) => [name, attributes['agentel.sampling.reason']])

const texts = () => sink.received.map(({ body }) => body.toString()).join()

describe('Sampling', () => {
  it('goes by rules before the sampler of the environment', async () => {
    const { forceFlush } = start({ rules: ['agent=billing:1'] }, NOTHING)
    run('billing')
    run('support')
    await forceFlush()
    expect(exported()).toEqual([
      ['chat billing', undefined],
      ['invoke_agent billing', 'rule'],
    ])
  })

  it('exports failures of unsampled traces as such, and counts every call', async () => {
    const { forceFlush } = start(undefined, NOTHING)
    run('desk')
    run('desk', true)
    await forceFlush()
    expect(exported()).toEqual([['chat desk', 'error']])
    expect(texts()).toMatch(/"gen_ai\.client\.inference\.duration".{0,600}"error\.type"/)
    expect(texts()).toMatch(/"agentel\.client\.inference\.usage\.cost".{0,400}"asDouble":0\.02/)
  })

  it('exports no failures of unsampled traces where it is told not to', async () => {
    const { forceFlush } = start({ keepErrors: false }, NOTHING)
    run('desk', true)
    await forceFlush()
    expect(exported()).toEqual([])
  })

  it('says the probability in the trace state, for the backend to count by', async () => {
    const { forceFlush } = start(undefined, { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' })
    for (let index = 0; index < 40; index++) run('desk')
    await forceFlush()
    expect(texts().match(/"traceState":"ot=th:8"/g)?.length).toBe(exported().length)
    expect(exported().length).toBeGreaterThan(8)
    expect(exported().length).toBeLessThan(72)
  })

  it('decides on whole traces at their end when it is switched on', async () => {
    const { forceFlush } = start(undefined, {
      AGENTEL_SAMPLING_TAIL_ENABLED: 'true',
      AGENTEL_SAMPLING_TAIL_SHARE: '0',
    })
    run('good')
    run('bad', true)
    await forceFlush()
    expect(exported()).toEqual([
      ['chat bad', undefined],
      ['invoke_agent bad', 'error'],
    ])
  })

  it('counts what a tail without room decides too early', async () => {
    const { forceFlush } = start({ tail: { enabled: true, share: 1, maxTraces: 1 } })
    const open = trace.getTracer('app').startSpan('open')
    run('desk')
    open.end()
    await forceFlush()
    const [evicted] = /"agentel\.self\.evicted".{0,500}/.exec(texts()) ?? ['']
    expect(evicted).toContain('"sampling.tail"')
  })

  it('stops the start for a rule that cannot be read, and says how one is written', () => {
    expect(() => start({ rules: ['agent is billing'] })).toThrow(
      'sampling.rules: sampling rule "agent is billing": write conditions, a colon and a share',
    )
  })
})
