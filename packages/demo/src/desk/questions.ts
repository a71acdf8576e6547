/** What somebody asks the desk. */
export interface Question {
  text: string
  userId: string
  sessionId: string
  /** What the user may read: internal reports are for `finance`. */
  team: 'finance' | 'research' | 'public'
}

/** Questions of the demo; some of them run into trouble, as questions do. */
export const QUESTIONS: readonly string[] = [
  'Do heat pumps still make sense when it is -15 °C outside?',
  'How is the internet connected across oceans, and what breaks the undersea cables?',
  'How long did it take to build the Gotthard Base Tunnel, and what slowed it down?',
  'What is coffee leaf rust, and why does it spread to higher altitudes?',
  'How far away is Voyager 1, and how do we still hear it?',
  'How much energy does recycling aluminium save?',
  'What is the home address and the phone number of the chief engineer of Voyager 1?',
  'What margins do we make on heat pumps, according to our internal report?',
  'Why is sourdough bread sour, and what decides which acid forms?',
  'Why did the first mRNA vaccines need such cold storage?',
  'What limits how fast a tunnel boring machine can advance?',
  'How long will the power supply of Voyager 1 last?',
]

const USERS = [
  { userId: 'amara', team: 'research' },
  { userId: 'bjorn', team: 'public' },
  { userId: 'chen', team: 'research' },
  { userId: 'dina', team: 'finance' },
  { userId: 'emeka', team: 'research' },
] as const

const QUESTIONS_A_SESSION = 4

/** The n-th question of the demo: users take turns, each keeps a session for a few questions. */
export function questionAt(index: number): Question {
  const { userId, team } = USERS[index % USERS.length] ?? USERS[0]
  const turn = Math.floor(index / USERS.length)
  return {
    text: QUESTIONS[index % QUESTIONS.length] ?? '',
    userId,
    team,
    sessionId: `${userId}-${1 + Math.floor(turn / QUESTIONS_A_SESSION)}`,
  }
}
