import { enricherProcessor, identityEnricher, type Enricher, type SpanProcessorLike } from '@agentel/processor-kit'

/** What of agentel is put into a set-up, be it ours or the application's. */
export interface AgentelPlugs {
  /** Must stand before the exporting processors. */
  readonly spanProcessor: SpanProcessorLike
}

/** Options of {@link agentelPlugs}. */
export interface PlugOptions {
  /** More enrichers, run after ours. */
  enrichers?: readonly Enricher[]
}

/**
 * Our processors for a set-up that exists: one span processor that runs everything of ours in the right order.
 *
 * @example
 * const agentel = agentelPlugs()
 * new NodeSDK({ spanProcessors: [agentel.spanProcessor, new BatchSpanProcessor({ exporter })] }).start()
 */
export function agentelPlugs(options: PlugOptions = {}): AgentelPlugs {
  return { spanProcessor: enricherProcessor([identityEnricher(), ...(options.enrichers ?? [])]) }
}
