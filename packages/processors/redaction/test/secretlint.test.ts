import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-canary'
import { expect, it } from 'vitest'
import { createRedactor } from '../src/index.ts'
import { digits, pick, type Random, randomFrom } from './secrets.ts'

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const WORD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_'
/** Letters, digits and `_` as a key has them: it begins with none of the last and has a digit. */
const key = (r: Random, length: number) => `${pick(r, 1)}${pick(r, length - 2, WORD)}7`
const pem = (name: string, r: Random) =>
  `-----BEGIN ${name}-----\nMI${pick(r, 62)}\n${pick(r, 64)}\n-----END ${name}-----\n`
/** Its JSON ends where the last group of Base64 has one byte, as the real ones do. */
function onePassword(r: Random): string {
  const json = JSON.stringify({ email: `${pick(r, 9)}@example.org`, muk: { k: pick(r, 43) }, salt: pick(r, 23) })
  return Buffer.from(json.replace('"salt":"', `"salt":"${'x'.repeat((4 - (json.length % 3)) % 3)}`)).toString('base64')
}

/** A text, and the secret in it where that is not all of it. */
type Vector = string | readonly [text: string, secret: string]

const within = (secret: string, text: (secret: string) => string): Vector => [text(secret), secret]

/** For each message of secretlint's rules texts that it is about. */
const VECTORS: Readonly<Record<string, readonly ((random: Random) => Vector)[]>> = {
  AWSAccessKeyID: 'AKIA AGPA AIDA AROA AIPA ANPA ANVA ASIA A3TX'
    .split(' ')
    .map((kind) => (r) => within(`${kind}${pick(r, 15, UPPER)}7`, (secret) => `id ${secret}`)),
  AWSSecretAccessKey: [
    (r) => within(pick(r, 40), (secret) => `AWS_SECRET_ACCESS_KEY=${secret}`),
    (r) => within(pick(r, 40), (secret) => `aws_secret_access_key = "${secret}"`),
    (r) => within(pick(r, 40), (secret) => JSON.stringify({ SecretAccessKey: secret })),
  ],
  PrivateKeyJSON: [
    (r) =>
      within(pick(r, 64), (secret) =>
        JSON.stringify({ private_key_id: pick(r, 40), private_key: `-----BEGIN PRIVATE KEY-----\n${secret}\n` }),
      ),
  ],
  PackageJSON_xOauthToken: [
    (r) => within(pick(r, 40), (secret) => `{"x": "git+https://${secret}:x-oauth-basic@github.com/owner/name.git"}`),
  ],
  Npmrc_authToken: [(r) => within(`${pick(r, 30)}7`, (secret) => `//registry.npmjs.org/:_authToken=${secret}`)],
  NPM_ACCESS_TOKEN: [(r) => `npm_${key(r, 36)}`],
  SLACK_TOKEN: ['xoxb', 'xoxp', 'xapp', 'xoxa', 'xoxo', 'xoxr'].map(
    (kind) => (r) => `${kind}-${digits(r, 11)}-${pick(r, 24)}`,
  ),
  IncomingWebhook: [
    (r) =>
      within(
        `T${pick(r, 8, UPPER)}/B${pick(r, 8, UPPER)}/${pick(r, 24)}`,
        (secret) => `https://hooks.slack.com/services/${secret} then`,
      ),
  ],
  BasicAuth: [
    (r) => within(pick(r, 12), (secret) => `http://ann:${secret}@db.example.org/x`),
    (r) => within(pick(r, 12), (secret) => `ftp://ann_b:${secret}@files.example.org`),
  ],
  OPENAI_TOKEN: [
    (r) => `sk-${pick(r, 20)}T3BlbkFJ${pick(r, 20)}`,
    ...['proj', 'svcacct', 'admin'].map((kind) => (r: Random) => `sk-${kind}-${pick(r, 74)}T3BlbkFJ${pick(r, 74)}`),
  ],
  ANTHROPIC_API_KEY: [(r) => `sk-ant-api03-${pick(r, 93)}AA`],
  LINEAR_API_TOKEN: [(r) => `lin_api_${key(r, 40)}`],
  PrivateKey: ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'].map(
    (name) => (r) => pem(name, r),
  ),
  SENDGRID_KEY: [(r) => `SG.${key(r, 22)}.${key(r, 43)}`],
  SHOPIFY_KEY: ['shppa', 'shpca', 'shpat', 'shpss'].map((kind) => (r) => `${kind}_${pick(r, 31)}7`),
  GITHUB_TOKEN: [
    ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((kind) => (r: Random) => `${kind}_${key(r, 36)}`),
    (r) => `github_pat_${key(r, 82)}`,
  ],
  GITLAB_PERSONAL_ACCESS_TOKEN: [(r) => `glpat-${key(r, 20)}`],
  GRAFANA_CLOUD_API_TOKEN: [(r) => `glc_${pick(r, 90)}==`],
  GRAFANA_SERVICE_ACCOUNT_TOKEN: [(r) => `glsa_${pick(r, 32)}_${pick(r, 8, '0123456789abcdef')}`],
  GROQ_API_KEY: [(r) => `gsk_${pick(r, 52)}`],
  HUGGINGFACE_USER_ACCESS_TOKEN: [(r) => `hf_${pick(r, 34, LETTERS)}`],
  NOTION_INTEGRATION_TOKEN: [(r) => `ntn_${digits(r, 11)}${pick(r, 35)}`],
  STRIPE_SECRET_KEY_LIVE: [(r) => `sk_live_${pick(r, 24)}`],
  STRIPE_SECRET_KEY_TEST: [(r) => `sk_test_${pick(r, 99)}`],
  STRIPE_RESTRICTED_KEY_LIVE: [(r) => `rk_live_${pick(r, 24)}`],
  STRIPE_RESTRICTED_KEY_TEST: [(r) => `rk_test_${pick(r, 24)}`],
  DOCKER_PERSONAL_ACCESS_TOKEN: [(r) => `dckr_pat_${key(r, 27)}`],
  FIGMA_PERSONAL_ACCESS_TOKEN: [(r) => `figd_${key(r, 40)}`],
  VERCEL_PERSONAL_ACCESS_TOKEN: [(r) => `vcp_${pick(r, 56)}`],
  VERCEL_INTEGRATION_TOKEN: [(r) => `vci_${pick(r, 56)}`],
  VERCEL_APP_ACCESS_TOKEN: [(r) => `vca_${pick(r, 56)}`],
  VERCEL_APP_REFRESH_TOKEN: [(r) => `vcr_${pick(r, 56)}`],
  VERCEL_AI_GATEWAY_API_KEY: [(r) => `vck_${pick(r, 56)}`],
  CLOUDFLARE_GLOBAL_API_KEY: [(r) => `cfk_${pick(r, 40)}0a1b2c3d`],
  CLOUDFLARE_USER_API_TOKEN: [(r) => `cfut_${pick(r, 40)}0a1b2c3d`],
  CLOUDFLARE_ACCOUNT_API_TOKEN: [(r) => `cfat_${pick(r, 40)}0a1b2c3d`],
  TAILSCALE_API_KEY: [(r) => `tskey-api-${pick(r, 12)}-${pick(r, 32)}`],
  TAILSCALE_AUTH_KEY: [(r) => `tskey-auth-${pick(r, 12)}-${pick(r, 32)}`],
  TAILSCALE_CLIENT_KEY: [(r) => `tskey-client-${pick(r, 12)}-${pick(r, 32)}`],
  // These two have no beginning that a quick look could stop at: they are found by the name before them.
  DATABRICKS_PERSONAL_ACCESS_TOKEN: [
    (r) => within(`dapi${pick(r, 32, '0123456789abcdef')}`, (secret) => `DATABRICKS_TOKEN=${secret}`),
  ],
  HASHICORP_VAULT_SERVICE_TOKEN: [(r) => within(`hvs.${pick(r, 95)}`, (secret) => `export VAULT_TOKEN=${secret}`)],
  OPS_TOKEN: [(r) => `ops_${onePassword(r)}`],
  MongoDBConnection: [(r) => within(pick(r, 16), (secret) => `mongodb+srv://app:${secret}@cluster0.example.net/main`)],
  MySQLConnection: [(r) => within(pick(r, 16), (secret) => `mysql://app:${secret}@db.example.net:3306/main`)],
  PostgreSQLConnection: [(r) => within(pick(r, 16), (secret) => `postgresql://app:${secret}@db.example.net/main`)],
}

