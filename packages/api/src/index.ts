export { getChunkGaps, setChunkGaps } from './chunk-gaps.ts'
export { type Carrier, extractContext, injectContext } from './carrier.ts'
export {
  CONTENT_VARIABLE,
  type ContentCapture,
  type ContentSettings,
  capturesOnEvents,
  capturesOnSpans,
  configureContent,
  contentPreview,
  contentSettings,
  contentText,
  spanContent,
  structuredContent,
} from './content-capture.ts'
export { type CallRequest, type Gate, GateError, addGate, beforeCall, isGateError } from './gates.ts'
export { type ErrorCategory, type ErrorDescription, cut, describeError } from './describe-error.ts'
export { faultCounts, guard, guardPromise, recordFault, resetFaults } from './guard.ts'
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
export { type EmitOptions, SEVERITY, emitEvent, hasLoggerProvider } from './log-events.ts'
export { type Operation, type OperationOptions, runOperation, startOperation } from './operation.ts'
export type { FailOptions } from './record-failure.ts'
