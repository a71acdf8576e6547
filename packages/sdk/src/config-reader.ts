import { envBoolean, envString, type Environment } from './environment-reader.ts'
import {
  configFields,
  profileDefaults,
  type AgentelConfig,
  type ConfigField,
  type ConfigOptions,
} from './generated/config-fields.ts'
import { didYouMean } from './nearest-name.ts'
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

/** Where options stand: how their paths are written there, and what they are called in messages. */
interface Place {
  readonly spelling: (path: string) => string
  readonly label: (path: string) => string
  /** What stands before each path: the key of a part. */
  readonly base: string
  /** Told of each thing that is wrong; a start ends with the first. */
  readonly refuse: (error: StartError) => void
}

/** `shutdown.timeoutMs` as the file writes it: `shutdown.timeout_ms`. */
export const inFile = (path: string): string => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Where the file's section stands, for messages. */
export const FILE_SECTION = 'instrumentation/development.js.agentel'

function stop(error: StartError): never {
  throw error
}

const CODE: Place = { spelling: (path) => path, label: (path) => `option ${path}`, base: '', refuse: stop }
const FILE: Place = { spelling: inFile, label: (path) => `${FILE_SECTION}.${path}`, base: '', refuse: stop }

type ProfileName = keyof typeof profileDefaults

/** What a layer says by option path: whatever the profile, and for one profile only. */
export interface Layer {
  readonly values: ReadonlyMap<string, unknown>
  readonly profiles: ReadonlyMap<string, ReadonlyMap<string, unknown>>
}

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
  // A URL may hold a password.
  if (field.secret || field.kind === 'url') return 'something that is not shown'
  if (field.kind === 'map') return isTree(value) ? 'a map with other values' : `a ${typeof value}`
  if (isTree(value)) return 'a map'
  if (Array.isArray(value) && !field.kind.endsWith('s')) return 'a list'
  return JSON.stringify(value) ?? String(value)
}

function walk(tree: Tree, place: Place, prefix = ''): Map<string, unknown> {
  const { spelling } = place
  const label = (path: string): string => place.label(place.base + path)
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
        place.refuse(new StartError('AGENTEL_CONFIG_INVALID_VALUE', place.base + written, message))
        continue
      }
      values.set(field.path, value)
      continue
    }
    const known = configFields.map(({ path }) => spelling(path)).filter((path) => path.startsWith(prefix))
    if (!known.some((path) => path.startsWith(`${written}.`))) {
      const names = [...new Set(known.map((path) => path.slice(prefix.length).split('.')[0] as string))]
      const message = `${label(written)} is not an option; there are: ${names.join(', ')}${didYouMean(key, names)}`
      place.refuse(new StartError('AGENTEL_CONFIG_UNKNOWN_KEY', place.base + written, message))
      continue
    }
    if (value === null) continue
    if (!isTree(value)) {
      place.refuse(notAGroup(place, written))
      continue
    }
    for (const [path, inner] of walk(value, place, `${written}.`)) values.set(path, inner)
  }
  return values
}

function notAGroup({ label, base }: Place, path: string): StartError {
  return new StartError('AGENTEL_CONFIG_INVALID_VALUE', base + path, `${label(base + path)} is not a group of options`)
}

function profilesIn(tree: unknown, place: Place): Layer['profiles'] {
  const profiles = new Map<string, Map<string, unknown>>()
  if (tree === undefined || tree === null) return profiles
  if (!isTree(tree)) {
    place.refuse(notAGroup(place, 'profiles'))
    return profiles
  }
  for (const [name, part] of Object.entries(tree)) {
    const path = `profiles.${name}`
    if (!Object.hasOwn(profileDefaults, name)) {
      const names = Object.keys(profileDefaults)
      const message = `${place.label(path)} is not a profile; there are: ${names.join(', ')}${didYouMean(name, names)}`
      place.refuse(new StartError('AGENTEL_CONFIG_UNKNOWN_KEY', path, message))
      continue
    }
    if (part === undefined || part === null) continue
    if (!isTree(part)) {
      place.refuse(notAGroup(place, path))
      continue
    }
    const values = walk(part, { ...place, base: `${path}.` })
    if (values.has('profile')) {
      const message = `${place.label(`${path}.profile`)} is in a profile, which cannot choose another`
      place.refuse(new StartError('AGENTEL_CONFIG_UNKNOWN_KEY', `${path}.profile`, message))
    }
    profiles.set(name, values)
  }
  return profiles
}

function layerOf({ profiles, ...tree }: Tree, place: Place): Layer {
  return { values: walk(tree, place), profiles: profilesIn(profiles, place) }
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

const NOTHING: Layer = { values: new Map(), profiles: new Map() }

function fileLayer(section: unknown, place: Place): Layer {
  if (section === undefined || section === null) return NOTHING
  if (isTree(section)) return layerOf(section, place)
  const message = `${FILE_SECTION} is not a group of options`
  place.refuse(new StartError('AGENTEL_CONFIG_INVALID_VALUE', FILE_SECTION, message))
  return NOTHING
}

/** All that is wrong in the file's section. */
export function findInFileSection(section: unknown): StartError[] {
  const found: StartError[] = []
  fileLayer(section, { ...FILE, refuse: (error) => void found.push(error) })
  return found
}

/**
 * Merges code, environment and file, and fills in the defaults. Within a layer, what it says for the profile in force
 * wins over what it says for all.
 *
 * @throws {StartError} for the first key that is not an option, and the first value that an option does not take
 */
export function readConfig({ options, env, file }: ConfigLayers): AgentelConfig {
  const layers = [layerOf(options as Tree, CODE), { ...NOTHING, values: fromEnvironment(env) }, fileLayer(file, FILE)]
  const named = layers.find(({ values }) => values.has('profile'))?.values.get('profile')
  const profile = (named ?? 'production') as ProfileName
  const inForce = layers.flatMap(({ values, profiles }) => [
    profiles.get(profile) ?? new Map<string, unknown>(),
    values,
  ])
  const config: Record<string, unknown> = {}
  for (const field of configFields) {
    const layer = inForce.find((values) => values.has(field.path))
    setPath(config, field.path, layer ? layer.get(field.path) : field.default)
  }
  return config as unknown as AgentelConfig
}