const aws = { id: '@secretlint/secretlint-rule-aws', options: { enableIDScanRule: true } }
const rules = [{ id: '@secretlint/secretlint-rule-preset-canary', rule: creator, options: {}, rules: [aws] }]

/** What secretlint finds in a text, by message; it looks only into files of certain names for some of them. */
async function linted(content: string): Promise<string[]> {
  const found = await Promise.all(
    ['/x/package.json', '/x/.npmrc', '/x/notes.txt', '/x/key.json'].map((filePath) =>
      lintSource({
        source: { filePath, content, ext: filePath.slice(filePath.lastIndexOf('.')), contentType: 'text' },
        options: { config: { rules }, noPhysicFilePath: true },
      }),
    ),
  )
  return found.flatMap(({ messages }) => messages.map(({ messageId }) => messageId))
}

it.each(Object.entries(VECTORS))('what secretlint knows as %s is not left over', async (message, makers) => {
  const random = randomFrom(11)
  const redactor = createRedactor()
  for (const make of makers) {
    for (let round = 0; round < 10; round++) {
      const vector = make(random)
      const [text, secret] = typeof vector === 'string' ? [vector, vector] : vector
      expect(await linted(text), text).toContain(message)
      expect(redactor.text(text, { count: 0, rules: new Set() }), text).not.toContain(secret)
      expect(redactor.text(`a "${text}" b`, { count: 0, rules: new Set() }), text).not.toContain(secret)
    }
  }
})
