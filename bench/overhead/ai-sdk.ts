/**
 * What observing the AI SDK costs, beside what supports it: the SDK's own `@ai-sdk/otel`, and OpenInference on top of it:
 * `node --conditions=@agentel/source bench/overhead/ai-sdk.ts [rounds] [calls]`.
 *
 * Writes bench/results/overhead-ai-sdk.json.
 */
import { measureBesidePeers } from './beside-peers.ts'

const rounds = Number(process.argv[2] ?? 5)
const calls = Number(process.argv[3] ?? 3000)

measureBesidePeers({
  matrix: 'ai-sdk7',
  name: 'ai-sdk',
  ours: 'ai-sdk-agentel',
  // OpenLLMetry has no instrumentation of the AI SDK.
  peers: ['ai-sdk-otel', 'ai-sdk-openinference'],
  operations: { generate: calls, 'text stream': Math.ceil(calls / 2) },
  rounds,
  command: `node --conditions=@agentel/source bench/overhead/ai-sdk.ts ${rounds} ${calls}`,
})
