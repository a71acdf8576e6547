import { installWith } from './agentel.ts'

/** The whole chain, as it is when nothing is configured: reconcile, cost, redaction, anomaly, metrics. */
export function install(sdk: any, openai: any): { shutdown(): Promise<void> } {
  return installWith(sdk, openai, {})
}
