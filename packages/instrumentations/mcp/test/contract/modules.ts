/** What the scenarios use of either major version: client, server, transports in memory, over stdio and over HTTP. */
export const MODULES = {
  1: [
    '@modelcontextprotocol/sdk/client/index.js',
    '@modelcontextprotocol/sdk/server/mcp.js',
    '@modelcontextprotocol/sdk/inMemory.js',
    '@modelcontextprotocol/sdk/client/stdio.js',
    '@modelcontextprotocol/sdk/client/streamableHttp.js',
  ],
  2: ['@modelcontextprotocol/client', '@modelcontextprotocol/server', '@modelcontextprotocol/client/stdio'],
} as const

/** The namespaces of a version's modules, by place. */
export type Sdk = Readonly<Record<`m${number}`, Readonly<Record<string, unknown>>>>

/** An export of any of the modules. */
export function exported<T>(sdk: Sdk, name: string): T {
  for (const namespace of Object.values(sdk)) if (namespace[name] !== undefined) return namespace[name] as T
  throw new Error(`none of the modules exports ${name}`)
}

/** SDK 2 takes schemas as objects, and no schema of the result. */
export const isNewer = (sdk: Sdk): boolean => sdk.m0?.SdkError !== undefined
