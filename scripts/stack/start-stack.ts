/** The servers of docker-compose.yml as processes, with the very files that compose mounts. */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { programPath } from './binaries.ts'
import type { StackPorts } from './ports.ts'
import { type AlertingOptions, renderAlertmanager } from './render-alertmanager.ts'
import { replaceAll } from './replace-all.ts'
import { serverProcess, type ServerProcess } from './server-process.ts'

const root = join(import.meta.dirname, '../..')

/** How a stack is run. */
export interface StackOptions {
  /** Data, logs and what is rendered. */
  readonly folder: string
  readonly ports: StackPorts
  /** More variables for the collector: its tunables. */
  readonly collectorEnv?: NodeJS.ProcessEnv
  /** More files of the collector's configuration, from the root of the repository. */
  readonly collectorFiles?: readonly string[]
  /** Takes the room of the queues on their disk first, as docker-compose.yml does; needs fallocate of util-linux. */
  readonly reserveQueue?: boolean
  /** How often Prometheus looks and evaluates its rules, as `15s`, which is the default. */
  readonly interval?: string
  /** What the rules look back for, instead of `5m` and `2m`: a test does not want to wait for an alert to be over. */
  readonly ruleWindow?: string
  /** Where Alertmanager sends to; by default what deploy/alertmanager/alertmanager.yml says. */
  readonly alerting?: AlertingOptions
}

/** A running stack. */
export interface Stack {
  readonly collector: ServerProcess
  readonly jaeger: ServerProcess
  readonly loki: ServerProcess
  readonly prometheus: ServerProcess
  readonly alertmanager: ServerProcess
  /** Addresses without a slash at the end. */
  readonly urls: {
    readonly otlp: string
    readonly jaeger: string
    readonly prometheus: string
    readonly loki: string
    readonly alertmanager: string
    readonly collectorMetrics: string
  }
  stop(): Promise<void>
}

const local = (port: number): string => `127.0.0.1:${port}`

/**
 * The file of Prometheus with the addresses of this stack in the place of compose's: it has no variables of its own.
 *
 * @throws when the file does not name an address that is to be replaced
 */
export function renderPrometheus(
  source: string,
  ports: StackPorts,
  { interval = '15s', rules = join(root, 'deploy/prometheus/rules') }: { interval?: string; rules?: string } = {},
): string {
  return replaceAll('deploy/prometheus/prometheus.yml', source, [
    ['scrape_interval: 15s', `scrape_interval: ${interval}`],
    ['evaluation_interval: 15s', `evaluation_interval: ${interval}`],
    ['alertmanager:9093', local(ports.alertmanager)],
    ['otel-collector:8889', local(ports.collectorPrometheus)],
    ['otel-collector:8888', local(ports.collectorMetrics)],
    ['rules/*.yml', join(rules, '*.yml')],
  ])
}

function collectorEnv(folder: string, ports: StackPorts): NodeJS.ProcessEnv {
  return {
    // As in docker-compose.yml.
    GOGC: '400',
    GOMEMLIMIT: '352MiB',
    OTELCOL_GRPC: local(ports.collectorGrpc),
    OTELCOL_HTTP: local(ports.collectorHttp),
    OTELCOL_HEALTH: local(ports.collectorHealth),
    OTELCOL_PROMETHEUS: local(ports.collectorPrometheus),
    OTELCOL_METRICS_PORT: String(ports.collectorMetrics),
    OTELCOL_QUEUE_DIR: join(folder, 'queue'),
    JAEGER_OTLP: local(ports.jaegerOtlp),
    LOKI_OTLP: `http://${local(ports.loki)}/otlp`,
  }
}

/** In this order: a later one adds to, or replaces, what an earlier one says. */
const collectorFiles = ['otel-collector-config.yaml', 'deploy/otelcol/prices.yaml']

function collectorServer({
  folder,
  ports,
  collectorEnv: more,
  collectorFiles: moreFiles = [],
}: StackOptions): ServerProcess {
  return serverProcess({
    name: 'collector',
    command: programPath('otelcol'),
    args: [...collectorFiles, ...moreFiles].flatMap((file) => ['--config', join(root, file)]),
    env: { ...collectorEnv(folder, ports), ...more },
    folder,
    log: join(folder, 'collector.log'),
    ready: `http://${local(ports.collectorHealth)}/`,
  })
}

