/** What is lost when there is no room any more: counted, shown and alerted on; and nothing before. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { collector as collectorDashboard } from '../../scripts/deploy/dashboards/machinery.ts'
import { freePorts } from '../../scripts/stack/ports.ts'
import { type Stack, startStack } from '../../scripts/stack/start-stack.ts'
import { eventually, jaegerSpans, prometheusValue } from './backends.ts'
import { sendSpans, span, text } from './otlp-sender.ts'

let stack: Stack | undefined
let folder: string
let mounted: string | undefined

async function start(collectorEnv: NodeJS.ProcessEnv): Promise<Stack> {
  folder = mkdtempSync(join(tmpdir(), 'agentel-overflow-'))
  const hurried = { OTELCOL_BATCH_TIMEOUT: '100ms' }
  stack = await startStack({
    folder,
    ports: await freePorts(),
    interval: '1s',
    collectorEnv: { ...hurried, ...collectorEnv },
  })
  return stack
}
afterEach(async () => {
  await stack?.stop()
  stack = undefined
  if (mounted !== undefined) spawnSync('umount', [mounted])
  mounted = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** Sends batches until the collector has counted losses, or for so many; gives the ids of what it took. */
async function sendUntilLoss(running: Stack, most: number, padding = ''): Promise<string[]> {
  const sent: string[] = []
  for (let batch = 0; batch < most; batch++) {
    const attributes = padding === '' ? [] : [text('app.note', padding)]
    const spans = Array.from({ length: 20 }, () => span('work', { attributes }))
    await sendSpans(running.urls.otlp, 'unlucky', spans)
    sent.push(...spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`))
    await new Promise((resolve) => setTimeout(resolve, 120))
    if (batch % 10 === 9 && (await lost(running)) > 0) break
  }
  return sent
}

async function lost(running: Stack): Promise<number> {
  const page = await (await fetch(`${running.urls.collectorMetrics}/metrics`)).text()
  const lines = page.split('\n').filter((line) => line.startsWith('otelcol_exporter_enqueue_failed_spans{'))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

const firing = (running: Stack, alert: string): Promise<number | undefined> =>
  prometheusValue(running.urls.prometheus, `count(ALERTS{alertname="${alert}", alertstate="firing"})`)

/** What the collector has counted is what the dashboard shows, and an alert. */
async function expectReported(running: Stack): Promise<number> {
  // The last batches come to the queue a moment later.
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const gone = await lost(running)
  expect(gone).toBeGreaterThan(0)
  const panel = collectorDashboard.panels.find(({ title }) => title === 'Lost')
  const query = String(panel?.query).replaceAll('$__range', '1h')
  const shown = await eventually(
    () => prometheusValue(running.urls.prometheus, query),
    (value) => value === gone,
    10_000,
  )
  expect(shown).toBe(gone)
  expect(
    await eventually(
      () => firing(running, 'collector-loses-data'),
      (count) => count !== undefined,
    ),
  ).toBe(1)
  return gone
}

const arrivedOf = (running: Stack, sent: readonly string[], wanted: number): Promise<string[]> =>
  eventually(
    () =>
      jaegerSpans(
        running.urls.jaeger,
        sent.map((id) => id.split('/')[0]!),
      ),
    (held) => held.length >= wanted,
  )

it('loses what a full queue has no room for, and counts and reports each span of it', async () => {
  const running = await start({ OTELCOL_QUEUE_BYTES: '40000' })
  await running.jaeger.stop()
  const sent = await sendUntilLoss(running, 400)
  const gone = await expectReported(running)
  await running.jaeger.start()
  const arrived = await arrivedOf(running, sent, sent.length - gone)
  // Every span is either there or counted.
  expect(new Set(arrived).size + gone).toBe(sent.length)
})

/** Mounts a disk of its own size. */
function smallDisk(size: string): string {
  const disk = mkdtempSync(join(tmpdir(), 'agentel-disk-'))
  const args = ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' })
  expect(status, `a small disk cannot be mounted (root is needed): ${stderr}`).toBe(0)
  mounted = disk
  return join(disk, 'queue')
}

it('loses only what it counts on a disk that has room for its bytes', async () => {
  const running = await start({ OTELCOL_QUEUE_DIR: smallDisk('8m'), OTELCOL_QUEUE_BYTES: '2000000' })
  await running.jaeger.stop()
  const sent = await sendUntilLoss(running, 400, 'x'.repeat(2000))
  const gone = await expectReported(running)
  await running.jaeger.start()
  const arrived = await arrivedOf(running, sent, sent.length - gone)
  expect(new Set(arrived).size + gone).toBe(sent.length)
})

it('reports a full disk, loses only what it counts when there is room again, and goes on', async () => {
  const running = await start({ OTELCOL_QUEUE_DIR: smallDisk('4m') })
  await running.jaeger.stop()
  const sent = await sendUntilLoss(running, 400, 'x'.repeat(2000))
  const gone = await expectReported(running)
  spawnSync('mount', ['-o', 'remount,size=64m', mounted!])
  await running.jaeger.start()
  const arrived = await arrivedOf(running, sent, sent.length - gone)
  expect(new Set(arrived).size + gone).toBe(sent.length)
  const after = Array.from({ length: 20 }, () => span('work'))
  await sendSpans(running.urls.otlp, 'unlucky', after)
  const ids = after.map(({ traceId, spanId }) => `${traceId}/${spanId}`)
  expect((await arrivedOf(running, ids, ids.length)).toSorted()).toEqual(ids.toSorted())
})
