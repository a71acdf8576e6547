/**
 * The floor: what a careful person writes by hand around a call. One span, 13 attributes, 3 metric records.
 * Kept as it is, so that figures of different days compare.
 */
import { plainPipeline } from '../pipeline.ts'

export function install(sdk: any, openai: any): { shutdown(): Promise<void> } {
  const pipeline = plainPipeline(sdk)
  const { trace, metrics, context, SpanKind, SpanStatusCode } = sdk.api
  const tracer = trace.getTracer('floor')
  const meter = metrics.getMeter('floor')
  const duration = meter.createHistogram('gen_ai.client.operation.duration', { unit: 's' })
  const tokens = meter.createHistogram('gen_ai.client.token.usage', { unit: '{token}' })

  function observe(operation: string, call: (body: any) => any) {
    return function (this: any, body: any) {
      const started = performance.now()
      const span = tracer.startSpan(`${operation} ${body.model}`, {
        kind: SpanKind.CLIENT,
        attributes: {
          'gen_ai.operation.name': operation,
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': body.model,
          'server.address': 'api.openai.com',
          'server.port': 443,
        },
      })
      span.setAttribute('gen_ai.request.temperature', body.temperature)
      span.setAttribute('gen_ai.request.max_tokens', body.max_tokens ?? body.max_output_tokens)

      const finish = (answer: {
        id: string
        model: string
        finish: string
        input: number
        output: number
        cached: number
      }) => {
        span.setAttribute('gen_ai.response.id', answer.id)
        span.setAttribute('gen_ai.response.model', answer.model)
        span.setAttribute('gen_ai.response.finish_reasons', [answer.finish])
        span.setAttribute('gen_ai.usage.input_tokens', answer.input)
        span.setAttribute('gen_ai.usage.output_tokens', answer.output)
        span.setAttribute('gen_ai.usage.cache_read.input_tokens', answer.cached)
        span.end()
        const common = {
          'gen_ai.operation.name': operation,
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': body.model,
          'gen_ai.response.model': answer.model,
        }
        duration.record((performance.now() - started) / 1000, common)
        tokens.record(answer.input, { ...common, 'gen_ai.token.type': 'input' })
        tokens.record(answer.output, { ...common, 'gen_ai.token.type': 'output' })
      }
      const fail = (error: any) => {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error?.message })
        span.end()
      }

      const promise = context.with(trace.setSpan(context.active(), span), () => call.call(this, body))
      return promise.then(
        (value: any) => {
          if (body.stream) return tap(value, finish, fail)
          finish(readAnswer(value))
          return value
        },
        (error: any) => {
          fail(error)
          throw error
        },
      )
    }
  }

  wrap(openai.OpenAI.Chat.Completions.prototype, (original) => observe('chat', original))
  wrap(openai.OpenAI.Responses.prototype, (original) => observe('chat', original))
  return pipeline
}

function wrap(prototype: any, make: (original: any) => any): void {
  prototype.create = make(prototype.create)
}

function readAnswer(value: any) {
  const usage = value.usage
  return {
    id: value.id,
    model: value.model,
    finish: value.choices?.[0]?.finish_reason ?? value.status,
    input: usage.prompt_tokens ?? usage.input_tokens,
    output: usage.completion_tokens ?? usage.output_tokens,
    cached: (usage.prompt_tokens_details ?? usage.input_tokens_details)?.cached_tokens,
  }
}

function tap(stream: any, finish: (answer: any) => void, fail: (error: any) => void): any {
  const original = stream.iterator
  stream.iterator = () => {
    const inner = original()
    let last: any
    let reason = ''
    return {
      next() {
        return inner.next().then(
          (step: any) => {
            if (step.done) finish({ ...readAnswer(last), finish: reason })
            else {
              last = step.value
              reason = step.value.choices[0]?.finish_reason ?? reason
            }
            return step
          },
          (error: any) => {
            fail(error)
            throw error
          },
        )
      },
      return: (value: any) => inner.return(value),
      throw: (error: any) => inner.throw(error),
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }
  return stream
}
