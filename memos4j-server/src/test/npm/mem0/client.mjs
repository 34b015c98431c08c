// Does with the real mem0 client what applications do with it, and prints what came back as one line of JSON.
import { MemoryClient } from "mem0ai";

const client = new MemoryClient({ apiKey: process.env.MEMOS4J_KEY, host: process.env.MEMOS4J_URL });
const alice = { user_id: "alice" };
const out = {};

await client.ping();
out.added = await client.add(
  [
    { role: "user", content: "I moved to Lyon last week." },
    { role: "assistant", content: "How do you like it?" },
  ],
  { userId: "alice", metadata: { teamName: "blue" } },
);
out.verbatim = await client.add("The oboe lesson is on Friday", { userId: "alice", runId: "r1", infer: false });
out.search = await client.search("Where did I move to? Lyon", { filters: alice, topK: 2 });
out.filtered = await client.search("lesson", { filters: { AND: [alice, { run_id: "r1" }] } });
out.all = await client.getAll({ filters: alice, page: 1, pageSize: 2 });
const id = out.search.results[0].id;
out.got = await client.get(id);
out.updated = await client.update(id, { text: "I moved to Nice last week.", metadata: { teamName: "red" } });
out.history = await client.history(id);
out.users = await client.users();
out.batch = await client.batchUpdate([{ memoryId: id, text: "I moved to Nice." }]);
out.feedback = await client.feedback({ memoryId: id, feedback: "POSITIVE" });
out.deleted = await client.delete(id);
out.missing = await client.get(id).catch((error) => error.name);
out.deletedAll = await client.deleteAll({ userId: "alice" });
out.left = await client.getAll({ filters: alice });
out.deletedUsers = await client.deleteUsers({ userId: "alice" });
console.log(JSON.stringify(out));
