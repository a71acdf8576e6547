/** What is lost when there is no room any more: counted, shown and alerted on; and nothing before. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { collector as collectorDashboard } from '../../scripts/deploy/dashboards/machinery.ts'
import { freePorts } from '../../scripts/stack/ports.ts'
import { type Stack, type StackOptions, startStack } from '../../scripts/stack/start-stack.ts'
import { collectorSum, eventually, jaegerSpans, prometheusValue } from './backends.ts'
import { sendSpans, span, text } from './otlp-sender.ts'

let stack: Stack | undefined
let folder: string
let mounted: string | undefined

async function start(collectorEnv: NodeJS.ProcessEnv, more: Partial<StackOptions> = {}): Promise<Stack> {
  folder = mkdtempSync(join(tmpdir(), 'agentel-overflow-'))
  const hurried = { OTELCOL_BATCH_TIMEOUT: '100ms' }
  stack = await startStack({
    folder,
    ports: await freePorts(),
    interval: '1s',
    ...more,
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

const lost = (running: Stack): Promise<number> =>
  collectorSum(running.urls.collectorMetrics, 'otelcol_exporter_enqueue_failed_spans')

const firing = (running: Stack, alert: string): Promise<number | undefined> =>
  prometheusValue(running.urls.prometheus, `count(ALERTS{alertname="${alert}", alertstate="firing"})`)

/** What a panel on the collector shows, as soon as it is `wanted`. */
function shownBy(running: Stack, title: string, wanted: number): Promise<number | undefined> {
  const panel = collectorDashboard.panels.find((one) => one.title === title)
  const query = String(panel?.query).replaceAll('$__range', '1h')
  return eventually(
    () => prometheusValue(running.urls.prometheus, query),
    (value) => value === wanted,
    20_000,
  )
}

/** That an alert fires, within a minute. */
async function expectFiring(running: Stack, alert: string): Promise<void> {
  const count = await eventually(
    () => firing(running, alert),
    (found) => found !== undefined,
  )
  expect(count, alert).toBe(1)
}

/** What the collector has counted is what the dashboard shows, and an alert. */
async function expectReported(running: Stack): Promise<number> {
  // The last batches come to the queue a moment later.
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const gone = await lost(running)
  expect(gone).toBeGreaterThan(0)
  expect(await shownBy(running, 'Lost', gone)).toBe(gone)
  await expectFiring(running, 'collector-loses-data')
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

/** Those that are there when the queue is empty. */
async function arrivedWhenIdle(running: Stack, sent: readonly string[]): Promise<string[]> {
  const size = (): Promise<number> =>
    collectorSum(running.urls.collectorMetrics, 'otelcol_exporter_queue_size', 'otlp_grpc/jaeger')
  expect(await eventually(size, (bytes) => bytes === 0)).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 2000))
  return arrivedOf(running, sent, 0)
}

/** Somebody else fills what is left of the disk; gives what dd said. */
function fillDisk(): string {
  return spawnSync('dd', ['if=/dev/zero', `of=${mounted}/others`, 'bs=4k'], { encoding: 'utf8' }).stderr
}

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

it('loses only what it counts when others have filled the disk on which its room is reserved', async () => {
  const queue = smallDisk('16m')
  const env = { OTELCOL_QUEUE_DIR: queue, OTELCOL_QUEUE_BYTES: '2000000' }
  const running = await start(env, { reserveQueue: true })
  // Both queues are those for which there is room.
  expect(readdirSync(queue).toSorted()).toEqual(['exporter_otlp_grpc_jaeger_traces', 'exporter_otlp_http_loki_logs'])
  expect(fillDisk()).toContain('No space left on device')
  await running.jaeger.stop()
  const sent = await sendUntilLoss(running, 400, 'x'.repeat(2000))
  const gone = await expectReported(running)
  await running.jaeger.start()
  const arrived = await arrivedOf(running, sent, sent.length - gone)
  expect(new Set(arrived).size + gone).toBe(sent.length)
  expect(arrived.length).toBeGreaterThan(500)
})

it('does not start where there is no room for the queues', async () => {
  const env = { OTELCOL_QUEUE_DIR: smallDisk('4m'), OTELCOL_QUEUE_BYTES: '2000000' }
  await expect(start(env, { reserveQueue: true })).rejects.toThrow(/no room for 4000000 bytes/)
})

it('counts and reports what a queue on a full disk could not give back', async () => {
  const running = await start({ OTELCOL_QUEUE_DIR: smallDisk('4m') })
  await running.jaeger.stop()
  const sent = await sendUntilLoss(running, 400, 'x'.repeat(2000))
  const gone = await expectReported(running)
  // The backend comes back, and nobody has made room: the few bytes that a refused batch leaves are taken, too.
  fillDisk()
  await running.jaeger.start()
  const arrived = new Set(await arrivedWhenIdle(running, sent)).size
  const dropped = sent.length - arrived - gone
  expect(dropped).toBeGreaterThan(0)
  expect(await shownBy(running, 'Lost in the queue', dropped)).toBe(dropped)
  await expectFiring(running, 'collector-queue-lost')
})

it('counts and reports what a queue on a full disk could not give back after a restart', async () => {
  const running = await start({ OTELCOL_QUEUE_DIR: smallDisk('4m') }, { ruleWindow: '30s' })
  await running.jaeger.stop()
  const sent = await sendUntilLoss(running, 400, 'x'.repeat(2000))
  const gone = await expectReported(running)
  // What is in the queue is known when nothing came for the time that the rule looks back.
  await new Promise((resolve) => setTimeout(resolve, 35_000))
  await running.collector.stop('SIGKILL')
  await running.jaeger.start()
  await running.collector.start()
  const before = new Set(await arrivedWhenIdle(running, sent)).size
  const dropped = sent.length - before - gone
  expect(dropped).toBeGreaterThan(0)
  // The first that is sent again tells.
  spawnSync('mount', ['-o', 'remount,size=64m', mounted!])
  await sendSpans(running.urls.otlp, 'unlucky', [span('work')])
  expect(await shownBy(running, 'Lost in the queue', dropped)).toBe(dropped)
  await expectFiring(running, 'collector-queue-lost')
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
