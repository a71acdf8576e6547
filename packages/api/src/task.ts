import {
  ATTR_AGENTEL_DURATION,
  ATTR_AGENTEL_ERROR_CATEGORY,
  ATTR_AGENTEL_TASK_ID,
  ATTR_AGENTEL_TASK_NAME,
  ATTR_AGENTEL_TASK_PARAMETERS,
  ATTR_AGENTEL_TASK_RESULT,
  ATTR_AGENTEL_TASK_TYPE,
  ATTR_ERROR_TYPE,
  EVENT_AGENTEL_TASK_COMPLETED,
  EVENT_AGENTEL_TASK_FAILED,
  EVENT_AGENTEL_TASK_STARTED,
} from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { SEVERITY, emitEvent } from './log-events.ts'
import { argumentsContent, eventContent, setContent } from './record-content.ts'

/** A unit of an agent's work, finer than an invocation of the agent. */
export interface TaskOptions extends SpanOptions {
  /** Low-cardinality name: `summarize`. */
  readonly name: string
  readonly id?: string
  /** Kind of the task: `research`. */
  readonly type?: string
  /** Content; the arguments, for a wrapped function. */
  readonly parameters?: unknown
}

/** A task under way. */
export interface TaskHandle extends Handle {
  /** What came out of it. Content. The callback form records what the callback gives. */
  result(value: unknown): void
}

const concept = defineConcept<TaskOptions, Pick<TaskHandle, 'result'>>({
  key: 'name',
  describe: (options) => ({ name: `task ${options.name}`, attributes: attributesOf(options) }),
  begin(operation, options) {
    const { context } = operation
    const { parameters } = options
    let result: unknown
    setContent(operation, ATTR_AGENTEL_TASK_PARAMETERS, parameters)
    emitEvent(
      EVENT_AGENTEL_TASK_STARTED,
      { ...attributesOf(options), ...eventContent(ATTR_AGENTEL_TASK_PARAMETERS, parameters, context) },
      { severity: SEVERITY.INFO, context },
    )
    return {
      methods: {
        result(value) {
          result = value
          setContent(operation, ATTR_AGENTEL_TASK_RESULT, value)
        },
      },
      onEnd({ seconds, failure }) {
        const attributes = { ...attributesOf(options), [ATTR_AGENTEL_DURATION]: seconds }
        if (failure === undefined) {
          const content = eventContent(ATTR_AGENTEL_TASK_RESULT, result, context)
          emitEvent(EVENT_AGENTEL_TASK_COMPLETED, { ...attributes, ...content }, { severity: SEVERITY.INFO, context })
          return
        }
        const { type, category } = failure
        emitEvent(
          EVENT_AGENTEL_TASK_FAILED,
          { ...attributes, [ATTR_ERROR_TYPE]: type, [ATTR_AGENTEL_ERROR_CATEGORY]: category },
          { severity: SEVERITY.ERROR, context },
        )
      },
    }
  },
  fromArguments: (args) => ({ parameters: argumentsContent(args) }),
  onResult: (handle, value) => handle.result(value),
})

function attributesOf({ id, name, type }: TaskOptions): Record<string, unknown> {
  return { [ATTR_AGENTEL_TASK_ID]: id, [ATTR_AGENTEL_TASK_NAME]: name, [ATTR_AGENTEL_TASK_TYPE]: type }
}

/**
 * A task: span `task {name}`, events `agentel.task.started` and `.completed` or `.failed`.
 *
 * @example
 * const summary = await task('summarize', () => summarize(documents))
 * @example
 * class Writer {
 *   \@task({ type: 'writing' })
 *   async draft(outline: string) { … }
 * }
 */
export const task: Runner<TaskOptions, TaskHandle> = concept.run
/** Starts a task by hand; see {@link task}. */
export const startTask: Starter<TaskOptions, TaskHandle> = concept.start
/** Makes every call of a function a task; see {@link task}. */
export const wrapTask: Wrapper<TaskOptions> = concept.wrap
