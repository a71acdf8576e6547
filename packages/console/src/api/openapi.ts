import { ACTIONS } from './actions.ts'
import { SCHEMAS, type SchemaName } from './generated/schemas.ts'
import { ROUTES } from './routes.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: object
}

const TEXT = { type: 'string' }
const NUMBER = { type: 'number' }
const TIME = { oneOf: [NUMBER, { type: 'string', pattern: '^-\\d+[smhdw]$' }] }
const TEXTS = { type: 'array', items: TEXT }

const PARAMETERS: Readonly<Record<string, object>> = {
  from: TIME,
  to: TIME,
  limit: { type: 'integer', minimum: 1, maximum: 500 },
  minDuration: NUMBER,
  maxDuration: NUMBER,
  minCost: NUMBER,
  maxCost: NUMBER,
  minTokens: NUMBER,
  minSeverity: NUMBER,
  slowerThan: NUMBER,
  type: TEXTS,
  status: TEXTS,
  agent: TEXTS,
  model: TEXTS,
  tool: TEXTS,
  user: TEXTS,
  session: TEXTS,
  error: TEXTS,
}

function parametersOf(path: string, query: readonly string[], required: readonly string[]): Parameter[] {
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!)
  return [
    ...inPath.map((name): Parameter => ({ name, in: 'path', required: true, schema: TEXT })),
    ...query.map((name): Parameter => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema: PARAMETERS[name] ?? TEXT,
    })),
  ]
}

const schemaOf = (name: SchemaName) => ({ schema: { $ref: `#/components/schemas/${name}` } })
const json = (name: SchemaName) => ({ 'application/json': schemaOf(name) })

interface Operation {
  readonly summary: string
  readonly parameters: readonly Parameter[]
  readonly content: object
  readonly takes?: SchemaName | undefined
}

function operation({ summary, parameters, content, takes }: Operation): object {
  return {
    summary,
    parameters,
    ...(takes === undefined ? {} : { requestBody: { required: true, content: json(takes) } }),
    responses: {
      '200': { description: summary, content },
      default: { description: 'A refusal or a failure, with its reason', content: json('ApiError') },
    },
  }
}

/** The OpenAPI 3.1 document of the API. The schemas are made from the types in `contract.ts`. */
export function openApiDocument(version: string): object {
  const paths: Record<string, object> = Object.fromEntries(
    ROUTES.map(({ path, summary, gives, query = [], required = [] }) => [
      path,
      { get: operation({ summary, parameters: parametersOf(path, query, required), content: json(gives) }) },
    ]),
  )
  for (const { method, path, summary, takes, gives } of ACTIONS) {
    const made = operation({ summary, parameters: parametersOf(path, [], []), content: json(gives), takes })
    paths[path] = { ...paths[path], [method.toLowerCase()]: made }
  }
  const stream = { 'text/event-stream': schemaOf('LiveEvent') }
  paths['/api/live'] = { get: operation({ summary: 'What happens, as it happens', parameters: [], content: stream }) }
  return {
    openapi: '3.1.0',
    info: { title: 'agentel console', version },
    paths,
    components: { schemas: SCHEMAS },
  }
}
