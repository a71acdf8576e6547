/** Values of `gen_ai.provider.name` (and of the older `gen_ai.system`) whose name in the price table differs. */
const TABLE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'aws.bedrock': 'aws',
    'azure.ai.inference': 'azure',
    'azure.ai.openai': 'azure',
    'az.ai.inference': 'azure',
    'az.ai.openai': 'azure',
    'gcp.gemini': 'google',
    'gcp.vertex_ai': 'google',
    'gcp.gen_ai': 'google',
    vertex_ai: 'google',
    mistral_ai: 'mistral',
    moonshot_ai: 'moonshotai',
    x_ai: 'x-ai',
    xai: 'x-ai',
  }),
)

/** The price table's name of a provider; an unknown one passes unchanged. */
export function tableProvider(provider: string): string {
  return TABLE_NAMES.get(provider) ?? provider
}

/** A model's name without the resource path that Google and AWS put before it. */
export function bareModel(model: string): string {
  const slash = model.lastIndexOf('/')
  if (slash === -1) return model
  return /^(?:arn:|models\/|publishers\/|projects\/)/.test(model) ? model.slice(slash + 1) : model
}

/**
 * What a service tier does to token prices. `null`: billed apart from the list (bought capacity, or a surcharge
 * that differs by model), so there is no price here. An absent tier is not known.
 */
const SERVICE_TIERS: Readonly<Record<string, Readonly<Record<string, number | null>>>> = {
  openai: { batch: 0.5, flex: 0.5, priority: null, scale: null },
  azure: { batch: 0.5, priority: null },
  anthropic: { batch: 0.5, us: 1.1, batch_us: 0.55, fast: null, priority: null },
  google: { batch: 0.5, flex: 0.5, priority: null },
  aws: { batch: 0.5, flex: 0.5, priority: null, reserved: null },
  mistral: { batch: 0.5 },
  groq: { batch: 0.5, flex: 1, performance: null },
}

const STANDARD_TIERS: ReadonlySet<string> = new Set(['default', 'auto', 'standard', 'on_demand'])

/** A name comes from outside: what every object has is none of ours. */
function valueOf<T>(values: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined
}

/** The factor on token prices for a service tier, or undefined when there is none to be had. */
export function tierFactor(
  provider: string,
  tier: string | undefined,
  own?: Readonly<Record<string, number>>,
): number | undefined {
  if (tier === undefined) return 1
  const ownFactor = valueOf(own, tier)
  if (ownFactor !== undefined) return ownFactor
  if (STANDARD_TIERS.has(tier)) return 1
  return valueOf(valueOf(SERVICE_TIERS, provider), tier) ?? undefined
}

/** Providers that bill audio input like text where their table names no price of its own for it. */
export const AUDIO_INPUT_AS_TEXT: ReadonlySet<string> = new Set(['google'])
