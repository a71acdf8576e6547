import { z } from 'zod'
import { PROFILE_NAMES, profiles } from '../src/config-profiles.ts'
import { configSchema } from '../src/config-schema.ts'

interface JsonSchema {
  type?: string | string[]
  description?: string
  default?: unknown
  env?: string
  secret?: boolean
  enum?: string[]
  minimum?: number
  maximum?: number
  minLength?: number
  format?: string
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  additionalProperties?: boolean | JsonSchema
}

interface Field {
  path: string
  kind: 'boolean' | 'integer' | 'number' | 'string' | 'url' | 'choice' | 'choices' | 'strings' | 'map'
  description: string
  env?: string
  secret?: boolean
  default?: unknown
  choices?: string[]
  minLength?: number
  min?: number
  max?: number
  /** Types that a map's values may have. */
  values?: string[]
}

const HEADER = 'Generated from packages/sdk/src/config-schema.ts by `pnpm generate`. Do not edit.'

function kindOf(schema: JsonSchema, path: string): Field['kind'] {
  if (schema.enum) return 'choice'
  if (schema.type === 'array') return schema.items?.enum ? 'choices' : 'strings'
  if (schema.type === 'object') return 'map'
  if (schema.type === 'string') return schema.format === 'uri' ? 'url' : 'string'
  if (schema.type === 'boolean' || schema.type === 'integer' || schema.type === 'number') return schema.type
  throw new Error(`config-schema.ts: ${path} has a type that the validator's table has no word for`)
}

function typesOf(schema: boolean | JsonSchema | undefined): string[] {
  if (typeof schema !== 'object') return ['string']
  if (schema.type === undefined) return (schema as { anyOf?: JsonSchema[] }).anyOf?.flatMap((one) => typesOf(one)) ?? []
  return [schema.type].flat()
}

function fieldOf(schema: JsonSchema, path: string): Field {
  const kind = kindOf(schema, path)
  const choices = schema.enum ?? schema.items?.enum
  const bounded = kind === 'integer' || kind === 'number'
  if (!schema.description) throw new Error(`config-schema.ts: ${path} has no description`)
  return {
    path,
    kind,
    description: schema.description,
    ...(schema.env === undefined ? {} : { env: schema.env }),
    ...(schema.secret === undefined ? {} : { secret: schema.secret }),
    ...(schema.minLength === undefined ? {} : { minLength: schema.minLength }),
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(choices === undefined ? {} : { choices }),
    ...(bounded && schema.minimum !== undefined && schema.minimum !== Number.MIN_SAFE_INTEGER
      ? { min: schema.minimum }
      : {}),
    ...(bounded && schema.maximum !== undefined && schema.maximum !== Number.MAX_SAFE_INTEGER
      ? { max: schema.maximum }
      : {}),
    ...(kind === 'map' ? { values: typesOf(schema.additionalProperties) } : {}),
  }
}

function isGroup(schema: JsonSchema): boolean {
  return schema.type === 'object' && schema.properties !== undefined
}

function collect(schema: JsonSchema, prefix: string): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`
    return isGroup(child) ? collect(child, path) : [fieldOf(child, path)]
  })
}

/** `shutdown.timeoutMs` as the file writes it: `shutdown.timeout_ms`. */
export function fileKey(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function typeText(field: Field): string {
  const union = field.choices?.map((choice) => `'${choice}'`).join(' | ') ?? ''
  const types: Record<Field['kind'], string> = {
    boolean: 'boolean',
    integer: 'number',
    number: 'number',
    string: 'string',
    url: 'string',
    choice: union,
    choices: `readonly (${union})[]`,
    strings: 'readonly string[]',
    map: `Readonly<Record<string, ${field.values?.join(' | ')}>>`,
  }
  return types[field.kind]
}

function docLines(field: Field): string {
  const facts = [
    field.default === undefined ? '' : ` Default: \`${JSON.stringify(field.default)}\`.`,
    field.env === undefined ? '' : ` Environment: \`${field.env}\`.`,
  ]
  return `${field.description}${facts.join('')}`
}

function interfaceBody(fields: Field[], group: string, resolved: boolean, indent: string): string {
  const prefix = group === '' ? '' : `${group}.`
  const names = [...new Set(fields.map(({ path }) => path.slice(prefix.length).split('.')[0] as string))]
  return names
    .map((name) => {
      const field = fields.find(({ path }) => path === prefix + name)
      if (field) {
        const optional = resolved && field.default !== undefined ? '' : '?'
        const doc = resolved ? '' : `${indent}/** ${docLines(field)} */\n`
        return `${doc}${indent}${resolved ? 'readonly ' : ''}${name}${optional}: ${typeText(field)}`
      }
      const inner = fields.filter(({ path }) => path.startsWith(`${prefix}${name}.`))
      const body = interfaceBody(inner, prefix + name, resolved, `${indent}  `)
      return `${indent}${resolved ? 'readonly ' : ''}${name}${resolved ? '' : '?'}: {\n${body}\n${indent}}`
    })
    .join('\n')
}

