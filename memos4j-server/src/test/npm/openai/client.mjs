// Talks to the proxy through OpenAI's own client: node client.mjs URL KEY. Prints what it saw as JSON.
import OpenAI from 'openai';

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, defaultHeaders: { 'X-Memos4j-Session': 's1' } });
const ask = (content, more) =>
  client.chat.completions.create({ model: 'scripted', user: 'alice', messages: [{ role: 'user', content }], ...more });

const plain = await ask('I moved to Lyon last week.');
let streamed = '';
for await (const chunk of await ask('Where do I live, Lyon?', { stream: true })) {
  streamed += chunk.choices[0]?.delta?.content ?? '';
}
const failure = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return { status: error.status, code: error.code, message: error.message };
  }
};
const limited = await failure(() => ask('Once more.'));
const broken = await failure(async () => {
  for await (const chunk of await ask('And again.', { stream: true })) streamed += chunk.choices[0]?.delta?.content ?? '';
});
const models = (await client.models.list()).data.map((model) => model.id);
const stranger = new OpenAI({ baseURL, apiKey: 'm4j_wrong', maxRetries: 0 });
const refused = await failure(() => stranger.models.list());
console.log(JSON.stringify({ plain: plain.choices[0].message.content, streamed, limited, broken, models, refused }));
