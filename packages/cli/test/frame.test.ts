/** What all verbs have in common: help, exit codes, JSON, tables, moments, addresses, and scripts that complete them. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { ArgsDef, CommandDef } from 'citty'
import { describe, expect, it, vi } from 'vitest'
import { agentelCommand } from '../src/agentel-command.ts'
import { command, group, runCommandLine, subCommandsOf } from '../src/frame/command-line.ts'
import { completionScript } from '../src/frame/completion.ts'
import { processOutput, type Output } from '../src/frame/output.ts'
import { askConsole, consoleAddress, withSource } from '../src/frame/source.ts'
import { oneLine, printTable } from '../src/frame/text-table.ts'
import { windowOf } from '../src/frame/window.ts'
import { runHere } from './run-here.ts'

const kept: string[] = []
const output: Output = {
  line: (text = '') => void kept.push(text),
  error: (text) => void kept.push(`! ${text}`),
  paint: (_, text) => text,
}
const printed = (): string[] => kept.splice(0)

/** Every command that does something, with the words that name it. */
function leaves(of: CommandDef, path: readonly string[] = []): [path: string, command: CommandDef][] {
  const held = Object.entries(subCommandsOf(of))
  if (held.length === 0) return [[path.join(' '), of]]
  return held.flatMap(([name, inner]) => leaves(inner, [...path, name]))
}
const all = leaves(agentelCommand(output))

/** What they print is for a machine anyway, or comes from a command of its own. */
const WITHOUT_JSON = new Set(['demo', 'completion', 'rules prometheus'])

describe('every verb', () => {
  it.each(all.map(([path]) => path).filter((path) => path !== 'demo'))(
    '%s explains itself with an example, in lines that end where they end',
    async (path) => {
      const { code, stdout, stderr } = await runHere([...path.split(' '), '--help'])
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(new RegExp(`EXAMPLES\\n\\n {2}.*agentel ${path}`))
      expect(stdout).not.toMatch(/ \n/)
    },
  )

  it('can print JSON', () => {
    const without = all.filter(([, { args }]) => !('json' in ((args ?? {}) as ArgsDef))).map(([path]) => path)
    expect(new Set(without)).toEqual(WITHOUT_JSON)
  })

  it('is in the help of the whole, which has examples too', async () => {
    const { stdout } = await runHere([])
    for (const name of new Set(all.map(([path]) => path.split(' ')[0]))) expect(stdout).toMatch(new RegExp(` ${name} `))
    expect(stdout).toContain('\nEXAMPLES\n\n  agentel demo ')
    expect(await runHere(['-h'])).toMatchObject({ code: 0, stdout })
  })
})

describe('a command line', () => {
  it.each([
    [['tracs'], 'there is no command "tracs"; did you mean "traces"?', []],
    [['reprot'], 'there is no command "reprot"; did you mean "report"?', []],
    [['trade'], 'there is no command "trade"; did you mean "trace"?', []],
    [['condor'], 'there is no command "condor"', []],
    [['alerts', 'resolv', 'x'], 'there is no command "x"', ['alerts']],
    [['config'], 'say which: check', ['config']],
    [['cost', '--colour'], '--colour is no option here', ['cost']],
    [['cost', 'me'], '"me" is a word too many', ['cost']],
    [['trace', 'a', 'b'], '"b" is a word too many', ['trace']],
    [['alerts', 'silence', '--for', 'ever'], '--for is "ever"; give 30m, 2h or 1d', ['alerts', 'silence']],
    [['watch', '--rows', '0'], '--rows is "0"; it must be a whole number above 0', ['watch']],
    // Either way of writing an option is understood.
    [['console', '--maxAge', '9999'], '--max-age is "9999"; it must be a number above 0, at most 3650', ['console']],
    [['forget', '--user', ''], '--user is empty', ['forget']],
    [['cost', '--url', 'ftp://x'], '--url is "ftp://x"; give an address such as http://127.0.0.1:4318', ['cost']],
  ])('that makes no sense is told so, and ends with 2: %j', async (words, message, path) => {
    const { code, stdout, stderr } = await runHere(words)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe(`agentel: ${message}\n${['agentel', ...path, '--help'].join(' ')}\n`)
  })

  it.each([
    [['alerts', '--data', 'x'], 'alerts list'],
    [['rules', '--json'], 'rules list'],
    [['audit', '--file', 'x'], 'audit query'],
  ])('that names no command of several means the usual one: %j', async (words, meant) => {
    const [first, ...rest] = words
    expect(await runHere(words)).toEqual(await runHere([first!, meant.split(' ')[1]!, ...rest]))
  })

  it('ends with what the command gives, with 1 for a fault, and shows where a fault of its own is', async () => {
    const failing = (run: () => number) => command({ name: 'x', description: '', args: {}, run })
    const root = (run: () => number) => group({ name: 'agentel', description: '', version: '1' }, { x: failing(run) })
    const say = (run: () => number) => runCommandLine(root(run), ['x'], output)
    expect([await say(() => 3), printed()]).toEqual([3, []])
    const broken = () => {
      throw new Error('the disk is full')
    }
    expect([await say(broken), printed()]).toEqual([1, ['! agentel: the disk is full']])
    const faulty = () => {
      throw new TypeError('x is no function')
    }
    expect(await say(faulty)).toBe(1)
    expect(printed()[0]).toMatch(/^! agentel: TypeError: x is no function\n +at faulty/)
  })
})

