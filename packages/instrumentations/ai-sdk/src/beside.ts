/** The list on which the SDK keeps its telemetry integrations, for the whole process. */
const REGISTRY = 'AI_SDK_TELEMETRY_INTEGRATIONS'

function registry(): object[] {
  const holder = globalThis as { [REGISTRY]?: object[] }
  return (holder[REGISTRY] ??= [])
}

/** Puts an integration on the SDK's list, once. */
export function register(integration: object): void {
  if (!registry().includes(integration)) registry().push(integration)
}

/** Whether `@ai-sdk/otel` makes the spans already. */
export function isTelemetryBeside(): boolean {
  return registry().some((one) => /^_*(Legacy)?OpenTelemetry\d*$/.test(one.constructor?.name ?? ''))
}
