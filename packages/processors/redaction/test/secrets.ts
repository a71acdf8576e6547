/** Numbers below a limit, the same on every run (mulberry32: successive ones have nothing to do with each other). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

export type Random = (below: number) => number

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export function pick(random: Random, length: number, alphabet = ALNUM): string {
  return Array.from({ length }, () => alphabet[random(alphabet.length)]).join('')
}

export const digits = (random: Random, length: number) => pick(random, length, '0123456789')

export function luhnDigit(number: string): string {
  for (let last = 0; last < 10; last++) {
    const all = `${number}${last}`
    let sum = 0
    for (let index = 0; index < all.length; index++) {
      const digit = Number(all[all.length - 1 - index])
      sum += index % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2
    }
    if (sum % 10 === 0) return all
  }
  throw new Error('every number has a check digit')
}

function iban(random: Random): string {
  const account = digits(random, 18)
  // Country DE is 13 14; the check digits make the whole remain 1 when divided by 97.
  const check = 98n - (BigInt(`${account}131400`) % 97n)
  return `DE${String(check).padStart(2, '0')}${account}`
}

export const grouped = (text: string, size: number, divider: string) =>
  text.match(new RegExp(`.{1,${size}}`, 'g'))?.join(divider) ?? text

/** Twenty kinds of secrets, each made anew by a seeded generator, and the rule by which it is found in plain text. */
export const KINDS: Readonly<Record<string, { rule: string; make: (random: Random) => string }>> = {
  openai: { rule: 'credential', make: (r) => `sk-proj-${pick(r, 20)}7${pick(r, 20)}` },
  anthropic: { rule: 'credential', make: (r) => `sk-ant-api03-${pick(r, 40)}` },
  github: { rule: 'credential', make: (r) => `ghp_${pick(r, 35)}4` },
  githubFineGrained: { rule: 'credential', make: (r) => `github_pat_${pick(r, 22)}_${pick(r, 58)}1` },
  slack: { rule: 'credential', make: (r) => `xoxb-${digits(r, 12)}-${digits(r, 12)}-${pick(r, 24)}` },
  aws: { rule: 'credential', make: (r) => `AKIA${pick(r, 15, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')}7` },
  google: { rule: 'credential', make: (r) => `AIza${pick(r, 34)}0` },
  jwt: { rule: 'credential', make: (r) => `eyJhbGciOiJIUzI1NiJ9.eyJ${pick(r, 40)}.${pick(r, 43)}` },
  privateKey: {
    rule: 'credential',
    make: (r) => `-----BEGIN RSA PRIVATE KEY-----\n${pick(r, 64)}\n${pick(r, 64)}\n-----END RSA PRIVATE KEY-----`,
  },
  stripe: { rule: 'credential', make: (r) => `sk_live_${pick(r, 23)}9` },
  gitlab: { rule: 'credential', make: (r) => `glpat-${pick(r, 19)}3` },
  npm: { rule: 'credential', make: (r) => `npm_${pick(r, 35)}2` },
  sendgrid: { rule: 'credential', make: (r) => `SG.${pick(r, 21)}1.${pick(r, 43)}` },
  urlPassword: { rule: 'credential', make: (r) => `postgres://app:${pick(r, 16)}@db.internal:5432/main` },
  email: {
    rule: 'email',
    make: (r) => `${pick(r, 8).toLowerCase()}.${pick(r, 6).toLowerCase()}@mail-${r(99)}.example.org`,
  },
  phone: { rule: 'phone', make: (r) => `+1 ${2 + r(7)}${digits(r, 2)} ${2 + r(7)}${digits(r, 2)} ${digits(r, 4)}` },
  card: { rule: 'card', make: (r) => grouped(luhnDigit(`4${digits(r, 14)}`), 4, ' ') },
  iban: { rule: 'iban', make: (r) => grouped(iban(r), 4, ' ') },
  ssn: { rule: 'ssn', make: (r) => `${1 + r(5)}${1 + r(9)}${r(10)}-${1 + r(9)}${r(10)}-${1 + r(9)}${digits(r, 3)}` },
  ip: { rule: 'ip', make: (r) => `${11 + r(100)}.${100 + r(100)}.${100 + r(100)}.${100 + r(100)}` },
}

/** Numbers of the registry of IBANs, of all manners in which letters and digits take turns in them. */
export const IBANS = (
  'AD1200012030200359100100 AL47212110090000000235698741 AZ21NABZ00000000137010001944 BG80BNBG96611020345678 ' +
  'BR9700360305000010009795493P1 CH9300762011623852957 DO28BAGR00000001212453611324 FR1420041010050500013M02606 ' +
  'GB29NWBK60161331926819 GI75NWBK000000007099453 IT60X0542811101000000123456 KZ86125KZT5004100100 ' +
  'LC55HEMM000100010012001200023015 MT84MALT011000012345MTLCAST001S MU17BOMM0101101030300200000MUR ' +
  'NO9386011117947 RO49AAAA1B31007593840000 SC18SSCB11010000000000001497USD SM86U0322509800000000270100'
).split(' ')
