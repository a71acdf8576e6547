/** The programs of the stack: built from the pinned modules of deploy/stack, or Debian's for Alertmanager. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { installDebianPackage } from '../../packages/testing/src/debian-package.ts'

const root = join(import.meta.dirname, '../..')
const cache = join(root, '.cache/stack')
const PROMETHEUS_VERSION = 'github.com/prometheus/common/version.Version=3.15.0'

interface Recipe {
  /** A folder of deploy/stack. */
  readonly module: string
  readonly main: string
  readonly tags?: string
  readonly variable?: string
  /** CPU seconds of a build with no cache, to tell who waits. */
  readonly seconds: number
}

const RECIPES = {
  otelcol: { module: 'otelcol', main: '.', seconds: 223 },
  jaeger: { module: 'jaeger', main: 'github.com/jaegertracing/jaeger/cmd/jaeger', seconds: 389 },
  prometheus: {
    module: 'prometheus',
    main: 'github.com/prometheus/prometheus/cmd/prometheus',
    tags: 'netgo,remove_all_sd',
    variable: PROMETHEUS_VERSION,
    seconds: 200,
  },
  promtool: {
    module: 'prometheus',
    main: 'github.com/prometheus/prometheus/cmd/promtool',
    tags: 'netgo,remove_all_sd',
    variable: PROMETHEUS_VERSION,
    seconds: 57,
  },
  composecheck: { module: 'compose', main: '.', seconds: 10 },
  loki: { module: 'loki', main: 'github.com/grafana/loki/v3/cmd/loki', seconds: 465 },
} satisfies Record<string, Recipe>

type BuiltName = keyof typeof RECIPES

/** A program of the stack. */
export type ProgramName = BuiltName | 'alertmanager' | 'amtool'

const builtNames = Object.keys(RECIPES) as BuiltName[]
const builtPath = (name: BuiltName): string => join(cache, 'bin', name)

/** What Debian's package of Alertmanager calls them, and what others do. */
const DEBIAN_NAMES = { alertmanager: ['prometheus-alertmanager', 'alertmanager'], amtool: ['amtool'] }

function findDebian(name: keyof typeof DEBIAN_NAMES): string | undefined {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '')
  const candidates = folders.flatMap((folder) => DEBIAN_NAMES[name].map((file) => join(folder, file)))
  return candidates.find((file) => existsSync(file))
}

/**
 * Where a program is.
 *
 * @throws when it has not been built
 */
export function programPath(name: ProgramName): string {
  const path = name === 'alertmanager' || name === 'amtool' ? findDebian(name) : builtPath(name)
  if (path === undefined || !existsSync(path))
    throw new Error(`${name} is not there: run \`npx -y pnpm@12 stack build\` (looked in .cache/stack and PATH)`)
  return path
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): void {
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' })
  if (error !== undefined) throw new Error(`${command} could not be run: ${error.message}`)
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ''} in ${cwd} ended with ${status}`)
}

function buildProgram(name: BuiltName): void {
  const { module, main, tags, variable }: Recipe = RECIPES[name]
  const unfinished = `${builtPath(name)}.unfinished`
  const flags = ['-s', '-w', ...(variable === undefined ? [] : ['-X', variable])].join(' ')
  const env = {
    ...process.env,
    CGO_ENABLED: '0',
    GOTOOLCHAIN: 'local',
    // readonly: what was checked in is what is built, or nothing.
    GOFLAGS: '-mod=readonly -p=2 -buildvcs=false',
  }
  const tagged = tags === undefined ? [] : ['-tags', tags]
  run(
    'go',
    ['build', '-trimpath', ...tagged, `-ldflags=${flags}`, '-o', unfinished, main],
    join(root, 'deploy/stack', module),
    env,
  )
  // A build that was broken off leaves nothing that looks finished.
  renameSync(unfinished, builtPath(name))
}

/** Debian's package; its server reads templates from /usr/share, so that unpacking it elsewhere is not enough. */
function installAlertmanager(): void {
  if (!installDebianPackage('prometheus-alertmanager'))
    throw new Error('Alertmanager is not installed: run `sudo apt-get install prometheus-alertmanager` once')
}

function step(name: string, what: string, work: () => void): void {
  console.log(`stack: ${name}: ${what}`)
  const started = Date.now()
  work()
  console.log(`stack: ${name}: ready after ${((Date.now() - started) / 1000).toFixed(0)} s`)
}

/**
 * Builds what is absent, one program after the other; says what and how long.
 *
 * @throws when a program is absent and cannot be built
 */
export function buildPrograms(): void {
  mkdirSync(join(cache, 'bin'), { recursive: true })
  for (const name of builtNames) {
    if (existsSync(builtPath(name))) console.log(`stack: ${name}: there`)
    else step(name, `building (about ${RECIPES[name].seconds} CPU seconds with no cache)`, () => buildProgram(name))
  }
  if (findDebian('alertmanager') === undefined || findDebian('amtool') === undefined)
    step('alertmanager', "installing Debian's package", installAlertmanager)
  else console.log('stack: alertmanager: there')
  programPath('alertmanager')
  programPath('amtool')
}
