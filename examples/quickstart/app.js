import OpenAI from 'openai'

const client = new OpenAI()
const messages = [{ role: 'user', content: 'Say hello' }]
const { choices } = await client.chat.completions.create({ model: 'gpt-4o-mini', messages })
console.log(choices[0]?.message.content)
