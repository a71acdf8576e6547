const frame = { id: 'chatcmpl-1', created: 1, model: 'gpt-4o' }

/** An answer of chat completions. */
export const whole = {
  ...frame,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'one' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
}

const chunk = (content: string | null) => ({
  ...frame,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: content === null ? {} : { content }, finish_reason: content === null ? 'stop' : null }],
})

/** One that is streamed. */
export const events = ['one', ' two', ' three', ' four', null].map((text) => `data: ${JSON.stringify(chunk(text))}\n\n`)
