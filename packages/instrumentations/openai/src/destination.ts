import {
  GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC,
  GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE,
  GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI,
  GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  GEN_AI_PROVIDER_NAME_VALUE_DEEPSEEK,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI,
  GEN_AI_PROVIDER_NAME_VALUE_GROQ,
  GEN_AI_PROVIDER_NAME_VALUE_IBM_WATSONX_AI,
  GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI,
  GEN_AI_PROVIDER_NAME_VALUE_MOONSHOT_AI,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  GEN_AI_PROVIDER_NAME_VALUE_PERPLEXITY,
  GEN_AI_PROVIDER_NAME_VALUE_X_AI,
} from '@agentel/semconv'
import { type Destination, type Endpoint, readEndpoint } from '@agentel/instrumentation-kit'

/** Hosts that speak OpenAI's protocol; the end of the host name decides. */
const PROVIDERS: readonly (readonly [string, string])[] = [
  ['.openai.azure.com', GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI],
  ['.cognitiveservices.azure.com', GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI],
  ['.openai.azure.us', GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI],
  ['.services.ai.azure.com', GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE],
  ['.models.ai.azure.com', GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE],
  ['.openai.com', GEN_AI_PROVIDER_NAME_VALUE_OPENAI],
  ['api.anthropic.com', GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC],
  ['.amazonaws.com', GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK],
  ['api.cohere.ai', GEN_AI_PROVIDER_NAME_VALUE_COHERE],
  ['api.cohere.com', GEN_AI_PROVIDER_NAME_VALUE_COHERE],
  ['api.deepseek.com', GEN_AI_PROVIDER_NAME_VALUE_DEEPSEEK],
  ['generativelanguage.googleapis.com', GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI],
  ['aiplatform.googleapis.com', GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI],
  ['api.groq.com', GEN_AI_PROVIDER_NAME_VALUE_GROQ],
  ['.ml.cloud.ibm.com', GEN_AI_PROVIDER_NAME_VALUE_IBM_WATSONX_AI],
  ['api.mistral.ai', GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI],
  ['api.moonshot.ai', GEN_AI_PROVIDER_NAME_VALUE_MOONSHOT_AI],
  ['api.moonshot.cn', GEN_AI_PROVIDER_NAME_VALUE_MOONSHOT_AI],
  ['api.perplexity.ai', GEN_AI_PROVIDER_NAME_VALUE_PERPLEXITY],
  ['api.x.ai', GEN_AI_PROVIDER_NAME_VALUE_X_AI],
  // The conventions have no word for these.
  ['openrouter.ai', 'openrouter'],
  ['api.together.ai', 'together'],
  ['api.together.xyz', 'together'],
  ['api.fireworks.ai', 'fireworks'],
  ['api.cerebras.ai', 'cerebras'],
  ['ollama.com', 'ollama'],
]

/**
 * Servers of one's own that speak OpenAI's protocol. Only what names itself is told apart: a label of the host (`vllm`,
 * `vllm-0.models.svc`), and the port that no other server has by default. Whatever listens on `localhost:8000` could be
 * anything, and stays `openai`.
 */
const OWN_SERVERS: readonly string[] = ['vllm', 'ollama']
const OLLAMA_PORT = 11_434

const byBaseUrl = new Map<string, Destination>()
const MAX_REMEMBERED = 100

/**
 * Where a call goes, from the client's base URL. A host that is not known (a proxy, a server of one's own) is taken
 * for OpenAI, unless the client's class says Azure or Bedrock.
 *
 * @param resource the resource that the method belongs to; its client is `_client`
 */
export function readDestination(resource: unknown): Destination {
  const client = (resource as { _client?: Client } | undefined)?._client
  const baseUrl = client?.baseURL
  const known = typeof baseUrl === 'string' ? byBaseUrl.get(baseUrl) : undefined
  if (known !== undefined) return known
  const endpoint = readEndpoint(baseUrl)
  const destination = { provider: providerOf(endpoint, client), ...endpoint }
  if (typeof baseUrl === 'string' && byBaseUrl.size < MAX_REMEMBERED) byBaseUrl.set(baseUrl, destination)
  return destination
}

interface Client {
  readonly baseURL?: unknown
  /** Only Azure's client has it. */
  readonly apiVersion?: unknown
}

function providerOf({ address: host, port }: Endpoint, client: Client | undefined): string {
  if (host !== undefined) {
    const found = PROVIDERS.find(([end]) =>
      end.startsWith('.') ? host.endsWith(end) : host === end || host.endsWith(`.${end}`) || host.endsWith(`-${end}`),
    )
    if (found !== undefined) return found[1]
    const own = OWN_SERVERS.find((name) => host.split(/[.-]/).includes(name))
    if (own !== undefined) return own
    if (port === OLLAMA_PORT) return 'ollama'
  }
  if (typeof client?.apiVersion === 'string') return GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI
  if (client?.constructor?.name === 'BedrockOpenAI') return GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK
  return GEN_AI_PROVIDER_NAME_VALUE_OPENAI
}