const PROFILES_TEXT =
  'What holds in one environment only: options by profile, which win over those beside them where that profile is in force.'

function optionsText(fields: Field[]): string {
  const profile = fields.find(({ path }) => path === 'profile')
  if (profile === undefined) throw new Error('config-schema.ts: there is no option profile')
  const others = fields.filter((field) => field !== profile)
  return `/** Options of \`startAgentel\` that are plain data. */
export interface ConfigOptions extends ProfileOptions {
  /** ${docLines(profile)} */
  profile?: ${typeText(profile)}
  /** ${PROFILES_TEXT} */
  profiles?: { ${PROFILE_NAMES.map((name) => `${name}?: ProfileOptions`).join('; ')} }
}

/** Options of which a profile may have its own. */
export interface ProfileOptions {
${interfaceBody(others, '', false, '  ')}
}`
}

function moduleText(fields: Field[]): string {
  const table = fields.map((field) => `  ${JSON.stringify(field)},`).join('\n')
  return `// ${HEADER}

/** One option: where it stands, what it takes. */
export interface ConfigField {
  readonly path: string
  readonly kind: 'boolean' | 'integer' | 'number' | 'string' | 'url' | 'choice' | 'choices' | 'strings' | 'map'
  readonly description: string
  readonly env?: string
  /** Its value must not be shown. */
  readonly secret?: boolean
  readonly minLength?: number
  readonly default?: unknown
  readonly choices?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly values?: readonly string[]
}

/** Every option there is. */
export const configFields: readonly ConfigField[] = [
${table}
]

${optionsText(fields)}

/** The configuration with all its layers merged and the defaults filled in. */
export interface AgentelConfig {
${interfaceBody(fields, '', true, '  ')}
}

/** Defaults that differ by profile. */
export const profileDefaults = ${JSON.stringify(profiles, null, 2)} as const
`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function typeCell(field: Field): string {
  if (field.choices)
    return (field.kind === 'choices' ? 'list of ' : '') + field.choices.map((one) => `\`${one}\``).join(', ')
  const bounds = field.min === undefined ? '' : ` ≥ ${field.min}`
  const names: Partial<Record<Field['kind'], string>> = {
    integer: 'whole number',
    url: 'URL',
    strings: 'list of strings',
    map: 'map',
  }
  return (names[field.kind] ?? field.kind) + bounds
}

function tableText(fields: Field[]): string {
  const rows = fields.map((field) => {
    const value = field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``
    const env = field.env === undefined ? '' : `\`${field.env}\``
    return `| \`${field.path}\` | \`${fileKey(field.path)}\` | ${env} | ${cell(typeCell(field))} | ${value} | ${cell(field.description)} |`
  })
  const paths = Object.keys(profiles.production) as (keyof typeof profiles.production)[]
  const profileRows = Object.entries(profiles).map(
    ([name, values]) => `| \`${name}\` | ${paths.map((path) => values[path]).join(' | ')} |`,
  )
  return [
    `<!-- ${HEADER} -->`,
    '',
    '## Options',
    '| code | file | environment | takes | default | what it does |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    '## Profiles',
    `| profile | ${paths.map((path) => `\`${path}\``).join(' | ')} |`,
    `|---|${paths.map(() => '---|').join('')}`,
    ...profileRows,
    '',
  ].join('\n')
}

/** The JSON schema of the file's section, for editors: its keys are in snake case, as in the rest of that file. */
function fileSchema(schema: JsonSchema): JsonSchema {
  const { env: _env, secret: _secret, ...rest } = schema
  if (!isGroup(schema)) return rest
  const properties = Object.entries(schema.properties ?? {}).map(([key, child]) => [fileKey(key), fileSchema(child)])
  return { ...rest, properties: Object.fromEntries(properties) as Record<string, JsonSchema> }
}

/** The file's schema with its parts for profiles, each of which is the rest of it again. */
function withProfiles(section: JsonSchema): JsonSchema & { $defs: Record<string, JsonSchema> } {
  const { profile, ...others } = section.properties ?? {}
  if (profile === undefined) throw new Error('config-schema.ts: there is no option profile')
  const part: JsonSchema = { type: 'object', properties: others, additionalProperties: false }
  const parts = PROFILE_NAMES.map((name) => [name, { $ref: '#/$defs/part' }])
  const all: JsonSchema = {
    type: 'object',
    description: PROFILES_TEXT,
    properties: Object.fromEntries(parts) as Record<string, JsonSchema>,
    additionalProperties: false,
  }
  return { ...section, properties: { profile, profiles: all, ...others }, $defs: { part } }
}

/**
 * Everything that is generated from the configuration's schema.
 *
 * @returns file contents by path, relative to the repository's root
 */
export function configOutputs(): Record<string, string> {
  const schema = z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema
  const fields = collect(schema, '')
  return {
    'packages/sdk/src/generated/config-fields.ts': moduleText(fields),
    'packages/sdk/config.schema.json': `${JSON.stringify(withProfiles(fileSchema(schema)), null, 2)}\n`,
    'docs/configuration-options.md': tableText(fields),
  }
}
