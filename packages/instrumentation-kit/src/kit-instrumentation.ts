import { diag, type MeterProvider, trace, type Tracer, type TracerProvider } from '@opentelemetry/api'
import { guard, switchWord } from '@agentel/api'
import { type AppliedPatch, applyPatches, removePatches } from './apply-patches.ts'
import { absentEntries } from './entry-files.ts'
import { announce, type HookReport } from './hook-report.ts'
import { hookModule } from './module-hooks.ts'
import type { ModuleExports, PatchRuntime, PatchTable } from './patch-table.ts'

/** What every instrumentation takes. */
export interface InstrumentationConfig {
  /** `false`: hook nothing until `enable()` is called. */
  enabled?: boolean
}

const SCHEMA_URL = 'https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev'

/**
 * An OpenTelemetry `Instrumentation` made from a patch table: give it to `registerInstrumentations()` or to an SDK's
 * `instrumentations` of either line (2.x, 3.x), or create it alone before the module is loaded.
 *
 * It has the interface of `@opentelemetry/instrumentation` without using that package, whose newest line refuses
 * hosts on api 1.9.
 */
export class KitInstrumentation<Config extends InstrumentationConfig = InstrumentationConfig> {
  readonly instrumentationName: string
  readonly instrumentationVersion: string
  readonly #table: (config: Config) => PatchTable
  /** Every copy that was seen, so that it can be hooked again after `disable()`. */
  readonly #modules = new Map<ModuleExports, LoadedCopy>()
  readonly #reports = new Map<unknown, HookReport>()
  #config: Config
  #tracer: Tracer
  #enabled = false
  #patched: readonly AppliedPatch[] = []
  #unhook: readonly (() => void)[] = []

  /** @param table makes the table for a configuration; called again at every `enable()` */
  constructor(table: (config: Config) => PatchTable, config: Config) {
    const { name, version } = table(config)
    this.instrumentationName = name
    this.instrumentationVersion = version
    this.#table = table
    this.#config = config
    this.#tracer = trace.getTracerProvider().getTracer(name, version, { schemaUrl: SCHEMA_URL })
    if (config.enabled !== false) this.enable()
  }

