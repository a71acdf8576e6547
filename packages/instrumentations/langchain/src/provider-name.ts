import type { ModelEvent } from './chat.ts'

/** LangChain's names for providers (`ls_provider`, or a part of a class's namespace), in OpenTelemetry's words. */
const PROVIDERS: Readonly<Record<string, string>> = {
  amazon_bedrock: 'aws.bedrock',
  azure: 'azure.ai.openai',
  azure_openai: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  google: 'gcp.gemini',
  google_genai: 'gcp.gemini',
  google_vertexai: 'gcp.vertex_ai',
  googlegenerativeai: 'gcp.gemini',
  ibm: 'ibm.watsonx.ai',
  mistral: 'mistral_ai',
  mistralai: 'mistral_ai',
  vertexai: 'gcp.vertex_ai',
  watsonx: 'ibm.watsonx.ai',
  xai: 'x_ai',
}

/** `gen_ai.provider.name` of a model's call; that of a model that says nothing of it is its family. */
export function providerOf({ metadata, of }: ModelEvent): string {
  const told = metadata?.ls_provider
  // Where a model does not say, LangChain gives the name of its class.
  const given = typeof told === 'string' && told !== '' && told === told.toLowerCase() ? told : of?.id?.at(-2)
  const name = String(given ?? '_OTHER')
  return PROVIDERS[name] ?? name
}
