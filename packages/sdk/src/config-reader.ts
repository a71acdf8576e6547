import { envBoolean, envString, type Environment } from './environment-reader.ts'
import { configFields, type AgentelConfig, type ConfigField, type ConfigOptions } from './generated/config-fields.ts'
import { StartError } from './start-error.ts'

/** What a layer of the configuration holds before it is checked. */
type Tree = Readonly<Record<string, unknown>>

/** The layers, the strongest first: code, then the environment, then the file. Defaults come last. */
export interface ConfigLayers {
  options: ConfigOptions
  env: Environment
  /** The section `instrumentation/development.js.agentel` of the file, its keys in snake case. */
  file?: unknown
}

/** How a layer writes an option's path. */
type Spelling = (path: string) => string

const inCode: Spelling = (path) => path
/** `shutdown.timeoutMs` as the file writes it: `shutdown.timeout_ms`. */
export const inFile: Spelling = (path) => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Where the file's section stands, for messages. */
export const FILE_SECTION = 'instrumentation/development.js.agentel'

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function within(field: ConfigField, value: unknown, integer: boolean): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value) || (integer && !Number.isInteger(value))) return false
  return value >= (field.min ?? Number.NEGATIVE_INFINITY) && value <= (field.max ?? Number.POSITIVE_INFINITY)
}

const ACCEPTS: Record<ConfigField['kind'], (field: ConfigField, value: unknown) => boolean> = {
  boolean: (_field, value) => typeof value === 'boolean',
  integer: (field, value) => within(field, value, true),
  number: (field, value) => within(field, value, false),
  string: ({ minLength = 0 }, value) => typeof value === 'string' && value.length >= minLength,
  url: (_field, value) => typeof value === 'string' && URL.canParse(value),
  choice: (field, value) => typeof value === 'string' && field.choices?.includes(value) === true,
  choices: (field, value) => Array.isArray(value) && value.every((one) => field.choices?.includes(one as string)),
  strings: (_field, value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  map: (field, value) => isTree(value) && Object.values(value).every((one) => field.values?.includes(typeof one)),
}

function bounds({ min, max }: ConfigField): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  return min === undefined ? '' : ` of at least ${min}`
}

/** In words what an option takes. */
export function whatItTakes(field: ConfigField): string {
  const words: Record<ConfigField['kind'], string> = {
    boolean: 'true or false',
    integer: `a whole number${bounds(field)}`,
    number: `a number${bounds(field)}`,
    string:
      field.minLength === 1 ? 'a string that is not empty' : `a string of at least ${field.minLength ?? 0} characters`,
    url: 'a URL such as http://localhost:4318',
    choice: `one of ${field.choices?.join(', ')}`,
    choices: `a list of ${field.choices?.join(', ')}`,
    strings: 'a list of strings',
    map: `a map whose values are of type ${field.values?.join(' or ')}`,
  }
  return words[field.kind]
}

/** The value for a message. A map may hold headers, and so secrets: its values are not shown. */
function shown(field: ConfigField, value: unknown): string {
  if (field.secret) return 'something that is not shown'

  if (field.kind === 'map') return isTree(value) ? 'a map with other values' : `a ${typeof value}`
  return JSON.stringify(value) ?? String(value)
}

function walk(tree: Tree, prefix: string, spelling: Spelling, label: (path: string) => string): Map<string, unknown> {
  const values = new Map<string, unknown>()
  for (const [key, value] of Object.entries(tree)) {
    if (value === undefined) continue
    const written = prefix + key
    const field = configFields.find(({ path }) => spelling(path) === written)
    if (field) {
      // A key without a value in YAML is null: nothing was said.
      if (value === null) continue
      if (!ACCEPTS[field.kind](field, value)) {
        const message = `${label(written)} is ${shown(field, value)}, which is not ${whatItTakes(field)}`
        throw new StartError('AGENTEL_CONFIG_INVALID_VALUE', written, message)
      }
      values.set(field.path, value)
      continue
    }
    const known = configFields.map(({ path }) => spelling(path)).filter((path) => path.startsWith(prefix))
    if (!known.some((path) => path.startsWith(`${written}.`))) {
      const names = [...new Set(known.map((path) => path.slice(prefix.length).split('.')[0]))].join(', ')
      throw new StartError(
        'AGENTEL_CONFIG_UNKNOWN_KEY',
        written,
        `${label(written)} is not an option; there are: ${names}`,
      )
    }
    if (value === null) continue
    if (!isTree(value)) {
      throw new StartError('AGENTEL_CONFIG_INVALID_VALUE', written, `${label(written)} is not a group of options`)
    }
    for (const [path, inner] of walk(value, `${written}.`, spelling, label)) values.set(path, inner)
  }
  return values
}

function fromText(field: ConfigField, env: Environment, name: string): unknown {
  const text = envString(env, name)
  if (text === undefined) return undefined
  if (field.kind === 'boolean') return envBoolean(env, name)
  const list = () =>
    text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '' && word !== 'none')
  const value =
    field.kind === 'integer' || field.kind === 'number' ? Number(text) : field.kind.endsWith('s') ? list() : text
  if (!ACCEPTS[field.kind](field, value)) {
    const message = `${name}=${shown(field, text)} is not ${whatItTakes(field)}`
    throw new StartError('AGENTEL_ENVIRONMENT_INVALID_VALUE', name, message)
  }
  return value
}

function fromEnvironment(env: Environment): Map<string, unknown> {
  const values = new Map<string, unknown>()
  for (const field of configFields) {
    const value = field.env === undefined ? undefined : fromText(field, env, field.env)
    if (value !== undefined) values.set(field.path, value)
  }
  return values
}

function setPath(target: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop() as string
  let group = target
  for (const key of keys) group = (group[key] ??= {}) as Record<string, unknown>
  if (value !== undefined) group[last] = value
}

/** Checks the file's section alone. @returns its values by option path @throws {StartError} */
export function checkFileSection(section: unknown): Map<string, unknown> {
  if (section === undefined || section === null) return new Map()
  if (!isTree(section)) {
    throw new StartError('AGENTEL_CONFIG_INVALID_VALUE', FILE_SECTION, `${FILE_SECTION} is not a group of options`)
  }
  return walk(section, '', inFile, (path) => `${FILE_SECTION}.${path}`)
}

/**
 * Merges code, environment and file, and fills in the defaults.
 *
 * @throws {StartError} for the first key that is not an option, and the first value that an option does not take
 */
export function readConfig({ options, env, file }: ConfigLayers): AgentelConfig {
  const layers = [
    walk(options as Tree, '', inCode, (path) => `option ${path}`),
    fromEnvironment(env),
    checkFileSection(file),
  ]
  const config: Record<string, unknown> = {}
  for (const field of configFields) {
    const layer = layers.find((values) => values.has(field.path))
    setPath(config, field.path, layer ? layer.get(field.path) : field.default)
  }
  return config as unknown as AgentelConfig
}
