import { guard, recordFault } from '@agentel/api'
import type { RedactionOptions } from './options.ts'
import { createRedactor, type Redactor } from './redactor.ts'
import { type Fields, type Rewriter, rewriteFields } from './rewrite-fields.ts'
import { createSlowRedaction, type SlowRedaction, type SlowRedactionOptions } from './slow-redaction.ts'

/** An exporter of spans or of log records of either SDK line, by shape. */
export interface ExporterLike<Item> {
  export(items: Item[], done: (result: { code: number; error?: Error }) => void): void
  forceFlush?(): Promise<void>
  shutdown(): Promise<void>
}

/** What {@link redactingExporter} takes. */
export interface RedactingExporterOptions extends RedactionOptions, SlowRedactionOptions {}

const FAILED = 1

/** The item with other fields: a view, for the item is also other exporters', and has methods and private fields. */
function overlay<Item extends object>(item: Item, fields: Fields): Item {
  return new Proxy(item, {
    get(target, key) {
      if (Object.hasOwn(fields, key)) return fields[key as keyof Fields]
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

function quickRewriter({ text, attribute }: Redactor): Rewriter {
  return { name: text, text, attribute }
}

function rewritten<Item extends object>(items: readonly Item[], rewriter: Rewriter): Item[] {
  return items.map((item) => overlay(item, rewriteFields(rewriter, item as Fields)))
}

/** Rewrites items quickly, then by what slow detectors say, where there are such. */
function rewritingExporter<Item extends object>(
  exporter: ExporterLike<Item>,
  quick: Rewriter | undefined,
  slow: SlowRedaction | undefined,
): Required<ExporterLike<Item>> {
  const pending = new Set<Promise<void>>()
  const hand: ExporterLike<Item>['export'] = (items, done) => {
    try {
      exporter.export(items, done)
    } catch (error) {
      done({ code: FAILED, error: error instanceof Error ? error : new Error(String(error)) })
    }
  }
  // What could not be looked at does not leave.
  const refuse: (done: Parameters<typeof hand>[1]) => void = (done) =>
    done({ code: FAILED, error: new Error('redaction failed, so the batch was not sent') })
  return {
    export(items, done) {
      const redacted = quick === undefined ? items : guard('redaction.export', () => rewritten(items, quick))
      if (redacted === undefined) return refuse(done)
      if (slow === undefined) return hand(redacted, done)
      const work = slow.rewriter(redacted as Fields[]).then(
        (rewriter) => hand(rewritten(redacted, rewriter), done),
        (error: unknown) => {
          recordFault('redaction.slow', error)
          refuse(done)
        },
      )
      pending.add(work)
      void work.finally(() => pending.delete(work))
    },
    async forceFlush() {
      await Promise.all(pending)
      await exporter.forceFlush?.()
    },
    async shutdown() {
      await Promise.all(pending)
      await exporter.shutdown()
    },
  }
}

/**
 * Wraps an exporter of spans or of log records so that it gets redacted copies only: for set-ups into which no
 * processor of ours can be put, for hosts that never call `onEnding` and export synchronously, and for detectors that
 * take their time ({@link SlowDetector}), which can be waited for here without holding up the application. What other
 * exporters get stays as it is.
 *
 * @throws {RedactionOptionError} when an option is wrong
 * @example
 * const presidio = presidioDetector({ url: 'http://localhost:5002' })
 * new BatchSpanProcessor({ exporter: redactingExporter(new OTLPTraceExporter(), { slowDetectors: [presidio] }) })
 */
export function redactingExporter<Item extends object>(
  exporter: ExporterLike<Item>,
  options: RedactingExporterOptions = {},
): Required<ExporterLike<Item>> {
  return rewritingExporter(exporter, quickRewriter(createRedactor(options)), createSlowRedaction(options))
}

/** What stands between processors that have redacted quickly and an exporter. */
export interface SlowChecks {
  /** The exporter, which gets what slow detectors have looked at. */
  around<Item extends object>(exporter: ExporterLike<Item>): Required<ExporterLike<Item>>
  /** The items as they leave when nobody can be asked any more: for the end of a process. */
  unasked<Item extends object>(items: readonly Item[]): Item[]
}

/**
 * Slow detectors alone, for spans and log records that {@link redactionEnricher} has seen; undefined when there are none.
 *
 * @throws {RedactionOptionError} when an option is wrong
 */
export function slowChecks(options: SlowRedactionOptions): SlowChecks | undefined {
  const slow = createSlowRedaction(options)
  if (slow === undefined) return undefined
  return {
    around: (exporter) => rewritingExporter(exporter, undefined, slow),
    unasked: (items) => rewritten(items, slow.unasked),
  }
}
