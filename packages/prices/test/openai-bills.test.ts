import { it } from 'vitest'
import { type Bill, expectAsBilled } from './bill.ts'

const bills: readonly Bill[] = [
  {
    // OpenAI chat completion: {prompt_tokens: 2006, completion_tokens: 300, prompt_tokens_details: {cached_tokens: 1920}}
    // gpt-4o: 2.50 in, 1.25 cached, 10 out. 86 x 2.5 + 1920 x 1.25 + 300 x 10 = 215 + 2400 + 3000 = 5615 / 1e6
    name: 'an OpenAI chat with a cached prefix',
    request: {
      provider: 'openai',
      model: 'gpt-4o-2024-08-06',
      usage: { inputTokens: 2006, cacheReadInputTokens: 1920, outputTokens: 300 },
    },
    amount: 0.005615,
    parts: { input: 0.000215, cache_read: 0.0024, output: 0.003 },
  },
  {
    // OpenAI responses: {input_tokens: 81, output_tokens: 1035, output_tokens_details: {reasoning_tokens: 832}}
    // gpt-5: 1.25 in, 10 out, reasoning billed as output. 81 x 1.25 + 832 x 10 + 203 x 10 = 101.25 + 8320 + 2030
    name: 'an OpenAI response with reasoning',
    request: {
      provider: 'openai',
      model: 'gpt-5',
      usage: { inputTokens: 81, outputTokens: 1035, reasoningOutputTokens: 832 },
    },
    amount: 0.01045125,
    parts: { input: 0.00010125, reasoning: 0.00832, output: 0.00203 },
  },
  {
    // The same with service_tier "flex": half. (101.25 + 8320 + 2030) / 2
    name: 'an OpenAI response on the flex tier',
    request: {
      provider: 'openai',
      model: 'gpt-5',
      serviceTier: 'flex',
      usage: { inputTokens: 81, outputTokens: 1035, reasoningOutputTokens: 832 },
    },
    amount: 0.005225625,
    parts: { input: 0.000050625, reasoning: 0.00416, output: 0.001015 },
  },
  {
    // gpt-4o with two web searches (10 dollars per 1000 calls): 1000 x 2.5 + 100 x 10 = 3500 / 1e6, + 2 x 0.01
    name: 'an OpenAI response with two web searches',
    request: { provider: 'openai', model: 'gpt-4o', usage: { inputTokens: 1000, outputTokens: 100, webSearches: 2 } },
    amount: 0.0235,
    parts: { input: 0.0025, output: 0.001, tool: 0.02 },
  },
  {
    // gpt-realtime: text 4 / 16, audio 32 / 64, cached 0.40 of either kind.
    // input 1500 = 500 text (100 cached) + 1000 audio (200 cached); output 400 = 100 text + 300 audio
    // 400 x 4 = 1600; 800 x 32 = 25600; 300 x 0.4 = 120; 100 x 16 = 1600; 300 x 64 = 19200: 48120 / 1e6
    name: 'an OpenAI realtime turn with cached audio',
    request: {
      provider: 'openai',
      model: 'gpt-realtime',
      usage: {
        inputTokens: 1500,
        audioInputTokens: 1000,
        cacheReadInputTokens: 300,
        audioCacheReadInputTokens: 200,
        outputTokens: 400,
        audioOutputTokens: 300,
      },
    },
    amount: 0.04812,
    parts: { input: 0.0016, audio: 0.0448, cache_read: 0.00012, output: 0.0016 },
  },
  {
    // Embeddings {prompt_tokens: 12345}; text-embedding-3-small: 0.02
    name: 'an OpenAI embedding',
    request: { provider: 'openai', model: 'text-embedding-3-small', usage: { inputTokens: 12345 } },
    amount: 0.0002469,
    parts: { input: 0.0002469 },
  },
  {
    // Azure under a deployment name of one's own, the response naming the model: gpt-4o-mini 0.15 / 0.60. 150 + 60 = 210 / 1e6
    name: 'an Azure deployment by the model of its response',
    request: {
      provider: 'azure.ai.openai',
      model: ['gpt-4o-mini-2024-07-18', 'our-deployment'],
      usage: { inputTokens: 1000, outputTokens: 100 },
    },
    amount: 0.00021,
    parts: { input: 0.00015, output: 0.00006 },
  },
  {
    // OpenAI image: {input_tokens: 1000, input_tokens_details: {text_tokens: 400, image_tokens: 600}, output_tokens: 2000}
    // gpt-image-1: text 5 in, image 10 in, 40 out. 400 x 5 + 600 x 10 + 2000 x 40 = 2000 + 6000 + 80000 = 88000 / 1e6
    name: 'an OpenAI image made from another one',
    request: {
      provider: 'openai',
      model: 'gpt-image-1',
      usage: { inputTokens: 1000, imageInputTokens: 600, outputTokens: 2000, imageOutputTokens: 2000 },
    },
    amount: 0.088,
    parts: { input: 0.002, image: 0.086 },
  },
  {
    // gpt-5 in a batch: half. (1000 x 1.25 + 2000 x 10) / 2 = 10625 / 1e6
    name: 'an OpenAI response in a batch',
    request: {
      provider: 'openai',
      model: 'gpt-5',
      serviceTier: 'batch',
      usage: { inputTokens: 1000, outputTokens: 2000 },
    },
    amount: 0.010625,
    parts: { input: 0.000625, output: 0.01 },
  },
  {
    // gpt-4o with two searches in files (2.50 dollars per 1000 calls): 1000 x 2.5 + 100 x 10 = 3500 / 1e6, + 2 x 0.0025
    name: 'an OpenAI response with two file searches',
    request: { provider: 'openai', model: 'gpt-4o', usage: { inputTokens: 1000, outputTokens: 100, fileSearches: 2 } },
    amount: 0.0085,
    parts: { input: 0.0025, output: 0.001, tool: 0.005 },
  },
]

it.each(bills)('prices $name as the provider bills it', expectAsBilled)
