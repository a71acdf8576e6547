import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder: string

/** An application of its own, with packages to hook: dual, ES module only, of plain functions, and none of ours. */
beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'agentel-hooks-'))
  writePackage('dual', {
    'package.json': {
      version: '3.2.1',
      exports: { '.': { import: './index.mjs', require: './index.js' }, './inner': './inner.js' },
    },
    'index.mjs': `export class Client { answer() { return 'esm' } }\nexport const answer = () => new Client().answer()\nexport default Client\n//# sourceMappingURL=none`,
    'index.js': `exports.answer = () => 'cjs'; exports.Client = class Client {}\n`,
    'inner.js': `exports.answer = () => 'inner'\n`,
  })
  writePackage('@scope/modern', {
    'package.json': { version: '1.0.0', type: 'module', exports: './index.js' },
    'index.js': `export class Client { answer() { return 'modern' } }\nexport const answer = () => 'modern'\n`,
  })
  writePackage('moved', {
    'package.json': { version: '9.0.0', exports: { import: './lib/main.mjs', require: './lib/main.cjs' } },
    'lib/main.mjs': `import './part.mjs'\nexport const answer = () => 'moved esm'\n`,
    'lib/part.mjs': `export const part = 1\n`,
    'lib/main.cjs': `require('./part.cjs'); exports.answer = () => 'moved cjs'\n`,
    'lib/part.cjs': `exports.part = 1\n`,
  })
  writePackage('other', {
    'package.json': { version: '1.0.0', main: 'index.js' },
    'index.js': `exports.answer = () => 'other'\n`,
  })
  const plain = `function answer() { return FORMAT }\nfunction ask() { return 'I am told: ' + answer() }\nconst fixed = () => FORMAT\n`
  writePackage('plain', {
    'package.json': { version: '2.0.0', exports: { import: './index.mjs', require: './index.cjs' } },
    'index.mjs': `${plain.replaceAll('FORMAT', "'esm'")}export { answer, ask, fixed, answer as other }`,
    'index.cjs': `${plain.replaceAll('FORMAT', "'cjs'")}Object.defineProperty(exports, 'answer', { enumerable: true, get: () => answer })\nexports.ask = ask\nexports.fixed = fixed`,
  })
  const middle = dirname(createRequire(import.meta.url).resolve('import-in-the-middle/package.json'))
  // A second copy, as another vendor's instrumentation brings it, with the dependencies of the first one.
  const copy = join(folder, 'node_modules/import-in-the-middle')
  cpSync(realpathSync(middle), copy, { recursive: true })
  for (const name of readdirSync(dirname(realpathSync(middle)))) {
    const link = join(folder, 'node_modules', name)
    if (link !== copy) symlinkSync(join(dirname(realpathSync(middle)), name), link)
  }
  writeFileSync(join(folder, 'hook.ts'), hookProgram)
  writeFileSync(join(folder, 'rebind.ts'), rebindProgram)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Hooks both packages, marks their `answer`, and notes every copy that is loaded. */
const hookProgram = `
import { hookModule } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
globalThis.loaded = []
globalThis.stops = ['dual', '@scope/modern', 'missing', 'moved'].map((module) => hookModule({
  module,
  entries: ['index', 'inner'],
  onUnknownLayout: ({ format, version }) => void globalThis.loaded.push([module, format, version, 'not known']),
  onLoad: (exports, { format, version, file }) => {
    globalThis.loaded.push([module, format, version, file.split(/[\\\\/]/).at(-1)])
    // An ES module's bindings stay; what they hold can be changed, here the class's method.
    if (format === 'cjs') return { ...exports, answer: () => 'hooked ' + exports.answer() }
    const { answer } = exports.Client.prototype
    exports.Client.prototype.answer = () => 'hooked ' + answer()
  },
}))
`

/** Replaces functions inside of a module, one that is none among them, and one that it does not have. */
const rebindProgram = `
import { hookModule } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
hookModule({
  module: 'plain',
  entries: ['index'],
  rebind: ['answer', 'fixed', 'missing'],
  onLoad: (exports) => {
    const { answer } = exports
    const define = (name, value) => Object.defineProperty(exports, name, { value, configurable: true })
    define('answer', () => 'hooked ' + answer())
    define('missing', () => 'nothing')
    try { define('fixed', () => 'changed') } catch (error) { globalThis.refused = error.name }
    globalThis.restore = () => define('answer', answer)
  },
})
`

