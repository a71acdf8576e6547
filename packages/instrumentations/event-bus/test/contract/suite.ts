import { trace } from '@opentelemetry/api'
import type { FlowProducer, Job, JobsOptions, Processor, Queue, Worker } from 'bullmq'
import type { ContractSuite, Scenario } from '@agentel/testing/contract'
import { startRedis } from '@agentel/testing/redis-server'

type Sdk = typeof import('bullmq')

/** A queue on a server of its own. */
interface Bench {
  readonly queue: Queue
  readonly flows: FlowProducer
  /** Starts a worker and waits until it has ended so many jobs, well or not. */
  work(processor: Processor, jobs: number): Promise<string[]>
}

async function withQueue(sdk: Sdk, use: (bench: Bench) => Promise<void>): Promise<void> {
  const redis = await startRedis()
  const connection = { host: '127.0.0.1', port: redis.port }
  const queue = new sdk.Queue('orders', { connection })
  const flows = new sdk.FlowProducer({ connection })
  const workers: Worker[] = []
  const work = async (processor: Processor, jobs: number): Promise<string[]> => {
    const worker = new sdk.Worker('orders', processor, { connection })
    workers.push(worker)
    const outcomes: string[] = []
    const done = Promise.withResolvers<void>()
    const note = (outcome: string): void => void (outcomes.push(outcome) === jobs && done.resolve())
    worker.on('completed', (job, result) => note(`${job.name} gave ${JSON.stringify(result)}`))
    worker.on('failed', (job, error) => note(`${job?.name} failed: ${error.name} ${error.message}`))
    await done.promise
    return outcomes
  }
  try {
    await use({ queue, flows, work })
  } finally {
    for (const one of [...workers, flows, queue]) await one.close()
    await redis.remove()
  }
}

/** What of a job is the same in every run, and is the application's. */
const told = (job: Job | undefined): unknown => ({ id: job?.id, name: job?.name, data: job?.data })

const scenarios: readonly Scenario<undefined, Sdk>[] = [
  {
    name: 'a job that is added and processed',
    core: true,
    spans: [
      { name: 'publish orders.ship', attributes: { 'agentel.event.id': 'a', 'agentel.event.stage': 'published' } },
      {
        name: 'process orders.ship',
        parent: 'publish orders.ship',
        attributes: { 'agentel.event.id': 'a', 'agentel.event.stage': 'completed' },
      },
    ],
    run: ({ sdk, see }) =>
      withQueue(sdk, async ({ queue, work }) => {
        const options: JobsOptions = { jobId: 'a' }
        const data = { order: 7, lines: [1, 2] }
        see('job', told(await queue.add('ship', data, options)))
        see('options', options)
        see('data', data)
        const processor: Processor = async (job, token) => {
          see('processed', [told(job), typeof token])
          return { shipped: true }
        }
        see('outcomes', await work(processor, 1))
      }),
  },
  {
    name: 'a span inside the processor of a job that was added inside a span',
    shows: ['propagation'],
    spans: [
      { name: 'publish orders.ship', parent: 'outside' },
      { name: 'outside' },
      { name: 'inside', parent: 'process orders.ship' },
      { name: 'process orders.ship', parent: 'publish orders.ship' },
    ],
    run: ({ sdk, see }) =>
      withQueue(sdk, async ({ queue, work }) => {
        const tracer = trace.getTracer('app')
        await tracer.startActiveSpan('outside', async (span) => {
          await queue.add('ship', {})
          span.end()
        })
        see('outcomes', await work(async () => tracer.startSpan('inside').end(), 1))
      }),
  },
  {
    name: 'a job whose processor fails, twice',
    core: true,
    spans: [
      { name: 'publish orders.ship' },
      { name: 'process orders.ship', error: 'TypeError' },
      { name: 'process orders.ship', error: 'TypeError', attributes: { 'agentel.retry.attempt': 2 } },
    ],
    run: ({ sdk, see }) =>
      withQueue(sdk, async ({ queue, work }) => {
        await queue.add('ship', {}, { jobId: 'a', attempts: 2 })
        const failing: Processor = () => Promise.reject(new TypeError('no stock'))
        see('outcomes', await work(failing, 2))
        const job = await queue.getJob('a')
        see('reason', [job?.failedReason, job?.attemptsMade, await job?.getState()])
      }),
  },
  {
    name: 'a job that cannot be added',
    core: true,
    spans: [{ name: 'publish orders.ship', error: 'Error' }],
    run: ({ sdk, settle }) =>
      withQueue(sdk, async ({ queue }) => void (await settle('add', queue.add('ship', {}, { jobId: '0' })))),
  },
  {
    name: 'several jobs in one call',
    core: true,
    spans: [
      { name: 'publish orders.pick' },
      { name: 'publish orders.pack' },
      { name: 'process orders.pick', parent: 'publish orders.pick' },
      { name: 'process orders.pack', parent: 'publish orders.pack' },
    ],
    run: ({ sdk, see }) =>
      withQueue(sdk, async ({ queue, work }) => {
        const jobs = [
          { name: 'pick', data: { n: 1 } },
          { name: 'pack', data: { n: 2 }, opts: { jobId: 'b' } },
        ]
        see('jobs', (await queue.addBulk(jobs)).map(told))
        see('given', jobs)
        see('outcomes', await work(async (job) => (job.data as { n: number }).n, 2))
      }),
  },
  {
    name: 'a flow of jobs',
    core: true,
    spans: [
      { name: 'publish orders.ship' },
      { name: 'publish orders.pick' },
      { name: 'process orders.pick', parent: 'publish orders.pick' },
      { name: 'process orders.ship', parent: 'publish orders.ship' },
    ],
    run: ({ sdk, see }) =>
      withQueue(sdk, async ({ flows, work }) => {
        const children = [{ name: 'pick', queueName: 'orders', data: { n: 1 }, opts: { jobId: 'c' } }]
        const tree = { name: 'ship', queueName: 'orders', data: { n: 2 }, opts: { jobId: 'p' }, children }
        const flow = await flows.add(tree)
        see('flow', [told(flow.job), told(flow.children?.[0]?.job)])
        see('given', tree)
        see('outcomes', await work(async (job) => (job.data as { n: number }).n, 2))
      }),
  },
  {
    name: 'a queue whose server is gone',
    spans: [{ name: 'publish orders.ship', error: 'Error' }],
    run: async ({ sdk, settle }) => {
      const redis = await startRedis()
      const queue = new sdk.Queue('orders', { connection: { host: '127.0.0.1', port: redis.port } })
      queue.on('error', () => undefined)
      await queue.waitUntilReady()
      const added = queue.disconnect().then(() => queue.add('ship', {}))
      await settle('add', added)
      await redis.remove()
    },
  },
]

/** What applications do with BullMQ. There is no model behind it, and each scenario has a server of its own. */
export const suite: ContractSuite<undefined, Sdk> = {
  createClient: () => undefined,
  scenarios,
  reply: () => ({ text: '' }),
}
