/** Under which `gen_ai.provider.name` the calls of a provider of the price table come. */
import * as n from '../../packages/semconv/src/index.ts'
import { tableProvider } from '../../packages/prices/src/providers.ts'

const NAMES: readonly string[] = [
  ...Object.entries(n)
    .filter(([name]) => name.startsWith('GEN_AI_PROVIDER_NAME_VALUE_'))
    .map(([, value]) => value as string),
  // Of older conventions and of other dialects.
  'az.ai.inference',
  'az.ai.openai',
  'azure',
  'aws',
  'bedrock',
  'google',
  'vertex_ai',
  'mistral',
  'mistralai',
  'xai',
]

const MORE: Readonly<Record<string, string>> = { bedrock: 'aws', mistralai: 'mistral' }

/** By the table's name. */
export const GEN_AI_PROVIDER_NAME_VALUES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Map.groupBy(NAMES, (name) => MORE[name] ?? tableProvider(name)),
)
