import { readFileSync } from 'node:fs'
import { isCollection, isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { readConfigFile } from './config-file.ts'
import { checkFileSection, FILE_SECTION } from './config-reader.ts'
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

type Key = string | number

const SECTION_KEYS: Key[] = ['instrumentation/development', 'js', 'agentel']

/** `/a/0/b` and `a[0].b` as keys. A name may hold a slash (`instrumentation/development`), so the document decides. */
function keysOf(path: string, document: Document): Key[] {
  if (!path.startsWith('/')) {
    return path.split('.').flatMap((part) =>
      part
        .split(/[[\]]/)
        .filter(Boolean)
        .map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
    )
  }
  const keys: Key[] = []
  for (const escaped of path.slice(1).split('/')) {
    // JSON pointers write a slash within a name as ~1.
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    const parent = keys.length === 0 ? document.contents : document.getIn(keys, true)
    keys.push(isMap(parent) ? key : Number(key))
  }
  return keys
}

/** Offset of the innermost key on the way that is in the document. */
function offsetOf(keys: readonly Key[], document: Document): number {
  let node: unknown = document.contents
  let offset = 0
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isNode(item.key) && item.key.toJSON() === key)
      if (!pair) break
      offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset
      node = pair.value
    } else if (isCollection(node)) {
      node = node.get(key, true)
      offset = (isNode(node) ? node.range?.[0] : undefined) ?? offset
    } else break
  }
  return offset
}

function keyNames(keys: readonly Key[], document: Document): string {
  const node = document.getIn(keys, true)
  return isMap(node) ? node.items.map((item) => String(item.key)).join(', ') : ''
}

function written(keys: readonly Key[]): string {
  return keys
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '')
}

/** The schema's validator gives one text with a line `/pointer message` for each finding. */
function schemaFindings(message: string, document: Document): { keys: Key[]; message: string }[] {
  const found = [...message.matchAll(/(?:^|\s)(\/\S*) (must .*)$/gm)].map(([, pointer = '', text = '']) => {
    const keys = keysOf(pointer, document)
    const names = text.includes('additional properties') ? ` (it has: ${keyNames(keys, document)})` : ''
    return { keys, message: `${text}${names}` }
  })
  return found.length > 0 ? found : [{ keys: [], message: message.replace(/^.*?config file: /, '') }]
}

function findingsOf(error: StartError, document: Document): { keys: Key[]; message: string }[] {
  const message = error.message.replace(/^AGENTEL_\w+: /, '')
  if (error.code === 'AGENTEL_CONFIG_FILE_UNREADABLE') return schemaFindings(message, document)
  return [{ keys: keysOf(error.option, document), message }]
}

function check(file: string, document: Document): { keys: Key[]; message: string }[] {
  let section: unknown
  try {
    section = readConfigFile(file).section
  } catch (error) {
    if (error instanceof StartError) return findingsOf(error, document)
    throw error
  }
  try {
    checkFileSection(section)
    return []
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    const inside = error.option === FILE_SECTION ? [] : keysOf(error.option, document)
    return [{ keys: [...SECTION_KEYS, ...inside], message: error.message.replace(/^AGENTEL_\w+: /, '') }]
  }
}

/**
 * Looks at a configuration file without starting anything.
 *
 * @returns what is wrong, with key path, line and column; empty when a start would take it
 */
export function checkConfigFile(file: string): ConfigFinding[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return [{ path: '', message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` }]
  }
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, version: '1.2' })
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset)
    return { line, column: col }
  }
  if (document.errors.length > 0) {
    return document.errors.map(({ message, pos }) => ({
      path: '',
      ...at(pos[0]),
      message: message.split(' at line')[0] ?? message,
    }))
  }
  return check(file, document).map(({ keys, message }) => ({
    path: written(keys),
    ...at(offsetOf(keys, document)),
    message,
  }))
}
