// host.mjs LINE MODE: the host's set-up of the SDK line, with ours in one of the ways in which it may be there.
import { report } from './report.mjs'

const [, , line, mode] = process.argv
const { setUp } = await import(`./host-set-up-${line}.mjs`)

const modes = {
  // Nothing of ours; with --import, ours is there before.
  alone: async () => setUp(),
  // Our processors in the host's own set-up.
  plugged: async () => {
    const { agentelSpanProcessor, startAgentel } = await import('@agentel/sdk')
    const host = setUp([agentelSpanProcessor()])
    startAgentel()
    return host
  },
  // Ours started, then the host.
  first: async () => {
    const { startAgentel } = await import('@agentel/sdk')
    startAgentel()
    return setUp()
  },
  // The host, then ours.
  last: async () => {
    const host = setUp()
    const { startAgentel } = await import('@agentel/sdk')
    startAgentel()
    return host
  },
}

const host = await modes[mode]()
const { work } = await import('./work.mjs')
await work(host.emit)
report(host.spans(), host.logs())
