import { ACTIONS } from './actions.ts'
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

const SCHEMAS: Readonly<Record<string, object>> = {
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
      schema: SCHEMAS[name] ?? TEXT,
    })),
  ]
}

function operation(summary: string, parameters: readonly Parameter[], type: string, method = 'get'): object {
  return {
    [method]: {
      summary,
      parameters,
      responses: {
        '200': { description: summary, content: { [type]: {} } },
        default: { description: 'A refusal or a failure, with its reason', content: { 'application/json': {} } },
      },
    },
  }
}

/** The OpenAPI 3.1 document of the API. The types of the answers are in `contract.ts`. */
export function openApiDocument(version: string): object {
  const paths: Record<string, object> = Object.fromEntries(
    ROUTES.map(({ path, summary, query = [], required = [] }) => [
      path,
      operation(summary, parametersOf(path, query, required), 'application/json'),
    ]),
  )
  for (const { method, path, summary } of ACTIONS) {
    const made = operation(summary, parametersOf(path, [], []), 'application/json', method.toLowerCase())
    paths[path] = { ...paths[path], ...made }
  }
  const live = operation('What happens, as it happens', [], 'text/event-stream')
  return { openapi: '3.1.0', info: { title: 'agentel console', version }, paths: { ...paths, '/api/live': live } }
}