describe('text', () => {
  it('stands in columns, numbers at the right, without trailing blanks', () => {
    printTable(
      [{ title: 'n', align: 'right' }, { title: 'name' }, { title: 'what' }],
      [
        ['1', 'a', 'x'],
        ['100', 'longer', ''],
      ],
      output,
    )
    expect(printed()).toEqual(['  n  name    what', '  1  a       x', '100  longer'])
  })

  it('of telemetry is one line that moves no cursor, cut by characters and not inside one', () => {
    expect(oneLine('a\u001B[2Jb\u202Ec\nd\u2028e', 80)).toBe('ab c d e')
    expect(oneLine('😀😀😀', 2)).toBe('😀…')
    expect(oneLine('  abc  ', 3)).toBe('abc')
  })

  it('has colours on a terminal only, and not for those who want none', () => {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
    const tty = process.stdout.isTTY
    const said = (isTTY: boolean, noColour: string): unknown => {
      process.stdout.isTTY = isTTY
      process.env.NO_COLOR = noColour
      processOutput.line('\u001B[31mred\u001B[39m')
      return write.mock.lastCall?.[0]
    }
    const before = process.env.NO_COLOR
    const all = [said(true, ''), said(true, '1'), said(false, '')]
    process.stdout.isTTY = tty
    if (before === undefined) delete process.env.NO_COLOR
    else process.env.NO_COLOR = before
    write.mockRestore()
    expect(all).toEqual(['\u001B[31mred\u001B[39m\n', 'red\n', 'red\n'])
  })
})

describe('a window of time', () => {
  it('is an age or a date at either end', () => {
    expect(windowOf({ since: '6h' })).toEqual({ from: '-6h' })
    expect(windowOf({ since: '2026-11-21T10:00Z', until: '30m' })).toEqual({
      from: String(Date.UTC(2026, 10, 21, 10)),
      to: '-30m',
    })
    expect(() => windowOf({ since: '24h', until: 'noon' })).toThrow('--until is "noon"; give an age such as 30m')
  })
})

describe('the console', () => {
  it('is where the command line says, then the environment, then the usual address', () => {
    expect(consoleAddress({}, {})).toEqual({ url: 'http://127.0.0.1:4318', headers: {}, named: false })
    const env = { AGENTEL_CONSOLE_URL: 'http://a:1/?token=t', AGENTEL_CONSOLE_TOKEN: undefined }
    expect(consoleAddress({}, env)).toEqual({ url: 'http://a:1', headers: { authorization: 'Bearer t' }, named: true })
    expect(consoleAddress({ url: 'https://b', token: 'u' }, { ...env, AGENTEL_CONSOLE_TOKEN: 'v' })).toEqual({
      url: 'https://b',
      headers: { authorization: 'Bearer u' },
      named: true,
    })
  })

  it('answers with its reason, and something else with what it is', async () => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/json' ? 400 : 404)
      response.end(request.url === '/json' ? '{"error":{"message":"limit=0: give 1 to 500"}}' : '<html>')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(askConsole(`${url}/json`, {})).rejects.toThrow(/^limit=0: give 1 to 500$/)
    await expect(askConsole(`${url}/x`, {})).rejects.toThrow(`${url} answered 404; is it an agentel console?`)
    server.close()
    server.closeAllConnections()
    await expect(askConsole(`${url}/x`, {})).rejects.toThrow(`no console answers at ${url}. Start one with`)
  })

  it('is asked with all values of a list, and without those that were not given', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end('{}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await withSource({ url }, (source) => source.get('/api/x', { a: ['1', '2'], b: undefined, c: '', d: 3 }))
    await withSource({ url }, (source) => source.get('/api/y'))
    expect(asked).toEqual(['/api/x?a=1&a=2&d=3', '/api/y'])
    server.close()
    server.closeAllConnections()
  })
})

describe('completion', () => {
  const root = group(
    { name: 'agentel', description: '' },
    {
      say: command({
        name: 'say',
        description: "It's: said",
        args: { word: { type: 'positional' }, loud: { type: 'boolean', description: 'Loudly' } },
        run: () => 0,
      }),
      more: group(
        { name: 'more', description: 'More' },
        { one: command({ name: 'one', description: 'One', args: {}, run: () => 0 }) },
      ),
    },
  )

  it('for zsh describes words and options by what was typed before', () => {
    const script = completionScript(root, 'zsh')
    expect(script).toContain(`    '') found=('say:It'\\''s\\: said' 'more:More' '--help:Explain the command') ;;`)
    expect(script).toContain(`    'say') found=('--loud:Loudly' '--help:Explain the command') ;;`)
    expect(script).toContain(`    'more one') found=('--help:Explain the command') ;;`)
  })

  it('for fish has a line for each word and option', () => {
    expect(completionScript(root, 'fish').trimEnd().split('\n').slice(1)).toEqual([
      `complete -c agentel -n '__fish_use_subcommand' -f -a say -d 'It'\\''s: said'`,
      `complete -c agentel -n '__fish_use_subcommand' -f -a more -d 'More'`,
      `complete -c agentel -n '__fish_use_subcommand' -l help -d 'Explain the command'`,
      `complete -c agentel -n '__fish_seen_subcommand_from say' -l loud -d 'Loudly'`,
      `complete -c agentel -n '__fish_seen_subcommand_from say' -l help -d 'Explain the command'`,
      `complete -c agentel -n '__fish_seen_subcommand_from more' -f -a one -d 'One'`,
      `complete -c agentel -n '__fish_seen_subcommand_from more' -l help -d 'Explain the command'`,
      `complete -c agentel -n '__fish_seen_subcommand_from more; and __fish_seen_subcommand_from one' -l help -d 'Explain the command'`,
    ])
  })
})
