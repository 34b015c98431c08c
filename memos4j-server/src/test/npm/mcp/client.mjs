// Uses the memory through the SDK's own client: node client.mjs URL KEY CUBE. Prints what it saw as JSON.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, key, cube] = process.argv.slice(2);
const client = new Client({ name: 'memos4j-test', version: '1.0.0' });
await client.connect(
  new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${key}` } } }),
);
const call = (name, args) => client.callTool({ name, arguments: { cube, ...args } });

const added = await call('add_memory', { text: 'The user lives in Lyon.', type: 'fact' });
const seen = {
  tools: (await client.listTools()).tools.map((tool) => tool.name),
  templates: (await client.listResourceTemplates()).resourceTemplates.map((template) => template.uriTemplate),
  prompts: (await client.listPrompts()).prompts.map((prompt) => prompt.name),
  added,
  found: await call('search_memory', { query: 'Where does the user live?' }),
  recent: await client.readResource({ uri: `memory://${encodeURIComponent(cube)}/recent` }),
  prompt: await client.getPrompt({ name: 'use_memory', arguments: { cube } }),
};
if (!added.isError) {
  seen.forgotten = await call('forget_memory', { ids: [added.structuredContent.id] });
  seen.after = await call('search_memory', { query: 'Where does the user live?' });
}
await client.close();
console.log(JSON.stringify(seen));
