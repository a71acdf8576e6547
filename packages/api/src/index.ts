export { eventContentAttributes, spanContentAttributes } from './content-budget.ts'
export {
  addContentHook,
  type ContentHook,
  type ContentRoute,
  contentRoute,
  hasContentHooks,
  type HookedContent,
  runContentHooks,
} from './content-hooks.ts'
export { hashOf } from './hash-of.ts'
export { replaceMedia } from './media-reference.ts'
export {
  type BusinessMetric,
  type BusinessMetricKind,
  recordBusinessMetric,
  recordServiceLevel,
} from './business-metric.ts'
export { addToTally } from './agent-tally.ts'
export { type AgentHandle, type AgentOptions, agent, startAgent, wrapAgent } from './agent.ts'
export {
  type BusEventOptions,
  type ProcessEventHandle,
  processEvent,
  publishEvent,
  startProcessEvent,
  startPublishEvent,
  wrapProcessEvent,
  wrapPublishEvent,
} from './bus-event.ts'
export { type StagedEvent, type StagedEventOptions, event } from './staged-event.ts'
export { getTransaction } from './transaction.ts'
export { emitRequest, emitResponse } from './call-events.ts'
export { type Carrier, extractContext, injectContext } from './carrier.ts'
export { bindOfferedCall, claimCall, offerCall } from './claimable-call.ts'
export { getChunkGaps, setChunkGaps } from './chunk-gaps.ts'
export type { Handle, MethodDecorator, Runner, SpanOptions, Starter, Wrapper } from './concept.ts'
export {
  CONTENT_VARIABLE,
  type ContentCapture,
  type ContentSettings,
  type ShortContent,
  capturesOnEvents,
  capturesOnSpans,
  contentCapture,
  configureContent,
  contentSettings,
  contentText,
  reachesEvents,
  reachesSpans,
  shortContent,
} from './content-capture.ts'
export { isDebug, withDebug } from './debug.ts'
export { type CustomSpanOptions, span, startSpan, wrapSpan } from './custom-span.ts'
export {
  type DecisionHandle,
  type DecisionOptions,
  type DecisionOutcome,
  decision,
  recordDecision,
  startDecision,
  wrapDecision,
} from './decision.ts'
export { type ErrorCategory, type ErrorDescription, cut, describeError } from './describe-error.ts'
export { type Feedback, recordFeedback } from './feedback.ts'
export { type CallRequest, type Gate, GateError, addGate, beforeCall, hasGates, isGateError } from './gates.ts'
export {
  type GenerationHandle,
  type GenerationOptions,
  type GenerationResponse,
  generation,
  startGeneration,
  wrapGeneration,
} from './generation.ts'
export { type HiddenField, hiddenField } from './hidden-field.ts'
export { catchUpSpans, mayBeLate } from './late-spans.ts'
export { type PutOff, putOff } from './put-off.ts'
export { type MovingContext, settledContext } from './starting-context.ts'
export { isTracingSuppressed, withoutTracing } from './suppressed.ts'
export { switchWord } from './switch-word.ts'
export { countLoss, lossCounts } from './losses.ts'
export { cleanFaultsBy, faultCounts, guard, guardPromise, recordFault, resetFaults } from './guard.ts'
export { isDiagHeard } from './provider-registry.ts'
export {
  type GuardrailHandle,
  type GuardrailOptions,
  type GuardrailResult,
  guardrail,
  startGuardrail,
  wrapGuardrail,
} from './guardrail.ts'
export { type HandoffOptions, type Transfer, handoff, markHandoff, startHandoff, wrapHandoff } from './handoff.ts'
export { type IdentityPropagatorOptions, identityPropagator } from './identity-propagator.ts'
export {
  type Identity,
  getAgentName,
  getIdentity,
  identityAttributes,
  setAgentName,
  setIdentity,
  withIdentity,
} from './identity.ts'
export { type InnerSpanReceiver, offerInnerSpan, withInnerSpanReceiver } from './inner-span.ts'
export { type EmitOptions, emitLogLine, type LogLine, SEVERITY, emitEvent, hasLoggerProvider } from './log-events.ts'
export {
  type MessageOptions,
  type ReceiveOptions,
  type SendOptions,
  receiveMessage,
  sendMessage,
  startReceiveMessage,
  startSendMessage,
  wrapReceiveMessage,
  wrapSendMessage,
} from './message.ts'
export {
  type Last,
  type Operation,
  type OperationOptions,
  type OperationOutcome,
  runOperation,
  startOperation,
} from './operation.ts'
export { type PerformanceAlert, recordPerformanceAlert } from './performance-alert.ts'
export { setPlainAttribute } from './plain-attributes.ts'
export { type PlanOptions, plan, startPlan, wrapPlan } from './plan.ts'
export { eventContent, eventExcerpt, setContent } from './record-content.ts'
export type { FailOptions, Failure } from './record-failure.ts'
export { type ResourceAccess, recordResourceAccess } from './resource-access.ts'
export { type ResponseHandle, type ResponseOptions, response, startResponse, wrapResponse } from './response.ts'
export { type RetrievalHandle, type RetrievalOptions, retrieval, startRetrieval, wrapRetrieval } from './retrieval.ts'
export {
  type SecurityCheckHandle,
  type SecurityCheckOptions,
  securityCheck,
  startSecurityCheck,
  wrapSecurityCheck,
} from './security-check.ts'
export { type SecurityEvent, recordSecurityEvent } from './security-event.ts'
export { type StateChange, recordStateChange } from './state-change.ts'
export { type TaskHandle, type TaskOptions, startTask, task, wrapTask } from './task.ts'
export { type ToolHandle, type ToolOptions, recordToolDecision, startTool, tool, wrapTool } from './tool.ts'
export { type TraceOptions, withTrace } from './trace-name.ts'
export { type Usage, usageAttributes } from './usage.ts'
export { type WorkerOptions, startWorker, worker, wrapWorker } from './worker.ts'
export {
  type WorkflowHandle,
  type WorkflowOptions,
  getWorkflowName,
  startWorkflow,
  workflow,
  wrapWorkflow,
} from './workflow.ts'
export { getThreadOwner, ownThread } from './thread-owner.ts'
