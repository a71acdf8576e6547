export { aiProviderName } from './ai-provider-name.ts'
export { type ContentFiles, type ContentFilesOptions, keepContentInFiles } from './content-files.ts'
export { type Abandonable, cutTie, endWhenCollected, type Tie } from './abandoned.ts'
export type { CallRecording } from './call-recording.ts'
export { observeClientCall, passGates, startCallRecording } from './client-call.ts'
export { type Endpoint, readEndpoint } from './endpoint.ts'
export type { HookReport } from './hook-report.ts'
export { type InstrumentationConfig, KitInstrumentation } from './kit-instrumentation.ts'
export { type CallObserver, observeApiPromise } from './observe-api-promise.ts'
export type { Content, Destination, OperationReaders, Outcome, RequestFacts } from './operation-readers.ts'
export {
  blobPart,
  bytesPart,
  filePart,
  mediaPart,
  type Message,
  type Part,
  parseJson,
  textPart,
  toolCallPart,
  toolDefinitions,
  toolResultPart,
} from './message-parts.ts'
export { callOwner, type CallOwner, spanOfOwner, withCallOwner } from './ownership.ts'
export type { Invoke, Method, ModuleExports, Patch, PatchRuntime, PatchTable, PatchTarget } from './patch-table.ts'
export { hookModule, type LoadedModule, type ModuleHook } from './module-hooks.ts'
export { isTappableStream, type StreamObserver, type TappableStream, tapStream } from './stream-tap.ts'
export { setServiceTier } from './service-tier.ts'
export { setNumber, setPart, setString, setStrings } from './set-attribute.ts'
