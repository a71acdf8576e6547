const OpenAI = require('openai')

async function main() {
  const completion = await new OpenAI().chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Say hello' }],
  })
  console.log(completion.choices[0].message.content)
}
void main()
