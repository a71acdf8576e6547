import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const server = new McpServer({ name: 'forecasts', version: '1.0.0' })
const tool = { description: 'The weather in a city tomorrow.', inputSchema: { city: z.string() } }
server.registerTool('forecast', tool, ({ city }) => ({
  content: [{ type: 'text', text: `rain in ${city} from nine to five` }],
}))
await server.connect(new StdioServerTransport())
