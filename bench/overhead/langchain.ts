/**
 * What observing LangChain costs, beside the instrumentations that support it, over one client of one model:
 * `node --conditions=@agentel/source bench/overhead/langchain.ts [rounds] [calls]`.
 *
 * Writes bench/results/overhead-langchain.json.
 */
import { measureBesidePeers } from './beside-peers.ts'

const rounds = Number(process.argv[2] ?? 5)
const calls = Number(process.argv[3] ?? 3000)

measureBesidePeers({
  matrix: 'langchain1',
  name: 'langchain',
  ours: 'langchain-agentel',
  peers: ['langchain-openinference', 'langchain-openllmetry'],
  operations: { invoke: calls, stream: Math.ceil(calls / 2), graph: Math.ceil(calls / 3) },
  rounds,
  command: `node --conditions=@agentel/source bench/overhead/langchain.ts ${rounds} ${calls}`,
})
