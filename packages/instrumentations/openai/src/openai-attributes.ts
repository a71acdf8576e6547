import type { Attributes } from '@opentelemetry/api'
import { type Destination, setServiceTier, setString } from '@agentel/instrumentation-kit'
import {
  ATTR_OPENAI_API_TYPE,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
  GEN_AI_OUTPUT_TYPE_VALUE_JSON,
  GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  OPENAI_REQUEST_SERVICE_TIER_VALUE_AUTO,
} from '@agentel/semconv'

/** The `openai.*` attributes of a request; they belong to OpenAI itself, not to others that speak its protocol. */
export function setOpenAIRequest(
  attributes: Attributes,
  { provider }: Destination,
  apiType: string,
  tier: unknown,
): void {
  if (provider !== GEN_AI_PROVIDER_NAME_VALUE_OPENAI) return
  attributes[ATTR_OPENAI_API_TYPE] = apiType
  if (tier !== OPENAI_REQUEST_SERVICE_TIER_VALUE_AUTO) setString(attributes, ATTR_OPENAI_REQUEST_SERVICE_TIER, tier)
}

/** The `openai.*` attributes of an answer; of others only the tier by which they bill. */
export function setOpenAIResponse(
  attributes: Attributes,
  { provider }: Destination,
  tier: unknown,
  fingerprint?: unknown,
): void {
  if (provider !== GEN_AI_PROVIDER_NAME_VALUE_OPENAI) return setServiceTier(attributes, tier)
  setString(attributes, ATTR_OPENAI_RESPONSE_SERVICE_TIER, tier)
  setString(attributes, ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT, fingerprint)
}

/** `gen_ai.output.type` for the `type` of a requested format; `undefined` when none was requested. */
export function outputType(format: unknown): string | undefined {
  if (format === 'json_schema' || format === 'json_object') return GEN_AI_OUTPUT_TYPE_VALUE_JSON
  return format === 'text' ? GEN_AI_OUTPUT_TYPE_VALUE_TEXT : undefined
}
