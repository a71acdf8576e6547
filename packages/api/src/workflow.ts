import { type Context, createContextKey } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_WORKFLOW_NAME,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
} from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { setContent } from './record-content.ts'

/** A composed process that the application enters: a graph, a crew, a run of several agents. */
export interface WorkflowOptions extends SpanOptions {
  /** Low-cardinality name; not the name of a framework's type. */
  readonly name: string
}

/** A workflow under way. */
export interface WorkflowHandle extends Handle {
  /** Messages as OpenTelemetry's schema has them. Content. */
  input(messages: unknown): void
  output(messages: unknown): void
}

const WORKFLOW = createContextKey('agentel.workflow.1')

/** Name of the workflow that is running, if any. */
export function getWorkflowName(context: Context): string | undefined {
  return context.getValue(WORKFLOW) as string | undefined
}

const concept = defineConcept<WorkflowOptions, Pick<WorkflowHandle, 'input' | 'output'>>({
  key: 'name',
  describe: ({ name }) => ({
    name: `invoke_workflow ${name}`,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
      [ATTR_GEN_AI_WORKFLOW_NAME]: name,
    },
  }),
  inside: (context, { name }) => context.setValue(WORKFLOW, name),
  begin: (operation) => ({
    methods: {
      input: (messages) => setContent(operation, ATTR_GEN_AI_INPUT_MESSAGES, messages),
      output: (messages) => setContent(operation, ATTR_GEN_AI_OUTPUT_MESSAGES, messages),
    },
  }),
})

/**
 * A workflow: span `invoke_workflow {name}`.
 *
 * @example
 * await workflow('research desk', () => desk.run(question))
 */
export const workflow: Runner<WorkflowOptions, WorkflowHandle> = concept.run
/** Starts a workflow by hand; see {@link workflow}. */
export const startWorkflow: Starter<WorkflowOptions, WorkflowHandle> = concept.start
/** Makes every call of a function a workflow; see {@link workflow}. */
export const wrapWorkflow: Wrapper<WorkflowOptions> = concept.wrap