function writePackage(name: string, files: Record<string, string | object>): void {
  const root = join(folder, 'node_modules', name)
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify({ name, ...content }))
  }
}

/** Runs a program under the hooks; its last line of output is JSON. */
function run(
  file: string,
  program: string,
  preloads: readonly string[] = ['./hook.ts'],
): { out: unknown; err: string } {
  writeFileSync(join(folder, file), program)
  const imports = preloads.flatMap((preload) => ['--import', preload])
  const options = ['--conditions=@agentel/source', '--disable-warning=ExperimentalWarning', ...imports, file]
  const { stdout, stderr, status } = spawnSync(process.execPath, options, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`)
  return { out: JSON.parse(stdout.trim().split('\n').at(-1)!), err: stderr }
}

const print = 'console.log(JSON.stringify([loaded, answers]))'

describe('a hooked module', () => {
  it('that is imported is seen once, with its version, before the application sees it', () => {
    const program = `import { answer } from 'dual'\nimport * as dual from 'dual'\nconst answers = [answer(), dual.answer()]\n${print}`
    expect(run('imported.mjs', program)).toEqual({
      out: [[['dual', 'esm', '3.2.1', 'index.mjs']], ['hooked esm', 'hooked esm']],
      err: '',
    })
  })

  it('that is imported late is seen too', () => {
    const program = `const answers = [(await import('dual')).answer()]\n${print}`
    expect(run('late.mjs', program).out).toEqual([[['dual', 'esm', '3.2.1', 'index.mjs']], ['hooked esm']])
  })

  it('that is required is seen once', () => {
    const program = `const answers = [require('dual').answer(), require('dual').answer()]\n${print}`
    expect(run('required.cjs', program)).toEqual({
      out: [[['dual', 'cjs', '3.2.1', expect.any(String)]], ['hooked cjs', 'hooked cjs']],
      err: '',
    })
  })

  it('that is both imported and required is seen in both copies', () => {
    const program = `import { createRequire } from 'node:module'\nimport { answer } from 'dual'\nconst answers = [answer(), createRequire(import.meta.url)('dual').answer()]\n${print}`
    const { out } = run('both.mjs', program)
    expect(out).toEqual([
      [
        ['dual', 'esm', '3.2.1', 'index.mjs'],
        ['dual', 'cjs', '3.2.1', expect.any(String)],
      ],
      ['hooked esm', 'hooked cjs'],
    ])
  })

  it('that is an ES module and required is seen as both, and what require() gives can be replaced', () => {
    const program = `const answers = [require('@scope/modern').answer()]\n${print}`
    expect(run('require-esm.cjs', program).out).toEqual([
      [
        ['@scope/modern', 'esm', '1.0.0', 'index.js'],
        ['@scope/modern', 'cjs', '1.0.0', 'index.js'],
      ],
      ['hooked modern'],
    ])
  })

  it('that is CommonJS and imported is seen, by an entry point beside the main one too', () => {
    const program = `import { answer } from 'dual/inner'\nconst answers = [answer(), (await import('other')).answer()]\n${print}`
    expect(run('inner.mjs', program).out).toEqual([[['dual', 'cjs', '3.2.1', 'inner.js']], ['hooked inner', 'other']])
  })

  it('that has none of the files that are known is told of, once for each format', () => {
    const program = `import { createRequire } from 'node:module'\nimport { answer } from 'moved'\nconst answers = [answer(), createRequire(import.meta.url)('moved').answer()]\n${print}`
    expect(run('moved.mjs', program)).toEqual({
      out: [
        [
          ['moved', 'esm', '9.0.0', 'not known'],
          ['moved', 'cjs', '9.0.0', 'not known'],
        ],
        ['moved esm', 'moved cjs'],
      ],
      err: '',
    })
  })

  it('of which only other files are loaded is as known as ever', () => {
    writePackage('dual', { 'helper.mjs': `export const help = () => 'help'\n` })
    const program = `import { help } from './node_modules/dual/helper.mjs'\nconst answers = [help()]\n${print}`
    expect(run('helper.mjs', program).out).toEqual([[], ['help']])
  })

  it('is left alone once hooking it was stopped', () => {
    const program = `for (const stop of stops) stop()\nconst answers = [(await import('dual')).answer(), process.getBuiltinModule('module').createRequire(import.meta.url)('dual').answer()]\n${print}`
    expect(run('stopped.mjs', program).out).toEqual([[], ['esm', 'cjs']])
  })
})

describe('beside another copy of import-in-the-middle', () => {
  const other = `import { register } from 'import-in-the-middle/register-hooks.mjs'
import { Hook } from 'import-in-the-middle'
globalThis.theirs = []
register({ include: ['dual', 'other'] })
new Hook(['dual', 'other'], (exports, name) => { theirs.push(name); exports.answer = ((answer) => () => 'theirs ' + answer())(exports.answer) })
`
  const program = `import { answer } from 'dual'\nimport { answer as second } from 'other'\nconst answers = [answer(), second(), theirs]\n${print}`

  it.each([
    ['before', ['./other.mjs', './hook.ts']],
    ['after', ['./hook.ts', './other.mjs']],
  ])('that was registered %s ours, both see what they asked for', (when, preloads) => {
    writeFileSync(join(folder, 'other.mjs'), other)
    const { out } = run(`beside-${when}.mjs`, program, preloads)
    const [loaded, [answer, second, theirs]] = out as [unknown[], [string, string, string[]]]
    expect(loaded).toEqual([['dual', 'esm', '3.2.1', 'index.mjs']])
    expect(answer).toContain('hooked')
    expect(answer).toContain('theirs')
    expect(second).toBe('theirs other')
    expect(theirs.toSorted()).toEqual(['dual', 'other'])
  })

  it('that wraps every module from the loader thread, as auto-instrumentations of SDK 2 do, ours sees what it asked for', () => {
    const everything = `import { register } from 'node:module'
import { Hook } from 'import-in-the-middle'
globalThis.theirs = []
register('import-in-the-middle/hook.mjs', import.meta.url)
new Hook(['dual', 'other'], (exports, name) => { theirs.push(name) })
`
    writeFileSync(join(folder, 'everything.mjs'), everything)
    for (const preloads of [
      ['./everything.mjs', './hook.ts'],
      ['./hook.ts', './everything.mjs'],
    ]) {
      const { out } = run('wrapped.mjs', program, preloads)
      expect(out).toEqual([[['dual', 'esm', '3.2.1', 'index.mjs']], ['hooked esm', 'other', expect.any(Array)]])
    }
  })
})

describe('where the synchronous hooks are not supported', () => {
  it('the loader runs off the main thread, and modules are seen as well', () => {
    // As on Node 22.15, whose registerHooks cannot be used.
    const old = `import module from 'node:module'
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.15.0' } })
module.registerHooks = () => { throw new Error('must not be used here') }
`
    writeFileSync(join(folder, 'old.mjs'), old)
    const program = `import { answer } from 'dual'\nconst answers = [answer()]\n${print}`
    expect(run('old-node.mjs', program, ['./old.mjs', './hook.ts']).out).toEqual([
      [['dual', 'esm', '3.2.1', 'index.mjs']],
      ['hooked esm'],
    ])
    const moved = `import { answer } from 'moved'\nconst answers = [answer()]\n${print}`
    expect(run('old-node-moved.mjs', moved, ['./old.mjs', './hook.ts']).out).toEqual([
      [['moved', 'esm', '9.0.0', 'not known']],
      ['moved esm'],
    ])
  })
})

describe('a module whose own functions are replaced', () => {
  const asked = `const answers = () => [plain.ask(), plain.answer(), typeof globalThis.missing]
const first = answers()
restore()
console.log(JSON.stringify([first, answers(), globalThis.refused]))`

  it('uses the replaced ones itself, imported, and its own again once they are put back', () => {
    const program = `import * as plain from 'plain'\n${asked}`
    expect(run('rebound.mjs', program, ['./rebind.ts'])).toEqual({
      out: [['I am told: hooked esm', 'hooked esm', 'undefined'], ['I am told: esm', 'esm', 'undefined'], 'TypeError'],
      err: '',
    })
  })

  it('and required', () => {
    const program = `const plain = require('plain')\n${asked}`
    expect(run('rebound.cjs', program, ['./rebind.ts'])).toEqual({
      out: [['I am told: hooked cjs', 'hooked cjs', 'undefined'], ['I am told: cjs', 'cjs', 'undefined'], 'TypeError'],
      err: '',
    })
  })
})
