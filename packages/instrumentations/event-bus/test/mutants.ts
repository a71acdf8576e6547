import { bullmqTable } from '@agentel/instrumentation-event-bus'

const bullmq = ['test/bullmq.test.ts']
const redis = ['test/redis.test.ts']
const emitter = ['test/emitter.test.ts']

export const tables = [{ table: bullmqTable(), file: 'src/instrumentation.ts', function: 'bullmqTable', tests: bullmq }]

/** What the events are made of. */
export const mutants = [
  {
    file: 'src/bullmq-jobs.ts',
    function: 'eventOf',
    off: '(eventOf) => (queue, job) => eventOf(queue, job)',
    tests: bullmq,
  },
  { file: 'src/bullmq-jobs.ts', function: 'carrierOf', tests: bullmq },
  { file: 'src/bullmq-jobs.ts', function: 'setJobId', tests: bullmq },
  { file: 'src/process-job.ts', function: 'isPostponed', off: '() => () => false', tests: bullmq },
  {
    file: 'src/describe-event.ts',
    function: 'describedEvent',
    off: '() => (where, type) => ({ type })',
    tests: emitter,
  },
  {
    file: 'src/observe-listeners.ts',
    function: 'observeListeners',
    off: '() => () => () => undefined',
    tests: emitter,
  },
  { file: 'src/replace-method.ts', function: 'replaceMethod', off: '() => () => () => undefined', tests: emitter },
  { file: 'src/envelope.ts', function: 'putIn', off: '() => (message) => message', tests: redis },
  {
    file: 'src/envelope.ts',
    function: 'takeOut',
    off: '() => (message) => ({ message, carrier: undefined })',
    tests: redis,
  },
  { file: 'src/observe-redis.ts', function: 'observeMessages', off: '() => () => () => undefined', tests: redis },
  { file: 'src/observe-redis.ts', function: 'observeSubscriptions', off: '() => () => []', tests: redis },
  { file: 'src/observe-redis.ts', function: 'isWatched', off: '() => () => true', tests: redis },
  { file: '../../api/src/transaction.ts', function: 'writeTransaction', tests: redis },
  {
    file: '../../api/src/transaction.ts',
    function: 'takeTransaction',
    off: '() => (context) => context',
    tests: redis,
  },
]
