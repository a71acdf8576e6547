/** The beginnings of the provider ids of `ai` (`openai.chat`, `google.vertex.chat`), longest first, in OpenTelemetry's names. */
const PROVIDERS: readonly (readonly [string, string])[] = [
  ['google.generative-ai', 'gcp.gemini'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['google.vertex', 'gcp.vertex_ai'],
  ['google-vertex', 'gcp.vertex_ai'],
  ['azure-openai', 'azure.ai.openai'],
  ['perplexity', 'perplexity'],
  ['anthropic', 'anthropic'],
  ['deepseek', 'deepseek'],
  ['bedrock', 'aws.bedrock'],
  ['mistral', 'mistral_ai'],
  ['google', 'gcp.gemini'],
  ['vertex', 'gcp.vertex_ai'],
  ['cohere', 'cohere'],
  ['openai', 'openai'],
  ['azure', 'azure.ai.openai'],
  ['groq', 'groq'],
  ['xai', 'x_ai'],
]

/** `gen_ai.provider.name` of a provider id of `ai`; one that is unknown keeps its first word. */
export function aiProviderName(id: unknown): string {
  if (typeof id !== 'string' || id === '') return '_OTHER'
  const lower = id.toLowerCase()
  const known = PROVIDERS.find(
    ([start]) => lower === start || lower.startsWith(`${start}.`) || lower.startsWith(`${start}-`),
  )
  return known?.[1] ?? lower.split('.')[0]!
}
