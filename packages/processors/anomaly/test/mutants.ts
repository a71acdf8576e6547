const tests = ['test/anomaly-enricher.test.ts']

export const mutants = [
  {
    file: 'src/anomaly-enricher.ts',
    function: 'anomalyEnricher',
    part: 'onEnding',
    off: '(make) => (...args) => ({ ...make(...args), onEnding: undefined })',
    tests,
  },
  { file: 'src/observation-of.ts', function: 'observationOf', tests },
  { file: 'src/anomaly-events.ts', function: 'emitDetected', tests },
  { file: 'src/anomaly-events.ts', function: 'emitEnded', tests },
  { file: 'src/state-file.ts', function: 'readState', tests },
]
