const hooks = ['test/module-hooks.test.ts']
const calls = ['chat', 'instrumentation', 'content'].map((name) => `../instrumentations/openai/test/${name}.test.ts`)

/** A recording in which one method does nothing. */
function recordingWithout(method: string) {
  return {
    file: 'src/call-recording.ts',
    function: 'startRecording',
    part: method,
    off: `(start) => (...args) => { const recording = start(...args); recording.${method} = () => {}; return recording }`,
    tests: calls,
  }
}

/** Files of content without one of their parts. */
function contentFiles(name: 'fileQueue' | 'writeWhole' | 'extensionOf') {
  const off = {
    fileQueue: '() => () => ({ counts: { written: 0, dropped: 0 }, add: () => true, flush: async () => {} })',
    writeWhole: '() => async () => {}',
    extensionOf: "() => () => ''",
  }
  const tests = ['../instrumentations/openai/test/content-files.test.ts']
  return { file: 'src/content-files.ts', function: name, off: off[name], tests }
}

export const mutants = [
  { file: 'src/module-hooks.ts', function: 'hookRequires', tests: hooks },
  { file: 'src/module-hooks.ts', function: 'onImport', tests: hooks },
  { file: 'src/module-hooks.ts', function: 'registerLoader', tests: hooks },
  { file: 'src/module-hooks.ts', function: 'readVersion', tests: hooks },
  { file: 'src/module-hooks.ts', function: 'checkLayout', tests: hooks },
  { file: 'src/entry-files.ts', function: 'absentEntries', off: '() => (root, entries) => entries', tests: hooks },
  {
    file: 'src/kit-instrumentation.ts',
    function: 'withoutEntry',
    off: '() => () => ({})',
    tests: ['../instrumentations/langchain/test/lost-file.test.ts'],
  },
  { file: 'src/hook-report.ts', function: 'warn', tests: ['../instrumentations/langchain/test/lost-file.test.ts'] },
  { file: 'src/module-hooks.ts', function: 'hookCompilation', tests: hooks },
  { file: 'src/announce-module.ts', function: 'bindingSetters', off: "() => () => '{}'", tests: hooks },
  { file: 'src/rebindable.ts', function: 'rebindable', off: '() => (exports) => exports', tests: hooks },
  ...(['fileQueue', 'writeWhole', 'extensionOf'] as const).map((name) => contentFiles(name)),
  { file: 'src/announce-module.ts', function: 'withEnding', off: '() => (loaded) => loaded', tests: hooks },
  { file: 'src/apply-patches.ts', function: 'applyPatch', tests: calls },
  { file: 'src/apply-patches.ts', function: 'removePatches', off: '() => () => []', tests: calls },
  { file: 'src/hook-report.ts', function: 'announce', tests: calls },
  { file: 'src/kit-instrumentation.ts', function: 'isSwitchedOff', off: '() => () => false', tests: calls },
  { file: 'src/observe-api-promise.ts', function: 'observeApiPromise', off: '() => () => false', tests: calls },
  { file: 'src/observe-api-promise.ts', function: 'observeParsing', tests: calls },
  { file: 'src/observe-api-promise.ts', function: 'observeHeaders', tests: calls },
  { file: 'src/observe-api-promise.ts', function: 'patchPrototype', tests: ['test/observe-api-promise.test.ts'] },
  {
    file: 'src/observe-api-promise.ts',
    function: 'unwrapObserved',
    off: '() => (promise, observation, original, transform) => Reflect.apply(original, promise, [transform])',
    tests: ['test/observe-api-promise.test.ts'],
  },
  { file: 'src/observe-api-promise.ts', function: 'markParsingOf', tests: ['test/observe-api-promise.test.ts'] },
  { file: 'src/observe-api-promise.ts', function: 'rawAsked', tests: ['test/observe-api-promise.test.ts'] },
  { file: 'src/stream-tap.ts', function: 'tapStream', tests: calls },
  { file: 'src/abandoned.ts', function: 'endWhenCollected', tests: ['test/abandoned.test.ts'] },
  { file: 'src/abandoned.ts', function: 'cutTie', tests: ['test/abandoned.test.ts'] },
  { file: '../api/src/suppressed.ts', function: 'isTracingSuppressed', off: '() => () => false', tests: calls },
  { file: 'src/ownership.ts', function: 'callOwner', tests: calls },
  { file: 'src/client-call.ts', function: 'askGates', tests: calls },
  ...['value', 'settled', 'chunk', 'finished', 'left', 'failed'].map((method) => recordingWithout(method)),
  ...['response', 'details'].map((method) => recordingWithout(`writer.${method}`)),
  {
    file: 'src/client-call.ts',
    function: 'requestOf',
    off: '() => () => ({ streaming: false, attributes: {} })',
    tests: calls,
  },
  {
    file: 'src/client-call.ts',
    function: 'destinationOf',
    off: "() => () => ({ provider: '_OTHER' })",
    tests: calls,
  },
  {
    file: 'src/endpoint.ts',
    function: 'readEndpoint',
    off: '() => () => ({})',
    tests: ['../instrumentations/openai/test/destination.test.ts'],
  },
]
