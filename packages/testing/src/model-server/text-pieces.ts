import type { Reply } from './reply.ts'

/** The pieces in which a text is streamed: as the reply says, else word by word. */
export function textPieces(reply: Reply, text: string): readonly string[] {
  return reply.chunks ?? text.match(/\s*\S+\s*$|\s*\S+/g) ?? (text === '' ? [] : [text])
}

/** The pieces in which a tool call's arguments are streamed; cut anywhere, as the service does. */
export function argumentPieces(text: string): readonly string[] {
  return text.match(/[\s\S]{1,9}/g) ?? []
}
