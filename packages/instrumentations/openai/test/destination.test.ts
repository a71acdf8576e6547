import { AzureOpenAI, BedrockOpenAI } from 'openai'
import { describe, expect, it } from 'vitest'
import { readChatRequest, readChatResponse } from '../src/chat.ts'
import { readDestination } from '../src/destination.ts'

const at = (baseURL: string) => readDestination({ _client: { baseURL } })

describe('the provider', () => {
  it.each([
    ['https://api.openai.com/v1', 'openai'],
    ['https://eu.api.openai.com/v1', 'openai'],
    ['https://mine.openai.azure.com/openai', 'azure.ai.openai'],
    ['https://mine.services.ai.azure.com/models', 'azure.ai.inference'],
    ['https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1', 'aws.bedrock'],
    ['https://api.anthropic.com/v1', 'anthropic'],
    ['https://api.groq.com/openai/v1', 'groq'],
    ['https://api.deepseek.com', 'deepseek'],
    ['https://api.mistral.ai/v1', 'mistral_ai'],
    ['https://api.x.ai/v1', 'x_ai'],
    ['https://api.perplexity.ai', 'perplexity'],
    ['https://api.moonshot.cn/v1', 'moonshot_ai'],
    ['https://api.cohere.ai/compatibility/v1', 'cohere'],
    ['https://generativelanguage.googleapis.com/v1beta/openai', 'gcp.gemini'],
    ['https://europe-west1-aiplatform.googleapis.com/v1/x', 'gcp.vertex_ai'],
    ['https://us-south.ml.cloud.ibm.com/ml/v1', 'ibm.watsonx.ai'],
    ['https://mine.openai.azure.us/openai', 'azure.ai.openai'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['https://api.together.xyz/v1', 'together'],
    ['https://api.together.ai/v1', 'together'],
    ['https://api.fireworks.ai/inference/v1', 'fireworks'],
    ['https://api.cerebras.ai/v1', 'cerebras'],
    ['http://localhost:11434/v1', 'ollama'],
    ['http://ollama:8080/v1', 'ollama'],
    ['https://ollama.com/v1', 'ollama'],
    ['http://vllm:8000/v1', 'vllm'],
    ['http://vllm-0.models.svc.cluster.local:8000/v1', 'vllm'],
    ['http://localhost:8000/v1', 'openai'],
    ['https://myollamaproxy.example.com/v1', 'openai'],
    ['https://proxy.example.com/v1', 'openai'],
    ['https://notopenai.com/v1', 'openai'],
    ['https://api.openai.com.evil.example/v1', 'openai'],
  ])('at %s is %s', (baseURL, provider) => {
    expect(at(baseURL).provider).toBe(provider)
  })

  it('is Azure or Bedrock for their own clients, wherever they point', () => {
    const azure = new AzureOpenAI({ apiKey: 'k', apiVersion: 'v', endpoint: 'https://gateway.example.com' })
    expect(readDestination(azure.chat.completions).provider).toBe('azure.ai.openai')
    const bedrock = new BedrockOpenAI({
      apiKey: 'k',
      awsRegion: 'eu-west-1',
      baseURL: 'https://gateway.example.com/v2',
    } as never)
    expect(readDestination(bedrock.chat.completions).provider).toBe('aws.bedrock')
  })

  it('other than OpenAI gets no openai.* attributes', () => {
    const azure = { provider: 'azure.ai.openai' }
    const answer = { service_tier: 'default', system_fingerprint: 'fp', choices: [] }
    expect(readChatRequest([{ model: 'm', service_tier: 'flex' }], azure).attributes).toEqual({})
    expect(readChatResponse(answer, azure, 'complete')).toEqual({})
  })
})

describe('the address', () => {
  it.each([
    ['https://api.openai.com/v1', 'api.openai.com', 443],
    ['http://localhost:11434/v1', 'localhost', 11434],
    ['http://inside/v1', 'inside', 80],
    ['http://[::1]:8080/v1', '::1', 8080],
  ])('of %s is %s, port %i', (baseURL, host, port) => {
    expect(at(baseURL)).toMatchObject({ address: host, port })
  })

  it('of a base URL that is none is left out', () => {
    expect(at('not a url')).toEqual({ provider: 'openai' })
    expect(readDestination(undefined)).toEqual({ provider: 'openai' })
  })
})
