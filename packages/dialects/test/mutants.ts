const EMPTY = '() => () => []'

/** What the readers take from a span, by file; each is switched off by doing nothing, or as said. */
const readers: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  'gen-ai': {
    takeOldNames: undefined,
    toInstructions: undefined,
    takeTopK: undefined,
    isMessageEvent: '() => () => false',
    takeMessageEvents: undefined,
    messageOf: EMPTY,
    choiceOf: EMPTY,
    bodyOf: '() => (attributes) => attributes',
  },
  langfuse: {
    operationOf: undefined,
    takeUsage: undefined,
    firstNumber: undefined,
    detailsOf: '() => () => 0',
    plus: '() => (count) => count',
    takeContent: undefined,
    takeMetadata: undefined,
  },
  native: {
    takeCompaction: undefined,
    written: '() => (value) => value',
    takeGeminiUsage: undefined,
  },
  openinference: {
    lengthOf: undefined,
    takeModel: undefined,
    takeUsage: undefined,
    takeContent: undefined,
    flatMessages: undefined,
    flatContent: '() => (content) => content',
    flatTools: undefined,
    flatDocuments: undefined,
  },
  openllmetry: {
    lookUp: undefined,
    takeEntity: undefined,
    takeAssociations: undefined,
    takeMessages: undefined,
  },
  'vercel-ai': {
    operationOf: undefined,
    inSeconds: undefined,
    takeUsage: undefined,
    anthropicUsage: '() => () => ({})',
    takeContent: undefined,
    takeMetadata: undefined,
  },
}

const everyReader = Object.keys(readers).map((name) => `test/${name}.test.ts`)
const messages = ['test/to-messages.test.ts', ...everyReader]

/** What all readers share. */
const shared = [
  ['read', 'isRetrievalOf141', '() => () => false'],
  ['read', 'dialectOfKey', undefined],
  ['expand-indexed', 'expandList', undefined],
  ['to-messages', 'unwrap', '() => (value) => value'],
  ['to-messages', 'roleOf', '() => (role) => role'],
  ['to-messages', 'withFinish', '() => (message) => message'],
  ['to-messages', 'reasoningOf', undefined],
  ['to-messages', 'toolCallParts', EMPTY],
  ['to-parts', 'parsed', undefined],
  ['to-parts', 'geminiPart', undefined],
  ['to-parts', 'toolOutput', '() => (output) => output'],
  ['to-parts', 'imagePart', '() => () => ({ type: "other" })'],
  ['to-parts', 'filePart', '() => () => ({ type: "other" })'],
  ['to-parts', 'audioPart', '() => () => ({ type: "other" })'],
  ['to-parts', 'modalityOf', "() => () => 'file'"],
  ['to-tool-definitions', 'toToolDefinition', '() => (tool) => tool'],
  ['translation', 'setUsage', undefined],
  ['vocabulary', 'providerName', '() => (name) => name'],
  ['vocabulary', 'finishReason', '() => (reason) => reason'],
] as const

const mutantOf = (file: string, name: string, off: string | undefined, tests: readonly string[]) => ({
  file: `src/${file}.ts`,
  function: name,
  ...(off === undefined ? undefined : { off }),
  tests,
})

export const mutants = [
  ...Object.entries(readers).flatMap(([file, functions]) =>
    Object.entries(functions).map(([name, off]) => mutantOf(`readers/${file}`, name, off, [`test/${file}.test.ts`])),
  ),
  ...shared.map(([file, name, off]) => mutantOf(file, name, off, messages)),
]
