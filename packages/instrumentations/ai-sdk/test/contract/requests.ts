import type { GenerateTextResult, LanguageModel, ToolSet } from 'ai'
import type { Client, Sdk } from './suite.ts'

/** The span of one call. */
export const CHAT = { name: 'chat gpt-4o' }

/** A request; what is said decides the answer (`reply.ts`). */
export function say(client: Client, prompt: string): { model: LanguageModel; prompt: string; maxRetries: number } {
  return { model: client.model, prompt, maxRetries: 0 }
}

/** A tool that can be run, and how the loop around it ends. */
export function withWeather({ m0, m2 }: Sdk, execute: (input: { city: string }) => unknown) {
  const inputSchema = m2.object({ city: m2.string() })
  return {
    tools: { weather: m0.tool({ description: 'The weather in a city.', inputSchema, execute }) },
    stopWhen: m0.stepCountIs(3),
  }
}

/** What an application reads of an answer; message ids are made up anew by each run. */
export async function answerOf(call: PromiseLike<GenerateTextResult<ToolSet, never, never>>) {
  const result = await call
  const { text, finishReason, usage, totalUsage, toolCalls, toolResults, reasoningText, steps } = result
  const keys = Object.keys(result).toSorted()
  return { text, finishReason, usage, totalUsage, toolCalls, toolResults, reasoningText, steps: steps.length, keys }
}

/** Reads a stream to its end; what it says of times and ids is left out. */
export async function readAll(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const parts: unknown[] = []
  for await (const part of stream) {
    if (typeof part !== 'object' || part === null) parts.push(part)
    else parts.push({ type: 'type' in part ? part.type : undefined, text: 'text' in part ? part.text : undefined })
  }
  return parts
}
