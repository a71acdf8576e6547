import { plainPipeline } from '../pipeline.ts'

export function install(
  sdk: any,
  _openai: any,
  require: NodeJS.Require,
): { shutdown(): Promise<void>; wrapClient(client: any): any } {
  const pipeline = plainPipeline(sdk)
  const { observeOpenAI } = require('@langfuse/openai')
  return { ...pipeline, wrapClient: (client: any) => observeOpenAI(client) }
}
