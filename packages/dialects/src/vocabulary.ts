/** Words that differ from one convention to the next: providers and finish reasons. */
import {
  GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC as ANTHROPIC,
  GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK as AWS_BEDROCK,
  GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE as AZURE_AI_INFERENCE,
  GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI as AZURE_AI_OPENAI,
  GEN_AI_PROVIDER_NAME_VALUE_COHERE as COHERE,
  GEN_AI_PROVIDER_NAME_VALUE_DEEPSEEK as DEEPSEEK,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI as GCP_GEMINI,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEN_AI as GCP_GEN_AI,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI as GCP_VERTEX_AI,
  GEN_AI_PROVIDER_NAME_VALUE_GROQ as GROQ,
  GEN_AI_PROVIDER_NAME_VALUE_IBM_WATSONX_AI as IBM_WATSONX_AI,
  GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI as MISTRAL_AI,
  GEN_AI_PROVIDER_NAME_VALUE_MOONSHOT_AI as MOONSHOT_AI,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI as OPENAI,
  GEN_AI_PROVIDER_NAME_VALUE_PERPLEXITY as PERPLEXITY,
  GEN_AI_PROVIDER_NAME_VALUE_X_AI as X_AI,
} from '@agentel/semconv'

/** By what the name begins with, once it is in lower case with dots; the longest beginning comes first. */
const providers: readonly (readonly [string, string])[] = [
  ['azure.ai.inference', AZURE_AI_INFERENCE],
  ['az.ai.inference', AZURE_AI_INFERENCE],
  ['az.ai.openai', AZURE_AI_OPENAI],
  ['azure', AZURE_AI_OPENAI],
  ['openai', OPENAI],
  ['anthropic', ANTHROPIC],
  ['amazon.bedrock', AWS_BEDROCK],
  ['aws', AWS_BEDROCK],
  ['bedrock', AWS_BEDROCK],
  ['google.vertex', GCP_VERTEX_AI],
  ['vertex', GCP_VERTEX_AI],
  ['gcp.vertex.agent', GCP_GEN_AI],
  ['gcp.vertex', GCP_VERTEX_AI],
  ['google.generative', GCP_GEMINI],
  ['gcp.gemini', GCP_GEMINI],
  ['gemini', GCP_GEMINI],
  ['gcp', GCP_GEN_AI],
  ['google', GCP_GEN_AI],
  ['cohere', COHERE],
  ['deepseek', DEEPSEEK],
  ['groq', GROQ],
  ['ibm.watsonx', IBM_WATSONX_AI],
  ['watsonx', IBM_WATSONX_AI],
  ['mistral', MISTRAL_AI],
  ['moonshot', MOONSHOT_AI],
  ['perplexity', PERPLEXITY],
  ['xai', X_AI],
  ['x.ai', X_AI],
]

/** The well-known value for a provider's name in any spelling; an unknown name in lower case. */
export function providerName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const lower = name.toLowerCase()
  const dotted = lower.replaceAll(/[\s_-]+/g, '.')
  return providers.find(([start]) => dotted === start || dotted.startsWith(start))?.[1] ?? lower
}

const finishReasons: Record<string, string> = {
  stop: 'stop',
  stop_sequence: 'stop',
  end_turn: 'stop',
  eos: 'stop',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
  tool_call: 'tool_call',
  tool_calls: 'tool_call',
  tool_use: 'tool_call',
  function_call: 'tool_call',
  content_filter: 'content_filter',
  refusal: 'content_filter',
  safety: 'content_filter',
  error: 'error',
  failed: 'error',
  cancelled: 'error',
}

/** The reason in the message schema's words; one that it has no word for stays as the provider wrote it. */
export function finishReason(reason: string): string {
  const word = reason.toLowerCase().replaceAll('-', '_')
  return Object.hasOwn(finishReasons, word) ? finishReasons[word]! : reason
}
