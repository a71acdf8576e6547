/** The files of a new instrumentation, in the shape that all of them have. They compile and hook one method. */

/** What is known of the SDK. */
export interface NewInstrumentation {
  /** Folder under packages/instrumentations and end of the package's name: `anthropic`. */
  folder: string
  /** npm package that is hooked: `@anthropic-ai/sdk`. */
  module: string
  /** Exported class that has the method, with the way to it: `Anthropic.Messages`. */
  target: string
  method: string
  /** Major version that is supported. */
  major: number
}

/** Every file by its path under the folder. */
export function instrumentationFiles(made: NewInstrumentation): Map<string, string> {
  return new Map([
    ['package.json', manifest(made)],
    ['tsconfig.json', tsconfig],
    ['README.md', readme(made)],
    ['src/index.ts', index(made)],
    ['src/version.ts', version(made)],
    ['src/instrumentation.ts', instrumentation(made)],
    ['src/chat.ts', chat(made)],
    ['test/chat.test.ts', test(made)],
  ])
}

/** `claude-agent-sdk` to `ClaudeAgentSdk`. */
function className(folder: string): string {
  return `${folder.replaceAll(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())}Instrumentation`
}

function manifest({ folder, module }: NewInstrumentation): string {
  const built = { types: './dist/index.d.ts', default: './dist/index.js' }
  const fields = {
    name: `@agentel/instrumentation-${folder}`,
    version: '0.0.0',
    description: `OpenTelemetry instrumentation of ${module}.`,
    license: 'Apache-2.0',
    type: 'module',
    engines: { node: '>=22.15' },
    repository: {
      type: 'git',
      url: 'git+https://github.com/agentel/agentel.git',
      directory: `packages/instrumentations/${folder}`,
    },
    files: ['dist', 'README.md'],
    exports: { '.': { '@agentel/source': './src/index.ts', ...built } },
    publishConfig: { access: 'public', exports: { '.': built } },
    sideEffects: false,
    dependencies: {
      '@agentel/instrumentation-kit': 'workspace:^',
      '@agentel/semconv': 'workspace:^',
    },
    peerDependencies: { '@opentelemetry/api': '>=1.9.0 <2' },
    devDependencies: { '@agentel/testing': 'workspace:^', '@opentelemetry/api': 'catalog:' },
  }
  return `${JSON.stringify(fields, undefined, 2)}\n`
}

const tsconfig = `${JSON.stringify(
  {
    extends: '../../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
    references: [{ path: '../../semconv' }, { path: '../../instrumentation-kit' }],
  },
  undefined,
  2,
)}\n`

function readme({ folder, module, major, target, method }: NewInstrumentation): string {
  return `# @agentel/instrumentation-${folder}

OpenTelemetry instrumentation of \`${module}\`.

## Supported versions
\`${module}\` ${major}.

## Use
\`\`\`ts
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { ${className(folder)} } from '@agentel/instrumentation-${folder}'

registerInstrumentations({ instrumentations: [new ${className(folder)}()] })
\`\`\`

## What is recorded
One \`chat\` span for every \`${target}.${method}()\`: the model, the response and the tokens.

## Options
| option | meaning |
|---|---|
| \`enabled\` | \`false\`: hook nothing until \`enable()\` is called |

## Limits
Methods other than those above are not recorded.
`
}

function index({ folder }: NewInstrumentation): string {
  return `export { ${className(folder)} } from './instrumentation.ts'\n`
}

function version({ folder }: NewInstrumentation): string {
  return `/** Name and version of this package, as the scope of its spans. */
export const SCOPE_NAME = '@agentel/instrumentation-${folder}'
export const SCOPE_VERSION = '0.0.0'
`
}

