/** The model's answers, canned: a `fetch` that needs no network, so that what is measured is the client and what observes it. */

const usage = {
  prompt_tokens: 812,
  completion_tokens: 143,
  total_tokens: 955,
  prompt_tokens_details: { cached_tokens: 256, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 64, audio_tokens: 0 },
}
const text = 'Vector stores differ in how they index, filter and persist. '.repeat(12)

const chat = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_760_000_000,
  model: 'gpt-4o-2024-08-06',
  choices: [
    { index: 0, message: { role: 'assistant', content: text, refusal: null }, finish_reason: 'stop', logprobs: null },
  ],
  usage,
  service_tier: 'default',
  system_fingerprint: 'fp_bench',
})

const responses = JSON.stringify({
  id: 'resp_bench',
  object: 'response',
  created_at: 1_760_000_000,
  status: 'completed',
  model: 'gpt-4o-2024-08-06',
  output: [
    {
      id: 'msg_bench',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text, annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 812,
    output_tokens: 143,
    total_tokens: 955,
    input_tokens_details: { cached_tokens: 256 },
    output_tokens_details: { reasoning_tokens: 64 },
  },
  service_tier: 'default',
})

function chunk(delta: object, rest: object = {}): string {
  const body = {
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, delta, finish_reason: null }],
    usage: null,
    ...rest,
  }
  return `data: ${JSON.stringify(body)}\n\n`
}

/** 50 chunks: role, 47 of text, finish reason, usage. */
const stream = [
  chunk({ role: 'assistant', content: '' }),
  ...Array.from({ length: 47 }, (_, i) => chunk({ content: `word${i} ` })),
  chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  chunk({}, { choices: [], usage }),
  'data: [DONE]\n\n',
].map((line) => new TextEncoder().encode(line))

function streamBody(): ReadableStream<Uint8Array> {
  let i = 0
  return new ReadableStream({
    pull(controller) {
      const next = stream[i++]
      if (next) controller.enqueue(next)
      else controller.close()
    },
  })
}

/** Answers as the API does, at once. */
export async function cannedFetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const path = String(url)
  if (path.endsWith('/responses')) return new Response(responses, { headers: { 'content-type': 'application/json' } })
  if (typeof init?.body === 'string' && init.body.includes('"stream":true'))
    return new Response(streamBody(), { headers: { 'content-type': 'text/event-stream' } })
  return new Response(chat, { headers: { 'content-type': 'application/json' } })
}

const messages = [
  { role: 'system', content: 'You are a research assistant. Answer briefly, cite your sources.' },
  { role: 'user', content: 'Compare three vector stores for legal text. '.repeat(20) },
]

/** One call of each kind, as an application makes it; resolves to the milliseconds until the first chunk, if there are chunks. */
export const operations: Record<string, (client: any) => Promise<number | undefined>> = {
  async chat(client) {
    await client.chat.completions.create({ model: 'gpt-4o', messages, temperature: 0.2, max_tokens: 400 })
    return undefined
  },
  async stream(client) {
    const started = performance.now()
    let first: number | undefined
    const answer = await client.chat.completions.create({
      model: 'gpt-4o',
      messages,
      temperature: 0.2,
      max_tokens: 400,
      stream: true,
      stream_options: { include_usage: true },
    })
    for await (const _ of answer) first ??= performance.now() - started
    return first
  },
  async responses(client) {
    await client.responses.create({ model: 'gpt-4o', input: messages, temperature: 0.2, max_output_tokens: 400 })
    return undefined
  },
}
