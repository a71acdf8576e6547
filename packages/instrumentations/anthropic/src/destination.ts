import { type Destination, readEndpoint } from '@agentel/instrumentation-kit'
import {
  GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC,
  GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI,
} from '@agentel/semconv'

/** What we read of a client. */
export interface Client {
  readonly baseURL?: unknown
  /** Its own word for the provider (0.133 and later). */
  readonly _genAIProviderName?: unknown
  readonly _tracer?: unknown
  readonly request?: (options: Promise<never>) => unknown
}

/** Platforms that serve Anthropic's models under the same protocol; the end of the host name decides. */
const PROVIDERS: readonly (readonly [string, string])[] = [
  ['.amazonaws.com', GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK],
  ['aiplatform.googleapis.com', GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI],
  ['.services.ai.azure.com', GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE],
]

/** The clients of those platforms, wherever they point. */
const CLIENTS: Readonly<Record<string, string>> = {
  AnthropicBedrock: GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  AnthropicBedrockMantle: GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  AnthropicFoundry: GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE,
  AnthropicVertex: GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI,
}

/**
 * Where a call goes, from the client and its base URL. A host that is not known counts as Anthropic.
 *
 * @param resource the resource that the method belongs to; its client is `_client`
 */
export function readDestination(resource: unknown): Destination {
  const client = (resource as { _client?: Client } | undefined)?._client
  const endpoint = readEndpoint(client?.baseURL)
  return { provider: providerOf(endpoint.address, client), ...endpoint }
}

function providerOf(host: string | undefined, client: Client | undefined): string {
  if (typeof client?._genAIProviderName === 'string') return client._genAIProviderName
  const found = host === undefined ? undefined : PROVIDERS.find(([end]) => host.endsWith(end))
  return found?.[1] ?? CLIENTS[client?.constructor?.name ?? ''] ?? GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC
}
