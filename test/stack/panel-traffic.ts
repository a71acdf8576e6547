/** A stack after the demo's traffic and that of a service that sends every metric, in two parts with silence around the second. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LedgerEntry } from '../../packages/testing/src/model-server/index.ts'
import { freePorts } from '../../scripts/stack/ports.ts'
import { type Stack, startStack } from '../../scripts/stack/start-stack.ts'
import { type DemoDesk, startDemoDesk, type ToolResult } from './demo-traffic.ts'
import { sendLogs, sendSpans, span, text } from './otlp-sender.ts'
import { cpuSeconds, residentBytes } from './process-figures.ts'
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts'
import { sendRegistry } from './registry-sender.ts'

/** Questions that were asked of the desk. */
export const QUESTIONS = { before: 12, all: 36 }
const OFFICE_SPANS = 20

/** What is known at one moment. */
export interface Moment {
  /** Seconds since the epoch. */
  readonly at: number
  /** What the model server served. */
  readonly ledger: readonly LedgerEntry[]
  /** What the tools answered to the researcher, by the id of the call. */
  readonly toolResults: ReadonlyMap<string, ToolResult>
  /** What has come to the collector. */
  readonly spans: number
  readonly traces: number
  readonly points: number
  readonly records: number
  /** What the collector has used: seconds, and bytes. */
  readonly cpu: number
  readonly memory: number
}

/** A stack that has seen everything. */
export interface PanelTraffic {
  readonly stack: Stack
  /** In the silence after the first part, and after the second. */
  readonly before: Moment
  readonly after: Moment
  /** The time between them, in whole seconds. */
  readonly late: number
  /** What the model server served in it. */
  readonly lateLedger: readonly LedgerEntry[]
  /** What the tools answered in it. */
  readonly lateToolResults: readonly ToolResult[]
  stop(): Promise<void>
}

async function office(url: string, rounds: number): Promise<void> {
  await sendRegistry(url, 'office', rounds)
  const attributes = [text('gen_ai.operation.name', 'chat')]
  const spans = Array.from({ length: OFFICE_SPANS }, () => span('chat', { attributes }))
  await sendSpans(url, 'office', spans)
}

function momentOf(stack: Stack, proxy: RecordingProxy, ledger: readonly LedgerEntry[], demo: DemoDesk): Moment {
  const spans = proxy.spans()
  return {
    at: Date.now() / 1000,
    ledger,
    toolResults: new Map(demo.toolResults),
    spans: spans.length,
    traces: new Set(spans.map((id) => id.split('/')[0])).size,
    points: proxy.points(),
    records: proxy.logs().length,
    cpu: cpuSeconds(stack.collector.pid!),
    memory: residentBytes(stack.collector.pid!),
  }
}

/** Export, batch, scrape and evaluation take a second each. */
const settled = (): Promise<void> => sleep(6000)

async function bothParts(stack: Stack, proxy: RecordingProxy): Promise<{ before: Moment; after: Moment }> {
  const env = { OTEL_METRIC_EXPORT_INTERVAL: '1000', OTEL_METRIC_EXPORT_TIMEOUT: '900' }
  // As slow as the real service: what is added on the way is little beside it.
  const demo = await startDemoDesk(proxy.url, env, { pace: 1, concurrency: QUESTIONS.before })
  try {
    await office(proxy.url, 1)
    const timeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
    const eventName = 'agentel.anomaly.detected'
    await sendLogs(proxy.url, 'office', [{ timeUnixNano, severityNumber: 13, eventName, body: { stringValue: 'odd' } }])
    const first = await demo.askUpTo(QUESTIONS.before)
    await settled()
    const before = momentOf(stack, proxy, first, demo)
    await settled()
    await office(proxy.url, 2)
    const all = await demo.askUpTo(QUESTIONS.all)
    await settled()
    await sleep(25_000)
    return { before, after: momentOf(stack, proxy, all, demo) }
  } finally {
    await demo.stop()
  }
}

/** Starts a stack in a folder and sends it everything. */
export async function startPanelTraffic(folder: string): Promise<PanelTraffic> {
  const collectorEnv = {
    OTELCOL_DECISION_WAIT: '1s',
    OTELCOL_BATCH_TIMEOUT: '200ms',
    OTELCOL_SPAN_METRICS_FLUSH: '1s',
    OTELCOL_KEEP_PERCENT: '100',
  }
  const collectorFiles = ['deploy/otelcol/sampling.yaml']
  const stack = await startStack({ folder, ports: await freePorts(), collectorEnv, collectorFiles, interval: '1s' })
  const proxy = await startRecordingProxy(stack.urls.otlp)
  const stop = async (): Promise<void> => {
    await proxy.close()
    await stack.stop()
  }
  try {
    const { before, after } = await bothParts(stack, proxy)
    const early = new Set(before.ledger.map(({ requestId }) => requestId))
    return {
      stack,
      before,
      after,
      late: Math.round(after.at - before.at),
      lateLedger: after.ledger.filter(({ requestId }) => !early.has(requestId)),
      lateToolResults: [...after.toolResults].filter(([id]) => !before.toolResults.has(id)).map(([, result]) => result),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
