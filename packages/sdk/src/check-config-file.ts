import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConfigurationModel } from '@opentelemetry/configuration'
import { type ConfigDocument, type Key, readConfigDocument } from './config-document.ts'
import { readConfigFile } from './config-file.ts'
import { FILE_SECTION, findInFileSection } from './config-reader.ts'
import { readConfigText } from './config-text.ts'
import { faultsOfNamedFiles } from './named-files.ts'
import { didYouMean, nearestName } from './nearest-name.ts'
import { StartError } from './start-error.ts'

/** Something wrong in a configuration file. */
export interface ConfigFinding {
  /** The key's path: `tracer_provider.processors[0].batch`; empty for the whole file. */
  path: string
  /** From 1; undefined when the file could not be read. */
  line?: number
  column?: number
  message: string
}

/** What a file may have at its top. The schema lets any key pass there, and a misspelt one would do nothing. */
const TOP: Readonly<Record<keyof ConfigurationModel, true>> = {
  file_format: true,
  disabled: true,
  log_level: true,
  attribute_limits: true,
  logger_provider: true,
  meter_provider: true,
  propagator: true,
  tracer_provider: true,
  resource: true,
  'instrumentation/development': true,
  distribution: true,
}

/** More findings than these are one mistake that shows in many places. */
const MOST = 50

/** A finding before its place is looked up. `out` is what is taken out of the document to look for others. */
interface Found {
  readonly keys: Key[]
  readonly message: string
  readonly out: Key[] | undefined
}

function unmarked(error: StartError): string {
  return error.message.replace(/^AGENTEL_\w+: /, '')
}

function found(keys: Key[], message: string, out: Key[] | undefined = keys): Found {
  return { keys, message, out }
}

/** What the schema's validator tells of the first thing that it does not take: `/pointer must …`. */
function schemaFinding(pointer: string, text: string, document: ConfigDocument, parse: Parse): Found {
  const keys = document.keysOf(pointer)
  const names = document.namesAt(keys)
  const [, required] = /required property '(.+)'/.exec(text) ?? []
  if (required !== undefined) {
    const written = nearestName(required, names)
    const hint = written === undefined ? '' : `; ${JSON.stringify(written)} is there, which is not known`
    return found(keys, `${text}${hint}`)
  }
  if (!text.includes('additional properties')) return found(keys, text)
  const unknown = names.find((name) => {
    const without = readConfigDocument(document.toString())
    without.remove([...keys, name])
    // Without a key that must be there, it is the same place that is wrong, for another reason.
    return parse(without).error?.message.includes(`${pointer} must`) !== true
  })
  // With several unknown keys there, none alone is the cause.
  if (unknown === undefined) return found(keys, `${text} (it has: ${names.join(', ')})`)
  const others = names.filter((name) => name !== unknown)
  return found([...keys, unknown], `is not known here${others.length === 0 ? '' : `, beside ${others.join(', ')}`}`)
}

function fileFinding(error: StartError, document: ConfigDocument, parse: Parse): Found {
  const message = unmarked(error).replace(
    /^OTEL_CONFIG_FILE=.*?: (Invalid OpenTelemetry config file: )?(\S+\.yaml: )?/s,
    '',
  )
  const [, substitution] = /invalid env var substitution: (.*)$/s.exec(message) ?? []
  if (substitution !== undefined) {
    const [keys = []] = document.find((text) => text.includes(substitution))
    return found(keys, 'has a ${…} that cannot be read; write ${NAME} or ${NAME:-what to take without it}')
  }
  const [, pointer, text] = /(?:^|\s)(\/\S*) (must .*)$/m.exec(message) ?? []
  if (pointer !== undefined && text !== undefined) return schemaFinding(pointer, text, document, parse)
  if (message.startsWith('Unsupported file_format')) {
    document.set(['file_format'], '1.0')
    return { keys: ['file_format'], message, out: undefined }
  }
  return found([], message)
}

/** Our section of a document, or what stops a start before it comes to that. */
type Parse = (
  document: ConfigDocument,
) => { readonly section: unknown; readonly error?: undefined } | { readonly error: StartError }

