/**
 * What observing a call of Anthropic's client costs, beside the instrumentations that support it (0.132, the last line
 * without spans of its own): `node --conditions=@agentel/source bench/overhead/anthropic.ts [rounds] [calls]`.
 *
 * Writes bench/results/overhead-anthropic.json.
 */
import { measureBesidePeers } from './beside-peers.ts'

const rounds = Number(process.argv[2] ?? 5)
const calls = Number(process.argv[3] ?? 4000)

measureBesidePeers({
  matrix: 'anthropic0',
  name: 'anthropic',
  ours: 'anthropic-agentel',
  // OpenLLMetry 0.27 throws when it is given a client without `Completions`, which went before 0.132.
  peers: ['anthropic-openinference'],
  operations: { messages: calls, 'message stream': Math.ceil(calls / 2) },
  rounds,
  command: `node --conditions=@agentel/source bench/overhead/anthropic.ts ${rounds} ${calls}`,
})
