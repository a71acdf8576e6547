import type { SlowChecks, SlowDetector } from '@agentel/processor-redaction'
import type { AgentelConfig } from './generated/config-fields.ts'
import type { ExporterLike } from './lazy-exporter.ts'
import { requireSibling } from './require-sibling.ts'
import type { UnsentBatch } from './unsent.ts'

/** Detectors that only code can give. */
export interface SlowDetectorOptions {
  /**
   * Asked about what people and models have said, between the end of a span and its export, beside the Presidio analyzer
   * that the configuration may name; see `redaction.slowAttributes`, `timeoutMs`, `unanswered`.
   */
  slowDetectors?: readonly SlowDetector[]
}

/** What slow detectors do to what leaves; nothing, where there are none. */
export interface SlowDetectors {
  /** The exporter of spans or of log records, which gets what they have looked at. */
  around<Exporter extends ExporterLike<never[]>>(exporter: Exporter): Exporter
  /** A batch as it leaves at the end of the process, when nobody can be asked any more. */
  unasked(batch: UnsentBatch): UnsentBatch
}

const none: SlowDetectors = { around: (exporter) => exporter, unasked: (batch) => batch }

/** The detectors of the configuration, and those that the application gives; loaded with the first batch that leaves. */
export function slowDetectorsOf(
  { enabled, mode, hashKey, presidio, slowAttributes, timeoutMs, unanswered }: AgentelConfig['redaction'],
  given: readonly SlowDetector[] = [],
): SlowDetectors {
  const { url, token, ...asked } = presidio
  if (!enabled || (url === undefined && given.length === 0)) return none
  let loaded: SlowChecks | undefined
  const load = (): SlowChecks => {
    const { presidioDetector, slowChecks } = requireSibling<typeof import('./redacting.ts')>('redacting')
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const slowDetectors = url === undefined ? given : [...given, presidioDetector({ url, headers, ...asked })]
    const attributes = slowAttributes === undefined ? {} : { slowAttributes }
    const key = hashKey === undefined ? {} : { hashKey }
    return slowChecks({ slowDetectors, mode, timeoutMs, unanswered, ...attributes, ...key })!
  }
  const checks = (): SlowChecks => (loaded ??= load())
  return {
    around: (exporter) => checks().around(exporter as never) as never,
    unasked: (held) =>
      held.signal === 'metrics' ? held : { ...held, batch: checks().unasked(held.batch as readonly object[]) },
  }
}