function instrumentation({ module, target, method, major, folder }: NewInstrumentation): string {
  return `import {
  type InstrumentationConfig,
  KitInstrumentation,
  type ModuleExports,
  type OperationReaders,
  type PatchTable,
  readEndpoint,
} from '@agentel/instrumentation-kit'
import { GEN_AI_OPERATION_NAME_VALUE_CHAT } from '@agentel/semconv'
import { readRequest, readResponse } from './chat.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** OpenTelemetry instrumentation of \`${module}\`: one span for every call that reaches a model. */
export class ${className(folder)} extends KitInstrumentation {
  constructor(config: InstrumentationConfig = {}) {
    super(table, config)
  }
}

function table(): PatchTable {
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: '${module}',
    entries: ['index'],
    majors: [${major}],
    patches: [{ name: '${folder}.${method}', method: '${method}', find: findPrototype, readers: chat }],
  }
}

function findPrototype(exports: ModuleExports): object | undefined {
  let found: unknown = exports
  for (const step of '${target}'.split('.')) found = (found as ModuleExports | undefined)?.[step]
  return (found as { prototype?: object } | undefined)?.prototype
}

const chat: OperationReaders = {
  name: '${folder}.chat',
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  readDestination: (self) => ({
    provider: '${folder}',
    ...readEndpoint((self as { _client?: { baseURL?: unknown } } | undefined)?._client?.baseURL),
  }),
  readRequest,
  readResponse,
  reject: (_self, error) => Promise.reject(error),
}
`
}

function chat({ target, method }: NewInstrumentation): string {
  return `import type { Attributes } from '@opentelemetry/api'
import { type RequestFacts, setNumber, setString } from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '@agentel/semconv'

/** What we read of the request's body. */
interface Request {
  readonly model?: unknown
  readonly stream?: unknown
  readonly max_tokens?: unknown
  readonly temperature?: unknown
}

/** What we read of the response. */
interface Response {
  readonly id?: unknown
  readonly model?: unknown
  readonly usage?: { readonly input_tokens?: unknown; readonly output_tokens?: unknown }
}

/** Reads the arguments of \`${target}.${method}(body, options)\`. */
export function readRequest([body]: readonly unknown[]): RequestFacts {
  const request = (body ?? {}) as Request
  const attributes: Attributes = {}
  setNumber(attributes, ATTR_GEN_AI_REQUEST_MAX_TOKENS, request.max_tokens)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TEMPERATURE, request.temperature)
  const model = typeof request.model === 'string' ? request.model : undefined
  return { model, streaming: request.stream === true, attributes }
}

/** Reads the response. */
export function readResponse(response: unknown): Attributes {
  const answer = (response ?? {}) as Response
  const attributes: Attributes = {}
  setString(attributes, ATTR_GEN_AI_RESPONSE_ID, answer.id)
  setString(attributes, ATTR_GEN_AI_RESPONSE_MODEL, answer.model)
  setNumber(attributes, ATTR_GEN_AI_USAGE_INPUT_TOKENS, answer.usage?.input_tokens)
  setNumber(attributes, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, answer.usage?.output_tokens)
  return attributes
}
`
}

function test({ module }: NewInstrumentation): string {
  return `import { expect, it } from 'vitest'
import { readRequest, readResponse } from '../src/chat.ts'

it('reads the request of ${module}', () => {
  expect(readRequest([{ model: 'm-1', max_tokens: 100, temperature: 0.5, stream: true }])).toEqual({
    model: 'm-1',
    streaming: true,
    attributes: { 'gen_ai.request.max_tokens': 100, 'gen_ai.request.temperature': 0.5 },
  })
})

it('reads the response of ${module}', () => {
  expect(readResponse({ id: 'r-1', model: 'm-1-2026', usage: { input_tokens: 9, output_tokens: 3 } })).toEqual({
    'gen_ai.response.id': 'r-1',
    'gen_ai.response.model': 'm-1-2026',
    'gen_ai.usage.input_tokens': 9,
    'gen_ai.usage.output_tokens': 3,
  })
})
`
}
