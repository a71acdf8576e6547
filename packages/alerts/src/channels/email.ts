import { connect, type Socket } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Channel } from '../channel.ts'
import { bodyOf, titleOf } from '../notification-text.ts'
import { ChannelError, type Environment, needSecret, readSecret } from '../secret.ts'

const patience = 10_000

/**
 * E-mail over SMTP: SMTP_SERVER, SMTP_PORT (587), SMTP_USER and SMTP_PASSWORD (both or none; also SMTP_PASSWORD_FILE),
 * ALERT_FROM_EMAIL, ALERT_TO_EMAILS (comma-separated). Port 465 speaks TLS from the start; on others the server's
 * STARTTLS is used, and a password is sent only over TLS or to this machine.
 * @throws ChannelError when one is not set.
 */
export function emailChannel(environment: Environment = process.env): Channel {
  const host = needSecret('SMTP_SERVER', environment)
  const port = Number(environment['SMTP_PORT'] ?? 587)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new ChannelError('SMTP_PORT is not a port (1 to 65535)', { type: 'configuration' })
  const user = readSecret('SMTP_USER', environment)
  const from = needSecret('ALERT_FROM_EMAIL', environment)
  const to = needSecret('ALERT_TO_EMAILS', environment)
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)
  const settings = {
    host,
    port,
    secure: port === 465,
    // A server that says nothing must not keep its socket longer than an attempt may take.
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    requireTLS: user !== undefined && !isLoopback,
    ...(user === undefined ? undefined : { auth: { user, pass: needSecret('SMTP_PASSWORD', environment) } }),
  }
  return {
    name: 'email',
    async send(notification, signal) {
      let socket: Socket | undefined
      try {
        socket = await connected(host, port, signal)
        const transport = createTransport({ ...settings, connection: socket })
        await transport.sendMail({ from, to, subject: titleOf(notification), text: bodyOf(notification) })
      } catch (error) {
        throw mailFault(error as { code?: unknown; responseCode?: unknown })
      } finally {
        socket?.destroy()
      }
    },
  }
}

/** A connection that ends with the attempt, whatever the server does: a transport by itself would leave it open. */
function connected(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal })
    socket.once('connect', () => {
      socket.removeListener('error', reject)
      // Nobody may listen any more when the attempt is over.
      socket.on('error', () => undefined)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** The server's own words may repeat what we sent, credentials included: only its code is told. */
function mailFault({ code, responseCode }: { code?: unknown; responseCode?: unknown }): ChannelError {
  const answered = typeof responseCode === 'number' ? String(responseCode) : undefined
  const type = answered ?? (typeof code === 'string' ? code : 'smtp')
  const retry = code !== 'EAUTH' && (answered === undefined || answered.startsWith('4'))
  return new ChannelError(`the mail server refused or was not reached (${type})`, { type, retry })
}
