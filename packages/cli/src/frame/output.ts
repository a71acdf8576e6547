import { stripVTControlCharacters, styleText } from 'node:util'

/** How a command ends. `usage` is for a command line that makes no sense. */
export const EXIT = { ok: 0, problem: 1, usage: 2 } as const

/** Where a command writes. */
export interface Output {
  line(text?: string): void
  error(text: string): void
  /** The text in a colour, where the output is a terminal that wants colours (NO_COLOR does not). */
  paint(colour: Colour, text: string): string
}

export type Colour = 'green' | 'yellow' | 'red' | 'dim' | 'bold'

/** The text as the stream takes it: colours only for a terminal whose user wants them. */
function suited(stream: NodeJS.WriteStream, text: string): string {
  return stream.isTTY && !process.env.NO_COLOR ? text : stripVTControlCharacters(text)
}

/** The process's own output. Nothing but lines: no spinner, no cursor movement, so that it reads well in a log. */
export const processOutput: Output = {
  line: (text = '') => void process.stdout.write(`${suited(process.stdout, text)}\n`),
  error: (text) => void process.stderr.write(`${suited(process.stderr, text)}\n`),
  paint: (colour, text) => styleText(colour, text, { stream: process.stdout }),
}