  /** Hooks every copy of the module that was seen, and those to come. Does nothing when enabled, or switched off. */
  enable(): void {
    if (this.#enabled || isSwitchedOff()) return
    this.#enabled = true
    const table = this.#table(this.#config)
    this.#unhook = [table, ...(table.also ?? [])].map(({ module, entries }) =>
      hookModule({
        module,
        entries,
        rebind: table.rebind,
        onLoad: (exports, loaded) => void this.#patch(table, exports, { module, ...loaded }),
        onUnknownLayout: (loaded) => this.#miss(table, { module, ...loaded }),
      }),
    )
    for (const [exports, loaded] of this.#modules) this.#patch(table, exports, loaded)
  }

  /** Takes the patches out; copies that somebody else wrapped since pass straight through. */
  disable(): void {
    this.#enabled = false
    for (const unhook of this.#unhook) unhook()
    this.#unhook = []
    this.#patched = guard('instrumentation.disable', () => removePatches(this.#patched)) ?? this.#patched
  }

  /**
   * Patches a module that no hook can see: one that a bundler took in, or that was loaded before.
   *
   * @param exports the module's namespace, `import * as openai from 'openai'`, or its `require()`d exports
   * @returns what was hooked and what was not, with the reasons
   */
  manuallyInstrument(exports: object): HookReport {
    const table = this.#table(this.#config)
    const { module } = table
    const loaded = { module, format: 'manual', file: undefined, version: undefined, root: undefined } as const
    if (isSwitchedOff()) {
      const missing = Object.fromEntries(table.patches.map(({ name }) => [name, 'switched off by the environment']))
      return { module, format: 'manual', file: undefined, version: undefined, hooked: [], missing }
    }
    this.#enabled = true
    return this.#patch(table, exports as ModuleExports, loaded)
  }

  /** What was loaded so far and what became of it; for `agentel doctor`. */
  hookReports(): readonly HookReport[] {
    return [...this.#reports.values()]
  }

  setTracerProvider(provider: TracerProvider): void {
    this.#tracer = provider.getTracer(this.instrumentationName, this.instrumentationVersion, { schemaUrl: SCHEMA_URL })
  }

  /** Part of OpenTelemetry's interface; instruments come from spans (`@agentel/processor-metrics`). */
  setMeterProvider(_provider: MeterProvider): void {}

  setConfig(config: Config): void {
    this.#config = config
  }

  getConfig(): Config {
    return this.#config
  }

  #patch(table: PatchTable, exports: ModuleExports, loaded: LoadedCopy): HookReport {
    const { applied, hooked, missing } = applyPatches(
      table,
      exports,
      this.#runtime(),
      () => this.#enabled,
      entryOf(loaded),
    )
    this.#patched = [...this.#patched, ...applied]
    const { module, root, format, file, version } = loaded
    // Several entries of one copy are one report: what one of them has not, another one may have.
    const copy = root === undefined ? exports : `${format} ${root}`
    const known = this.#reports.get(copy)
    const absent = known === undefined && root !== undefined ? withoutEntry(table, module, root) : {}
    const report = mergeReports({ module, format, file, version, hooked, missing: { ...absent, ...missing } }, known)
    this.#reports.set(copy, report)
    this.#modules.set(exports, loaded)
    if (root === undefined) announce(table, report)
    // The other entries are evaluated in the same turn.
    else if (known === undefined) queueMicrotask(() => announce(table, this.#reports.get(copy)!))
    return report
  }

  /** A copy that keeps its files where nobody looks for them gives nothing to patch; that is said. */
  #miss(table: PatchTable, { module, root, format, file, version }: LoadedCopy): void {
    const wanted = table.patches.filter(({ optional }) => (typeof optional === 'function' ? !optional({}) : !optional))
    const missing = Object.fromEntries(wanted.map(({ name }) => [name, 'none of its files is where it is known to be']))
    const report: HookReport = { module, format, file, version, hooked: [], missing }
    this.#reports.set(`${format} ${root}`, report)
    announce(table, report)
  }

  /** Read at every call, so that a provider that comes later holds for modules that are patched already. */
  #runtime(): PatchRuntime {
    const tracer = (): Tracer => this.#tracer
    return {
      get tracer() {
        return tracer()
      },
    }
  }
}

/** A loaded entry; `root` is the folder of its package, which a module that was handed over does not tell. */
type LoadedCopy = Pick<HookReport, 'module' | 'format' | 'file' | 'version'> & { readonly root: string | undefined }

/** Patches of a package's entries that this copy of it has not. */
function withoutEntry({ patches, ...table }: PatchTable, module: string, root: string): Record<string, string> {
  const { entries } = [table, ...(table.also ?? [])].find((one) => one.module === module) ?? table
  const absent = absentEntries(root, entries)
  const lost = patches.filter(
    ({ entry, optional }) => optional !== true && entry !== undefined && absent.includes(entry),
  )
  return Object.fromEntries(lost.map(({ name, entry }) => [name, `there is no file ${entry}`]))
}

/** The file as a table names it. */
function entryOf({ file, root }: LoadedCopy): string | undefined {
  if (file === undefined || root === undefined) return undefined
  return file
    .slice(root.length)
    .replaceAll('\\', '/')
    .replace(/\.[cm]?js$/, '')
}

function mergeReports(report: HookReport, known: HookReport | undefined): HookReport {
  if (known === undefined) return report
  const hooked = [...new Set([...known.hooked, ...report.hooked])]
  const missing = Object.entries({ ...known.missing, ...report.missing }).filter(([name]) => !hooked.includes(name))
  return { ...known, hooked, missing: Object.fromEntries(missing) }
}

/** OpenTelemetry's switch and ours. */
function isSwitchedOff(): boolean {
  const { OTEL_SDK_DISABLED: theirs, AGENTEL_DISABLED: ours } = process.env
  const isOff = theirs?.trim().toLowerCase() === 'true' || switchWord(ours) === true
  if (isOff) diag.info('OTEL_SDK_DISABLED or AGENTEL_DISABLED says so: nothing is hooked')
  return isOff
}
