/** Length of an IBAN by country, as the SWIFT registry has them. */
const LENGTHS = new Map(
  (
    'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22' +
    'GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20' +
    'MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26' +
    'UA29VA22VG24XK20YE30'
  )
    .match(/.{4}/g)
    ?.map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** ISO 7064 remainder of an IBAN: 1 when its check digits are right. */
function remainder(iban: string): number {
  let rest = 0
  const rotated = iban.slice(4) + iban.slice(0, 4)
  for (let index = 0; index < rotated.length; index++) {
    const code = rotated.charCodeAt(index)
    rest = code <= 57 ? (rest * 10 + code - 48) % 97 : (rest * 100 + code - 55) % 97
  }
  return rest
}

/**
 * Where the IBAN ends that begins at `start`, its groups divided by single spaces or not at all; -1 when there is none.
 * Looks at 45 characters at most.
 */
export function ibanEnd(text: string, start: number): number {
  const length = LENGTHS.get(text.slice(start, start + 2))
  if (length === undefined) return -1
  let iban = ''
  let index = start
  while (iban.length < length && index < start + 45) {
    const character = text[index] ?? ''
    if (/[A-Z0-9]/.test(character)) iban += character
    else if (character !== ' ' || text[index - 1] === ' ') return -1
    index++
  }
  return iban.length === length && remainder(iban) === 1 ? index : -1
}
