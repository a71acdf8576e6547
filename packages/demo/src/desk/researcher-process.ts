import type { AddressInfo } from 'node:net'
import { heedLauncher, tellLauncher } from '../stage/launcher-link.ts'
import { createResearcherServer } from './researcher-server.ts'

const server = createResearcherServer()

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  tellLauncher({ type: 'ready', url: `http://127.0.0.1:${port}` })
})

heedLauncher(({ type }) => {
  if (type !== 'stop') return
  server.close()
  server.closeIdleConnections()
  if (process.connected) process.disconnect()
})
