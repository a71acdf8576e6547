import { it } from 'vitest'
import { type Bill, expectAsBilled } from './bill.ts'

const bills: readonly Bill[] = [
  {
    // Anthropic message: {input_tokens: 5, cache_read_input_tokens: 10000, cache_creation_input_tokens: 2000,
    //   cache_creation: {ephemeral_5m: 1500, ephemeral_1h: 500}, output_tokens: 400}; total input 12005
    // claude-sonnet-4: 3 in, 15 out, read 0.30, write 3.75, one hour 6.
    // 5 x 3 + 10000 x 0.3 + 1500 x 3.75 + 500 x 6 + 400 x 15 = 15 + 3000 + 5625 + 3000 + 6000 = 17640 / 1e6
    name: 'an Anthropic message with cache read and both cache writes',
    request: {
      provider: 'anthropic',
      model: 'claude-sonnet-4-20250514',
      usage: {
        inputTokens: 12005,
        cacheReadInputTokens: 10000,
        cacheWriteInputTokens: 2000,
        cacheWrite1hInputTokens: 500,
        outputTokens: 400,
      },
    },
    amount: 0.01764,
    parts: { input: 0.000015, cache_read: 0.003, cache_write: 0.008625, output: 0.006 },
  },
  {
    // claude-sonnet-4-5 above 200,000 input tokens: the whole call at 6 / 22.5. 250000 x 6 + 1000 x 22.5 = 1522500 / 1e6
    name: 'an Anthropic message beyond 200,000 tokens of context',
    request: { provider: 'anthropic', model: 'claude-sonnet-4-5', usage: { inputTokens: 250_000, outputTokens: 1000 } },
    amount: 1.5225,
    parts: { input: 1.5, output: 0.0225 },
  },
  {
    // A batch result of Anthropic: half. (1000 x 3 + 500 x 15) / 2 = 5250 / 1e6
    name: 'an Anthropic message in a batch',
    request: {
      provider: 'anthropic',
      model: 'claude-sonnet-4-20250514',
      serviceTier: 'batch',
      usage: { inputTokens: 1000, outputTokens: 500 },
    },
    amount: 0.00525,
    parts: { input: 0.0015, output: 0.00375 },
  },
  {
    // claude-opus-4-6 in the United States only: a tenth more. (1000 x 5 + 500 x 25) x 1.1 = 19250 / 1e6
    name: 'an Anthropic message in the United States only',
    request: {
      provider: 'anthropic',
      model: 'claude-opus-4-6',
      serviceTier: 'us',
      usage: { inputTokens: 1000, outputTokens: 500 },
    },
    amount: 0.01925,
    parts: { input: 0.0055, output: 0.01375 },
  },
  {
    // The same in a batch: half of it.
    name: 'an Anthropic message in a batch in the United States only',
    request: {
      provider: 'anthropic',
      model: 'claude-opus-4-6',
      serviceTier: 'batch_us',
      usage: { inputTokens: 1000, outputTokens: 500 },
    },
    amount: 0.009625,
    parts: { input: 0.00275, output: 0.006875 },
  },
  {
    // Gemini: {promptTokenCount: 10000, cachedContentTokenCount: 4000, candidatesTokenCount: 500, thoughtsTokenCount: 1500}
    // thoughts are billed as output: output total 2000. gemini-2.5-pro up to 200,000: 1.25 in, 0.125 cached, 10 out
    // 6000 x 1.25 + 4000 x 0.125 + 2000 x 10 = 7500 + 500 + 20000 = 28000 / 1e6
    name: 'a Gemini answer with thoughts and a cached prefix',
    request: {
      provider: 'gcp.gemini',
      model: 'models/gemini-2.5-pro',
      usage: { inputTokens: 10_000, cacheReadInputTokens: 4000, outputTokens: 2000, reasoningOutputTokens: 1500 },
    },
    amount: 0.028,
    parts: { input: 0.0075, cache_read: 0.0005, output: 0.005, reasoning: 0.015 },
  },
  {
    // gemini-2.5-flash with sound: 0.30 text, 1.00 audio, 2.50 out. 1000 x 0.3 + 3000 x 1 + 200 x 2.5 = 3800 / 1e6
    name: 'a Gemini answer about a sound file',
    request: {
      provider: 'gcp.vertex_ai',
      model: 'gemini-2.5-flash',
      usage: { inputTokens: 4000, audioInputTokens: 3000, outputTokens: 200 },
    },
    amount: 0.0038,
    parts: { input: 0.0003, audio: 0.003, output: 0.0005 },
  },
  {
    // gemini-1.5-pro bills sound like text: 1.25 in, 5 out. 500 x 1.25 + 1500 x 1.25 + 100 x 5 = 3000 / 1e6
    name: 'a Gemini answer about a sound file by a model with one price for all input',
    request: {
      provider: 'gcp.gemini',
      model: 'gemini-1.5-pro',
      usage: { inputTokens: 2000, audioInputTokens: 1500, outputTokens: 100 },
    },
    amount: 0.003,
    parts: { input: 0.000625, audio: 0.001875, output: 0.0005 },
  },
  {
    // Bedrock Converse: {inputTokens: 1000, cacheReadInputTokens: 3000, outputTokens: 200}: Bedrock leaves cached tokens out
    // of inputTokens, the total is 4000. nova-pro: 0.80 in, 0.20 cached, 3.20 out. 800 + 600 + 640 = 2040 / 1e6
    name: 'a Bedrock conversation with cached input',
    request: {
      provider: 'aws.bedrock',
      model: 'amazon.nova-pro-v1:0',
      usage: { inputTokens: 4000, cacheReadInputTokens: 3000, outputTokens: 200 },
    },
    amount: 0.00204,
    parts: { input: 0.0008, cache_read: 0.0006, output: 0.00064 },
  },
  {
    // Claude through a Bedrock inference profile: 3 / 15. 2000 x 3 + 100 x 15 = 7500 / 1e6
    name: 'a Bedrock call through an inference profile',
    request: {
      provider: 'aws.bedrock',
      model: 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0',
      usage: { inputTokens: 2000, outputTokens: 100 },
    },
    amount: 0.0075,
    parts: { input: 0.006, output: 0.0015 },
  },
  {
    // Mistral: {prompt_tokens: 5000, completion_tokens: 1000}; mistral-small: 0.10 / 0.30. 500 + 300 = 800 / 1e6
    name: 'a Mistral chat',
    request: {
      provider: 'mistral_ai',
      model: 'mistral-small-latest',
      usage: { inputTokens: 5000, outputTokens: 1000 },
    },
    amount: 0.0008,
    parts: { input: 0.0005, output: 0.0003 },
  },
  {
    // DeepSeek: {prompt_cache_hit_tokens: 8000, prompt_cache_miss_tokens: 2000, completion_tokens: 1000} at 12:00 UTC
    // deepseek-chat: 0.27 miss, 0.07 hit, 1.10 out. 540 + 560 + 1100 = 2200 / 1e6
    name: 'a DeepSeek chat by day',
    request: {
      provider: 'deepseek',
      model: 'deepseek-chat',
      timestamp: Date.parse('2025-06-01T12:00:00Z'),
      usage: { inputTokens: 10_000, cacheReadInputTokens: 8000, outputTokens: 1000 },
    },
    amount: 0.0022,
    parts: { input: 0.00054, cache_read: 0.00056, output: 0.0011 },
  },
  {
    // The same at 18:00 UTC, off-peak: 0.135, 0.035, 0.55. 270 + 280 + 550 = 1100 / 1e6
    name: 'a DeepSeek chat by night',
    request: {
      provider: 'deepseek',
      model: 'deepseek-chat',
      timestamp: Date.parse('2025-06-01T18:00:00Z'),
      usage: { inputTokens: 10_000, cacheReadInputTokens: 8000, outputTokens: 1000 },
    },
    amount: 0.0011,
    parts: { input: 0.00027, cache_read: 0.00028, output: 0.00055 },
  },
  {
    // Perplexity sonar-pro: 3 / 15 and 14 dollars per 1000 requests. 300 + 3000 = 3300 / 1e6, + 0.014
    name: 'a Perplexity answer with its request fee',
    request: { provider: 'perplexity', model: 'sonar-pro', usage: { inputTokens: 100, outputTokens: 200 } },
    amount: 0.0173,
    parts: { input: 0.0003, output: 0.003, tool: 0.014 },
  },
  {
    // Anthropic message: {input_tokens: 1000, output_tokens: 500, server_tool_use: {web_search_requests: 2}}
    // claude-sonnet-4-5: 3 / 15, searches 10 dollars per 1000. 3000 + 7500 = 10500 / 1e6, + 2 x 0.01
    name: 'an Anthropic message with two web searches',
    request: {
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      usage: { inputTokens: 1000, outputTokens: 500, webSearches: 2 },
    },
    amount: 0.0305,
    parts: { input: 0.003, output: 0.0075, tool: 0.02 },
  },
  {
    // gemini-2.5-pro above 200,000 tokens of input: 2.50 in, 15 out. 250000 x 2.5 + 1000 x 15 = 640000 / 1e6
    name: 'a Gemini answer beyond 200,000 tokens of context',
    request: { provider: 'gcp.gemini', model: 'gemini-2.5-pro', usage: { inputTokens: 250_000, outputTokens: 1000 } },
    amount: 0.64,
    parts: { input: 0.625, output: 0.015 },
  },
  {
    // Gemini image: {promptTokenCount: 1000, candidatesTokensDetails: [{modality: IMAGE, tokenCount: 1290}]}
    // gemini-2.5-flash-image: 0.30 in, images 30 out. 1000 x 0.3 + 1290 x 30 = 300 + 38700 = 39000 / 1e6
    name: 'a Gemini image',
    request: {
      provider: 'gcp.gemini',
      model: 'gemini-2.5-flash-image',
      usage: { inputTokens: 1000, outputTokens: 1290, imageOutputTokens: 1290 },
    },
    amount: 0.039,
    parts: { input: 0.0003, image: 0.0387 },
  },
  {
    // Bedrock Converse: {inputTokens: 500, cacheReadInputTokens: 200, cacheWriteInputTokens: 300, outputTokens: 500}
    // Claude Sonnet 4.5 in a region of the US, a tenth dearer than worldwide: 3.30 in, 0.33 read, 4.125 written, 16.50 out
    // 500 x 3.3 + 200 x 0.33 + 300 x 4.125 + 500 x 16.5 = 1650 + 66 + 1237.5 + 8250 = 11203.5 / 1e6
    name: 'a Bedrock conversation that reads and writes the cache',
    request: {
      provider: 'aws.bedrock',
      model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      usage: { inputTokens: 1000, cacheReadInputTokens: 200, cacheWriteInputTokens: 300, outputTokens: 500 },
    },
    amount: 0.0112035,
    parts: { input: 0.00165, cache_read: 0.000066, cache_write: 0.0012375, output: 0.00825 },
  },
  {
    // magistral-medium: 2 / 5, reasoning as output. 1000 x 2 + 300 x 5 + 200 x 5 = 4500 / 1e6
    name: 'a Mistral chat with reasoning',
    request: {
      provider: 'mistral_ai',
      model: 'magistral-medium-latest',
      usage: { inputTokens: 1000, outputTokens: 500, reasoningOutputTokens: 300 },
    },
    amount: 0.0045,
    parts: { input: 0.002, output: 0.001, reasoning: 0.0015 },
  },
  {
    // DeepSeek: {prompt_cache_hit_tokens: 8000, prompt_cache_miss_tokens: 2000, completion_tokens: 1000,
    //   completion_tokens_details: {reasoning_tokens: 700}}; deepseek-reasoner: 0.55 miss, 0.14 hit, 2.19 out
    // 2000 x 0.55 + 8000 x 0.14 + 1000 x 2.19 = 1100 + 1120 + 2190 = 4410 / 1e6
    name: 'a DeepSeek answer with reasoning',
    request: {
      provider: 'deepseek',
      model: 'deepseek-reasoner',
      timestamp: Date.parse('2025-06-01T12:00:00Z'),
      usage: { inputTokens: 10_000, cacheReadInputTokens: 8000, outputTokens: 1000, reasoningOutputTokens: 700 },
    },
    amount: 0.00441,
    parts: { input: 0.0011, cache_read: 0.00112, output: 0.000657, reasoning: 0.001533 },
  },
]

it.each(bills)('prices $name as the provider bills it', expectAsBilled)
