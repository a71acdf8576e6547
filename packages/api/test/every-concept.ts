import {
  agent,
  decision,
  generation,
  guardrail,
  handoff,
  plan,
  processEvent,
  publishEvent,
  receiveMessage,
  recordDecision,
  recordFeedback,
  recordPerformanceAlert,
  recordResourceAccess,
  recordSecurityEvent,
  recordStateChange,
  recordToolDecision,
  response,
  retrieval,
  securityCheck,
  sendMessage,
  span,
  task,
  tool,
  withTrace,
  worker,
  workflow,
} from '../src/index.ts'

const say = (role: string, content: string): unknown => [{ role, parts: [{ type: 'text', content }] }]

/** A run in which everything that the package names happens once, and one thing fails. */
export async function everyConcept(): Promise<void> {
  const trace = {
    name: 'answer',
    groupId: 'g1',
    userId: 'u1',
    sessionId: 's1',
    conversationId: 'c1',
    tenantId: 't1',
    tags: ['x'],
  }
  await withTrace({ ...trace, metadata: { plan: 'pro' } }, () =>
    workflow('desk', async (run) => {
      run.input(say('user', 'hello'))
      await agent({ name: 'planner', tools: ['search'], capabilities: ['plan'] }, planner)
      await worker({ name: 'indexer', id: 'i1' }, records)
      run.output(say('assistant', 'done'))
    }),
  )
}

async function planner(): Promise<void> {
  await plan({}, () =>
    generation(
      { provider: 'openai', model: 'm1', input: say('user', 'plan'), server: { address: 'localhost', port: 8080 } },
      async (call) =>
        call.response({
          id: 'r1',
          model: 'm1',
          finishReasons: ['stop'],
          usage: { inputTokens: 10, outputTokens: 5 },
          output: say('assistant', 'a plan'),
        }),
    ),
  )
  decision('choose', (choice) =>
    choice.decide({ outcome: 'a', confidence: 0.5, options: ['a', 'b'], reason: 'shorter' }),
  )
  tool({ name: 'search', callId: 'call_1', arguments: { q: 'x' } }, () => ({ hits: 1 }))
  retrieval({ dataSourceId: 'handbook', topK: 2, query: 'x', provider: 'pg' }, (search) =>
    search.documents([{ id: 'd', score: 1 }]),
  )
  guardrail({ name: 'pii', source: 'input' }, (check) => check.result({ triggered: false, action: 'allow' }))
  securityCheck('urls', (check) => check.validation('https', true))
  response('invoice', () => undefined)
  handoff({ target: 'writer', mode: 'pass_control', context: { order: 1 } }, () => undefined)
  const carrier = {}
  await sendMessage({ target: 'writer', type: 'request', id: 'm1', body: 'hello', carrier }, async () => undefined)
  await receiveMessage(
    { source: 'planner', target: 'writer', type: 'request', id: 'm1', body: 'hello', carrier },
    async () => undefined,
  )
  await task({ name: 'fails', id: 't1', type: 'x', parameters: { a: 1 } }, () =>
    Promise.reject(new TypeError('x')),
  ).catch(() => undefined)
  task('works', () => 'result')
  span({ name: 'render', type: 'render' }, () => undefined)
}

async function records(): Promise<void> {
  const carrier = {}
  publishEvent({ type: 'order', id: 'e1', transactionId: 'tx1', carrier }, () => undefined)
  processEvent({ type: 'order', id: 'e1', transactionId: 'tx1', carrier }, () => undefined)
  recordDecision({ name: 'quick', outcome: 'a' })
  recordFeedback({ rating: 1, comment: 'bad', responseId: 'r1' })
  recordPerformanceAlert({ signal: 's', value: 2, threshold: 1 })
  recordResourceAccess({ type: 'file', name: 'a.txt', action: 'read', outcome: 'allowed' })
  recordSecurityEvent({ type: 'prompt_injection', severity: 'high', outcome: 'blocked' })
  recordStateChange({ name: 'plan', trigger: 'x', previous: { a: 1 }, next: { a: 2 } })
  recordToolDecision({ tool: 'rm', callId: 'c', outcome: 'deny', approver: 'policy' })
}
