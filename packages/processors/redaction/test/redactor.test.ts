import { describe, expect, it } from 'vitest'
import { createRedactor, RedactionOptionError, type RedactionOptions } from '../src/index.ts'
import { grouped, IBANS, KINDS, randomFrom } from './secrets.ts'

/** A text after redaction, and what was found in it. */
function redact(text: string, options?: RedactionOptions) {
  const tally = { count: 0, rules: new Set<string>() }
  return { text: createRedactor(options).text(text, tally), count: tally.count, rules: [...tally.rules] }
}

const once = (text: string) => redact(text).text

describe('a secret in plain text', () => {
  it.each(Object.entries(KINDS))('of kind %s is found wherever it stands', (_, { rule, make }) => {
    const random = randomFrom(3)
    for (let round = 0; round < 50; round++) {
      const secret = make(random)
      for (const text of [
        secret,
        `see ${secret}, please`,
        `(${secret})`,
        `value=${secret}\nnext`,
        JSON.stringify({ note: `a ${secret} b` }),
      ]) {
        const result = redact(text)
        const inner =
          rule === 'credential' && secret.includes('://') ? (/:([^:@]+)@/.exec(secret)?.[1] ?? secret) : secret
        expect(result.text, text).not.toContain(inner)
        expect(result.rules, text).toEqual([rule])
      }
    }
  })

  it.each([
    ['Authorization: Bearer abcdefghijklmnopqrst', 'Authorization: [REDACTED:key]'],
    ['curl -H "X-Api-Key: abc123def" http://x', 'curl -H "X-Api-Key: [REDACTED:key]" http://x'],
    ['Bearer abcdefghijklmnop.qrstu', 'Bearer [REDACTED:credential]'],
    ['Cookie: sid=abc; theme=dark', 'Cookie: [REDACTED:key]'],
    ['password=hunter2&user=ann', 'password=[REDACTED:key]&user=ann'],
    ['mysql --password hunter2 --host db', 'mysql --password [REDACTED:key] --host db'],
    ['api_key: "a b c"', 'api_key: "[REDACTED:key]"'],
    ["client_secret = 'x\\'y'", "client_secret = '[REDACTED:key]'"],
    ['?access_token=abc123def456&x=1', '?access_token=[REDACTED:key]&x=1'],
    ['call me at 5551234567', 'call me at [REDACTED:phone]'],
    ['(860) 555-0107 or 1-800-555-0199', '[REDACTED:phone] or [REDACTED:phone]'],
    ['Tel. 020 7946 0958', 'Tel. [REDACTED:phone]'],
    ['+49 (0)30 901820', '[REDACTED:phone]'],
    ['SSN 123 45 6789', 'SSN [REDACTED:ssn]'],
    ['378282246310005 and 3782 822463 10005', '[REDACTED:card] and [REDACTED:card]'],
    ['IBAN GB82 WEST 1234 5698 7654 32.', 'IBAN [REDACTED:iban].'],
    ['from 2001:db8:85a3::8a2e:370:7334 on', 'from [REDACTED:ip] on'],
    ['fe80::1ff:fe23:4567:890a, [2001:db8::1]:443', '[REDACTED:ip], [[REDACTED:ip]]:443'],
    ['2001:0db8:85a3:0000:0000:8a2e:0370:7334', '[REDACTED:ip]'],
    ['123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi', '[REDACTED:credential]'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE cut off', '[REDACTED:credential]'],
  ])('is found in %j', (text, expected) => expect(once(text)).toBe(expected))

  it.each(IBANS)('is found as the account number %s, in groups of four too', (iban) => {
    const groups = grouped(iban, 4, ' ')
    expect(once(`to ${iban}, ${groups}.`)).toBe('to [REDACTED:iban], [REDACTED:iban].')
  })

  it.each([
    'max_tokens=4096, input_tokens: 2006, token_count=5, next_page_token: abc123def456',
    'The token: a unit of text. The secret: never give up. Password: please enter your password.',
    'About cookies: they are small files. Authorization: see the manual. A cookie: sweet.',
    'def login(user: str, password: str) -> token: string; const secret = getSecret("x")',
    'order 1763700000123456 of 2026-11-21T10:30:45.123Z, 3.14159265358979, 550e8400-e29b-41d4-a716-446655440000',
    'version 1.2.3, build 10.0.1, 127.0.0.1:4318, 0.0.0.0, ::1, std::vector, dead::beef, at 10:30:45, 00:1a:2b:3c:4d:5e',
    'Waterford, CT 06385-3823; 01.02.2026 10:30; 4111 1111 1111 1112; 666-12-3456; 1234567890',
    '@app.route, @scope/name, a@b, git@github.com:owner/name.git, x @ y',
    'task-list-item-12345678901234567890, sk-loading-spinner-with-three-dots, AKIATOOSHORT, eyJ.eyJ, ghp_short1',
    '["password"] == null; password: ${PASSWORD}; api_key=YOUR_API_KEY; token="<token>"; secret: "***"',
    'DE00 3704 0044 0532 0130 00, GB82 WEST 1234 5698 7654 33',
  ])('is not seen in %j', (text) => expect(redact(text)).toEqual({ text, count: 0, rules: [] }))
})

it.each([
  'sk-',
  'sk-proj-',
  'sk-ant-api03-',
  'sk-or-v1-',
  'sk-lf-',
  'glpat-',
  'pypi-',
  'xai-',
  'pplx-',
  'nvapi-',
  'csk-',
  'tvly-',
  'fc-',
  'key-',
  'xoxb-',
  'xoxp-',
  'xapp-',
  'ghp_',
  'gho_',
  'ghs_',
  'github_pat_',
  'npm_',
  'hf_',
  'gsk_',
  'sk_live_',
  'rk_test_',
  'whsec_',
  'lin_api_',
  'lsv2_pt_',
  'pcsk_',
  'e2b_',
  'jina_',
  'r8_',
  'sk_',
  'glsa_',
  'dckr_pat_',
  'shpat_',
  'dop_v1_',
  'AIza',
])('knows a key that begins with %s, and not a word that only ends so', (beginning) => {
  // Hexadecimal, which is what the narrowest of them allow.
  const key = `${beginning}${'0a1b2c3d4e5f6789'.repeat(3).slice(0, beginning === 'AIza' ? 35 : beginning === 'key-' ? 32 : 48)}`
  expect(redact(`use ${key} now`)).toEqual({ text: 'use [REDACTED:credential] now', count: 1, rules: ['credential'] })
  expect(redact(`use x${key.replaceAll(/[0-9]/g, 'a')} now`).count).toBe(0)
})

describe('JSON in a text', () => {
  it('loses the values of secret names and stays JSON', () => {
    const given = {
      user: 'ann',
      password: 'a"b\\c',
      apiKey: 'k',
      nested: { access_token: 'abc', list: [{ clientSecret: 's' }] },
      ssn: 123456789,
      credentials: { user: 'u', pass: '}' },
      card: 4111111111111111,
      max_tokens: 5,
      token: 7,
      note: 'card 4111 1111 1111 1111, "quoted"',
      enabled: true,
    }
    const masked = '[REDACTED:key]'
    for (const space of [0, 2]) {
      expect(JSON.parse(once(JSON.stringify(given, null, space)))).toEqual({
        ...given,
        password: masked,
        apiKey: masked,
        nested: { access_token: masked, list: [{ clientSecret: masked }] },
        ssn: masked,
        credentials: masked,
        card: '[REDACTED:card]',
        note: 'card [REDACTED:card], "quoted"',
      })
    }
  })

  it('is searched also where it is text within JSON, however deep', () => {
    let json: unknown = { password: 'hunter"2', ok: 'yes' }
    for (let depth = 0; depth < 3; depth++) {
      json = { arguments: JSON.stringify(json), after: 'kept' }
      const text = once(JSON.stringify(json))
      expect(text).not.toContain('hunter')
      const outer = JSON.parse(text) as { after: string }
      expect(outer.after).toBe('kept')
      expect(text).toContain('yes')
    }
  })

  it('that was cut off loses the value that it was cut in', () => {
    expect(once('{"password":"hunter2 and mo')).toBe('{"password":"[REDACTED:key]')
    expect(once('{"credentials":{"user":"u","pa')).toBe('{"credentials":"[REDACTED:key]"')
  })
})

describe('a value', () => {
  const value = (given: unknown) => createRedactor().value(given, { count: 0, rules: new Set() })

  it('is copied where it changes and the very same where not; the given one is never changed', () => {
    const clean = { a: [1, { b: 'x' }] }
    expect(value(clean)).toBe(clean)
    const given = { list: ['ok', { password: 'p', other: clean }], mail: 'a@example.org' }
    const before = structuredClone(given)
    const result = value(given) as typeof given
    expect(result).toEqual({ list: ['ok', { password: '[REDACTED:key]', other: clean }], mail: '[REDACTED:email]' })
    expect(given).toEqual(before)
  })

  it('keeps counts, flags and what is empty under a secret name', () => {
    const given = {
      password: '',
      hasPassword: true,
      secret: null,
      'gen_ai.usage.input_tokens': 2006,
      token: 5,
      access_token: 5,
    }
    expect(value(given)).toBe(given)
  })

  it('deeper than is looked at is masked', () => {
    let deep: unknown = 'x'
    for (let depth = 0; depth < 50; depth++) deep = [deep]
    expect(JSON.stringify(value(deep))).toContain('[REDACTED:key]')
  })
})

describe('options', () => {
  const text = 'mail ann@example.org from 93.184.216.34, password=hunter2'

  it('hash tells equal secrets from others, by a key, and needs that key', () => {
    const hash = (given: string, hashKey: string) => redact(given, { mode: 'hash', hashKey }).text
    expect(hash('ann@example.org', 'a key of 16 chars')).toMatch(/^\[REDACTED:email:[0-9a-f]{16}\]$/)
    expect(hash('ann@example.org', 'a key of 16 chars')).toBe(hash('ann@example.org', 'a key of 16 chars'))
    expect(hash('ann@example.org', 'a key of 16 chars')).not.toBe(hash('bob@example.org', 'a key of 16 chars'))
    expect(hash('ann@example.org', 'a key of 16 chars')).not.toBe(hash('ann@example.org', 'another key, longer'))
    expect(() => createRedactor({ mode: 'hash' })).toThrow(RedactionOptionError)
    expect(() => createRedactor({ mode: 'hash', hashKey: 'short' })).toThrow('at least 16 characters')
  })

  it('rules switches rules off, and refuses unknown ones', () => {
    expect(redact(text, { rules: { ip: false, key: false } }).text).toBe(
      'mail [REDACTED:email] from 93.184.216.34, password=hunter2',
    )
    expect(() => createRedactor({ rules: { emails: true } as never })).toThrow(
      'redaction: rules.emails is not known; known are key, ',
    )
  })

  it('keys adds names and ignoreKeys takes names out', () => {
    const redactor = createRedactor({ keys: ['employeeNumber'], ignoreKeys: ['cache.secret'] })
    const tally = { count: 0, rules: new Set<string>() }
    expect(redactor.attribute('x.employee_number', 'E1', tally)).toBe('[REDACTED:key]')
    expect(redactor.attribute('cache.secret', 'kept', tally)).toBe('kept')
    expect(redactor.text('employee_number=E17', tally)).toBe('employee_number=[REDACTED:key]')
  })

  it('detectors adds the findings of others to ours', () => {
    const detectors = [
      {
        name: 'animal',
        find: (t: string) => [...t.matchAll(/cat/g)].map(({ index }) => ({ start: index, end: index + 3 })),
      },
    ]
    expect(redact('a cat of ann@cat.example.org', { detectors })).toEqual({
      text: 'a [REDACTED:animal] of [REDACTED:email]',
      count: 2,
      rules: ['animal', 'email'],
    })
  })

  it('leaves addresses of servers in attributes that say where something is', () => {
    const redactor = createRedactor()
    const tally = { count: 0, rules: new Set<string>() }
    expect(redactor.attribute('server.address', '93.184.216.34', tally)).toBe('93.184.216.34')
    expect(redactor.attribute('client.address', '93.184.216.34', tally)).toBe('[REDACTED:ip]')
  })
})
