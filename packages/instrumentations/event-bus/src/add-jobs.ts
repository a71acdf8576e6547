import { guard } from '@agentel/api'
import type { Invoke } from '@agentel/instrumentation-kit'
import {
  type AddedJob,
  type DescribeJob,
  eventOf,
  type JobOptions,
  setJobId,
  startAdding,
  whileAdding,
} from './bullmq-jobs.ts'

interface QueueLike {
  readonly name: string
}

interface NewJob {
  readonly name: string
  readonly data: unknown
  readonly opts?: JobOptions & { readonly jobId?: string }
}

/** A job of a flow: with its queue, and the jobs that it waits for. */
interface FlowJob extends NewJob {
  readonly queueName: string
  readonly children?: readonly FlowJob[]
}

interface AddedFlow {
  readonly job?: { id?: unknown }
  readonly children?: readonly AddedFlow[]
}

function startJob<J extends NewJob>(queue: string, job: J, describe: DescribeJob | undefined): [AddedJob, J] {
  const id = job.opts?.jobId
  const known = { name: job.name, data: job.data, ...(id === undefined ? undefined : { id }) }
  const added = startAdding(eventOf(queue, known, describe), job.opts)
  return [added, { ...job, opts: added.options }]
}

/** `queue.add(name, data, opts)`: one event is published. */
export function addOne(describe: DescribeJob | undefined): Invoke {
  return (self, args, original) => {
    const [name, data, opts, ...rest] = args
    const started = guard('bullmq.add', () =>
      startJob((self as QueueLike).name, { name: name as string, data, opts: opts as JobOptions }, describe),
    )
    if (started === undefined) return Reflect.apply(original, self, args)
    const [added, { opts: options }] = started
    const call = () => Reflect.apply(original, self, [name, data, options, ...rest]) as Promise<{ id?: unknown }>
    return whileAdding([added], call, (job) => setJobId(added, job))
  }
}

/** `queue.addBulk(jobs)`: one event for each. */
export function addMany(describe: DescribeJob | undefined): Invoke {
  return (self, args, original) => {
    const [jobs, ...rest] = args
    const started = guard('bullmq.addBulk', () =>
      (jobs as NewJob[]).map((job) => startJob((self as QueueLike).name, job, describe)),
    )
    if (started === undefined) return Reflect.apply(original, self, args)
    const added = started.map(([one]) => one)
    const call = () =>
      Reflect.apply(original, self, [started.map(([, job]) => job), ...rest]) as Promise<{ id?: unknown }[]>
    return whileAdding(added, call, (given) => added.forEach((one, index) => setJobId(one, given[index])))
  }
}

/** `flowProducer.add(flow)` and `addBulk(flows)`: one event for each job of the tree. */
export function addFlows(describe: DescribeJob | undefined): Invoke {
  return (self, args, original) => {
    const [flows, ...rest] = args
    const added: AddedJob[] = []
    const start = (flow: FlowJob): FlowJob => {
      const [one, copy] = startJob(flow.queueName, flow, describe)
      added.push(one)
      return flow.children === undefined ? copy : { ...copy, children: flow.children.map(start) }
    }
    const copies = guard('bullmq.addFlow', () =>
      Array.isArray(flows) ? (flows as FlowJob[]).map(start) : start(flows as FlowJob),
    )
    if (copies === undefined) {
      for (const { publishing } of added) publishing.end()
      return Reflect.apply(original, self, args)
    }
    const call = () => Reflect.apply(original, self, [copies, ...rest]) as Promise<AddedFlow | AddedFlow[]>
    return whileAdding(added, call, (given) => {
      const left = added.values()
      const setIds = ({ job, children = [] }: AddedFlow): void => {
        setJobId(left.next().value!, job)
        children.forEach(setIds)
      }
      ;[given].flat().forEach(setIds)
    })
  }
}