function jaegerServer({ folder, ports }: StackOptions): ServerProcess {
  return serverProcess({
    name: 'jaeger',
    command: programPath('jaeger'),
    args: ['--config', join(root, 'deploy/jaeger/jaeger.yaml')],
    env: {
      JAEGER_OTLP_PORT: String(ports.jaegerOtlp),
      JAEGER_QUERY_PORT: String(ports.jaegerQuery),
      JAEGER_QUERY_GRPC_PORT: String(ports.jaegerQueryGrpc),
      JAEGER_HEALTH_PORT: String(ports.jaegerHealth),
      JAEGER_METRICS_PORT: String(ports.jaegerMetrics),
      JAEGER_DATA: join(folder, 'jaeger'),
      PROMETHEUS_URL: `http://${local(ports.prometheus)}`,
    },
    folder,
    log: join(folder, 'jaeger.log'),
    ready: `http://${local(ports.jaegerQuery)}/api/services`,
  })
}

function lokiServer({ folder, ports }: StackOptions): ServerProcess {
  return serverProcess({
    name: 'loki',
    command: programPath('loki'),
    args: [`-config.file=${join(root, 'deploy/loki/loki.yaml')}`, '-config.expand-env=true'],
    env: { LOKI_PORT: String(ports.loki), LOKI_GRPC_PORT: String(ports.lokiGrpc), LOKI_DATA: join(folder, 'loki') },
    folder,
    log: join(folder, 'loki.log'),
    ready: `http://${local(ports.loki)}/ready`,
  })
}

/** A copy of the rules that look back for `window` only. */
function hurriedRules(folder: string, window: string): string {
  const copies = join(folder, 'rules')
  mkdirSync(copies, { recursive: true })
  for (const file of globSync('*.yml', { cwd: join(root, 'deploy/prometheus/rules') })) {
    const text = readFileSync(join(root, 'deploy/prometheus/rules', file), 'utf8')
    writeFileSync(
      join(copies, file),
      text.replaceAll(/\[[25]m\]/g, `[${window}]`).replaceAll('offset 5m', `offset ${window}`),
    )
  }
  return copies
}

function prometheusServer({ folder, ports, interval, ruleWindow }: StackOptions): ServerProcess {
  const source = readFileSync(join(root, 'deploy/prometheus/prometheus.yml'), 'utf8')
  const config = join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    renderPrometheus(source, ports, {
      ...(interval !== undefined && { interval }),
      ...(ruleWindow !== undefined && { rules: hurriedRules(folder, ruleWindow) }),
    }),
  )
  return serverProcess({
    name: 'prometheus',
    command: programPath('prometheus'),
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=${local(ports.prometheus)}`,
      '--enable-feature=exemplar-storage',
    ],
    folder,
    log: join(folder, 'prometheus.log'),
    ready: `http://${local(ports.prometheus)}/-/ready`,
  })
}

function alertmanagerServer({ folder, ports, alerting }: StackOptions): ServerProcess {
  const shipped = join(root, 'deploy/alertmanager/alertmanager.yml')
  const rendered = join(folder, 'alertmanager.yml')
  if (alerting !== undefined)
    writeFileSync(rendered, renderAlertmanager(readFileSync(shipped, 'utf8'), folder, alerting))
  return serverProcess({
    name: 'alertmanager',
    command: programPath('alertmanager'),
    args: [
      `--config.file=${alerting === undefined ? shipped : rendered}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=${local(ports.alertmanager)}`,
      '--cluster.listen-address=',
    ],
    folder,
    log: join(folder, 'alertmanager.log'),
    ready: `http://${local(ports.alertmanager)}/-/ready`,
  })
}

function reserveQueue({ folder, ports, collectorEnv: more }: StackOptions): void {
  const env = { PATH: process.env.PATH, ...collectorEnv(folder, ports), ...more }
  const script = join(root, 'deploy/otelcol/reserve-queue.sh')
  const { status, stderr } = spawnSync('sh', [script], { cwd: folder, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the disk keeps no room for the collector's queues: ${stderr}`)
}

/** Starts all five; nothing is left running when one of them fails. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { folder, ports } = options
  mkdirSync(folder, { recursive: true })
  if (options.reserveQueue === true) reserveQueue(options)
  const servers = {
    collector: collectorServer(options),
    jaeger: jaegerServer(options),
    loki: lokiServer(options),
    prometheus: prometheusServer(options),
    alertmanager: alertmanagerServer(options),
  }
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(servers).map((server) => server.stop()))
  }
  const started = await Promise.allSettled(Object.values(servers).map((server) => server.start()))
  const failure = started.find((result) => result.status === 'rejected')
  if (failure !== undefined) {
    await stop()
    throw failure.reason
  }
  const url = (port: number): string => `http://${local(port)}`
  return {
    ...servers,
    urls: {
      otlp: url(ports.collectorHttp),
      jaeger: url(ports.jaegerQuery),
      prometheus: url(ports.prometheus),
      loki: url(ports.loki),
      alertmanager: url(ports.alertmanager),
      collectorMetrics: url(ports.collectorMetrics),
    },
    stop,
  }
}
