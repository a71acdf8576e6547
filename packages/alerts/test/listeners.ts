import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** One request as it came. */
export interface Received {
  headers: IncomingHttpHeaders
  body: string
}

/**
 * An HTTP server on loopback; `answers` are the statuses in order, 200 afterwards. 'hang' never answers, the body
 * of a 299 has no end, and a redirect leads to the server itself.
 */
export async function listenHttp(
  answers: (number | 'hang')[] = [],
): Promise<{ url: string; received: Received[]; close(): Promise<void> }> {
  const received: Received[] = []
  const server = createHttpServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body })
      const answer = answers.shift() ?? 200
      if (answer === 'hang') return
      response.writeHead(answer, answer >= 300 && answer < 400 ? { location: '/' } : {})
      if (answer === 299) response.write('endless'.repeat(100_000))
      else response.end('ok')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`,
    received,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** As {@link listenHttp}, until the test that asks has ended. */
export async function listenHttpForTest(answers?: (number | 'hang')[]): ReturnType<typeof listenHttp> {
  const server = await listenHttp(answers)
  onTestFinished(server.close)
  return server
}

/** An SMTP server on loopback that takes every mail, or answers `refusal` to each recipient. */
export async function listenSmtp(
  refusal?: string,
): Promise<{ port: number; mails: string[]; commands: string[]; close(): Promise<void> }> {
  const mails: string[] = []
  const commands: string[] = []
  const server = createTcpServer((socket) => {
    let [held, inData] = ['', false]
    const say = (line: string): void => void socket.write(`${line}\r\n`)
    const obey = (line: string): void => {
      commands.push(line)
      if (line.startsWith('EHLO')) socket.write('250-localhost\r\n250 AUTH PLAIN\r\n')
      else if (line.startsWith('AUTH')) say('235 ok')
      else if (line.startsWith('RCPT') && refusal !== undefined) say(refusal)
      else if (line === 'DATA') {
        inData = true
        say('354 go on')
      } else if (line === 'QUIT') socket.end('221 bye\r\n')
      else say('250 ok')
    }
    say('220 localhost')
    socket.on('error', () => socket.destroy())
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      held += chunk
      for (;;) {
        const end = held.indexOf(inData ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const text = held.slice(0, end)
        held = held.slice(end + (inData ? 5 : 2))
        if (!inData) obey(text)
        else {
          inData = false
          mails.push(text)
          say('250 taken')
        }
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    commands,
    async close() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** An SMTP server that greets and then says one character from time to time, for ever. */
export async function listenSlowSmtp(): Promise<{ port: number; open(): number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.write('220 localhost\r\n')
    const drip = setInterval(() => socket.write('2'), 20)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(drip)
      sockets.delete(socket)
    })
    socket.resume()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
