const tests = ['test/reconcile-enricher.test.ts', 'test/model-calls.test.ts']

export const mutants = [
  {
    file: 'src/reconcile-enricher.ts',
    function: 'reconcileEnricher',
    part: 'onEnding',
    off: '(make) => (...args) => ({ ...make(...args), onEnding: undefined })',
    tests,
  },
  {
    file: 'src/reconcile-enricher.ts',
    function: 'reconcileEnricher',
    part: 'onStart',
    off: '(make) => (...args) => ({ ...make(...args), onStart: undefined })',
    tests,
  },
  { file: 'src/reconcile-enricher.ts', function: 'takeOver', tests },
  { file: 'src/reconcile-enricher.ts', function: 'readForeign', tests },
  { file: 'src/reconcile-enricher.ts', function: 'write', tests },
  { file: 'src/reconcile-enricher.ts', function: 'giveUp', tests },
  { file: 'src/own-calls.ts', function: 'complete', tests },
  { file: 'src/own-calls.ts', function: 'noteOwnCallAround', tests },
  { file: 'src/own-calls.ts', function: 'ownCallAround', off: '() => () => undefined', tests },
  { file: '../../semconv/src/operations.ts', function: 'isModelCall', off: '() => () => false', tests },
]