/** Parses documents by the way of a file of its own, for OpenTelemetry's parser takes nothing else. */
function withParser<T>(work: (parse: Parse) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-check-'))
  const file = join(folder, 'config.yaml')
  try {
    return work((document) => {
      writeFileSync(file, document.toString(), { mode: 0o600 })
      try {
        return { section: readConfigFile(file).section }
      } catch (error) {
        if (error instanceof StartError) return { error }
        throw error
      }
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function unknownAtTop(document: ConfigDocument): Found[] {
  const names = document.namesAt([])
  return names.flatMap((name): Found[] => {
    // The usual way to keep anchors out of the way.
    if (Object.hasOwn(TOP, name) || name.startsWith('x-')) return []
    if (name === 'agentel') return [found([name], `is not read here; it belongs under ${FILE_SECTION}`)]
    return [found([name], `is not read by anything${didYouMean(name, Object.keys(TOP))}`)]
  })
}

function format(document: ConfigDocument): Found[] {
  if (document.namesAt([]).includes('file_format')) return []
  document.set(['file_format'], '1.0')
  return [found([], 'file_format is missing; write file_format: "1.0"', [])]
}

function aliases(document: ConfigDocument): Found[] {
  return document.aliasesOfNothing().map((keys) => {
    return found(keys, 'is an alias of an anchor that is not there; write a text that begins with * in quotes')
  })
}

/** Whether it was only found because of what was taken out before. */
function isConsequence({ keys }: Found, document: ConfigDocument, before: readonly number[]): boolean {
  return document.holds(keys, before)
}

function locate(one: Found, document: ConfigDocument): ConfigFinding {
  const path = document.written(one.keys)
  return { path, ...document.placeOf(document.offsetOf(one.keys)), message: one.message }
}

function inSection(section: unknown, document: ConfigDocument): Found[] {
  return findInFileSection(section).map((error) => {
    const inside = error.option === FILE_SECTION ? '' : `.${error.option}`
    return found(document.keysOf(`${FILE_SECTION}${inside}`), unmarked(error))
  })
}

/** Of the files that a right section names, those that are not. */
function inNamedFiles(section: unknown, document: ConfigDocument): Found[] {
  return faultsOfNamedFiles(section).map(({ option, message }) =>
    found(document.keysOf(`${FILE_SECTION}.${option}`), message),
  )
}

function findAll(document: ConfigDocument, parse: Parse): ConfigFinding[] {
  const findings: ConfigFinding[] = []
  const offsets: number[] = []
  const add = (one: Found): void => {
    findings.push(locate(one, document))
    offsets.push(document.offsetOf(one.keys))
  }
  for (const one of [...unknownAtTop(document), ...format(document)].slice(0, MOST)) add(one)
  for (const one of aliases(document)) {
    add(one)
    document.remove(one.keys)
  }
  while (findings.length < MOST) {
    const parsed = parse(document)
    if (parsed.error === undefined) {
      const { section } = parsed
      const wrong = inSection(section, document).slice(0, MOST - findings.length)
      for (const one of wrong.length > 0 ? wrong : inNamedFiles(section, document)) add(one)
      break
    }
    const { error } = parsed
    const isFileError = error.code === 'AGENTEL_CONFIG_FILE_UNREADABLE'
    const one = isFileError
      ? fileFinding(error, document, parse)
      : found(document.keysOf(error.option), unmarked(error))
    if (one.keys.length === 0 || !isConsequence(one, document, offsets)) add(one)
    if (one.out !== undefined && !document.remove(one.out)) break
  }
  return findings.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0))
}

function check(text: string): ConfigFinding[] {
  const document = readConfigDocument(text)
  if (document.errors.length > 0) {
    return document.errors
      .slice(0, MOST)
      .map(({ offset, message }) => ({ path: '', ...document.placeOf(offset), message }))
  }
  if (!document.isMap) {
    return [{ path: '', line: 1, column: 1, message: 'has no settings; it begins with file_format: "1.0"' }]
  }
  return withParser((parse) => findAll(document, parse))
}

/**
 * Looks at a configuration file without starting anything.
 *
 * @returns all that is wrong, with key path, line and column, by line; empty when a start would take it and the files
 * that it names, and each of its keys is read
 */
export function checkConfigFile(file: string): ConfigFinding[] {
  let text: string
  try {
    text = readConfigText(file)
  } catch (error) {
    return [{ path: '', message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` }]
  }
  try {
    return check(text)
  } catch (error) {
    if (error instanceof RangeError) return [{ path: '', message: 'is nested too deeply to be read' }]
    throw error
  }
}

/** A variable that a configuration file takes from the environment. */
export interface UnsetVariable {
  readonly name: string
  readonly path: string
  readonly line: number
}

/** Variables of a configuration file that have no default and are not set: where they stand, nothing is configured. */
export function unsetVariables(file: string, env: Readonly<Record<string, string | undefined>>): UnsetVariable[] {
  const document = readConfigDocument(readConfigText(file))
  const unset = (text: string): string[] =>
    [...text.replaceAll('$$', '').matchAll(/\$\{(?:env:)?([A-Za-z_]\w*)\}/g)]
      .map(([, name = '']) => name)
      .filter((name) => (env[name] ?? '').trim() === '')
  return document
    .find((text) => unset(text).length > 0)
    .flatMap((keys) => {
      const { line } = document.placeOf(document.offsetOf(keys))
      return unset(document.textAt(keys)).map((name) => ({ name, path: document.written(keys), line }))
    })
}
