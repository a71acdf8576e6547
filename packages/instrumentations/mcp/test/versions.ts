import * as client1 from '@modelcontextprotocol/sdk/client/index.js'
import * as memory1 from '@modelcontextprotocol/sdk/inMemory.js'
import * as server1 from '@modelcontextprotocol/sdk/server/mcp.js'
import * as client2 from '@modelcontextprotocol/client'
import * as server2 from '@modelcontextprotocol/server'
import type { Sdk } from './contract/modules.ts'

/** Both majors, loaded. */
export const versions: readonly (readonly [string, Sdk])[] = [
  ['SDK 1', { m0: client1, m1: server1, m2: memory1 }],
  ['SDK 2', { m0: client2, m1: server2 }],
]
