import { expect, it } from 'vitest'
import { usageOf } from '../src/usage-of.ts'

const ATTRIBUTES = {
  'gen_ai.usage.input_tokens': 1,
  'gen_ai.usage.output_tokens': 2,
  'gen_ai.usage.cache_read.input_tokens': 3,
  'gen_ai.usage.cache_write.input_tokens': 4,
  'agentel.usage.cache_write_1h.input_tokens': 5,
  'gen_ai.usage.audio.input_tokens': 6,
  'gen_ai.usage.image.input_tokens': 7,
  'gen_ai.usage.audio.cache_read.input_tokens': 8,
  'gen_ai.usage.image.cache_read.input_tokens': 9,
  'gen_ai.usage.reasoning.output_tokens': 10,
  'gen_ai.usage.audio.output_tokens': 11,
  'gen_ai.usage.image.output_tokens': 12,
  'agentel.usage.web_searches': 13,
  'agentel.usage.file_searches': 14,
}

it('takes each count of a span for what it counts', () => {
  expect(usageOf(ATTRIBUTES)).toEqual({
    inputTokens: 1,
    outputTokens: 2,
    cacheReadInputTokens: 3,
    cacheWriteInputTokens: 4,
    cacheWrite1hInputTokens: 5,
    audioInputTokens: 6,
    imageInputTokens: 7,
    audioCacheReadInputTokens: 8,
    imageCacheReadInputTokens: 9,
    reasoningOutputTokens: 10,
    audioOutputTokens: 11,
    imageOutputTokens: 12,
    webSearches: 13,
    fileSearches: 14,
  })
})

it('takes the older name of what was written to the cache only where the newer one is not there', () => {
  const older = { 'gen_ai.usage.input_tokens': 9, 'gen_ai.usage.cache_creation.input_tokens': 5 }
  expect(usageOf(older)).toEqual({ inputTokens: 9, cacheWriteInputTokens: 5 })
  expect(usageOf({ ...older, 'gen_ai.usage.cache_write.input_tokens': 6 })).toEqual({
    inputTokens: 9,
    cacheWriteInputTokens: 6,
  })
})

it('is a usage where there are tokens of input or of output, and none of anything else alone', () => {
  expect(usageOf({ 'gen_ai.usage.input_tokens': 1 })).toEqual({ inputTokens: 1 })
  expect(usageOf({ 'gen_ai.usage.output_tokens': 1 })).toEqual({ outputTokens: 1 })
  const { 'gen_ai.usage.input_tokens': _in, 'gen_ai.usage.output_tokens': _out, ...parts } = ATTRIBUTES
  expect(usageOf(parts)).toBeUndefined()
  expect(usageOf({ ...parts, 'gen_ai.usage.input_tokens': '1' })).toBeUndefined()
})
