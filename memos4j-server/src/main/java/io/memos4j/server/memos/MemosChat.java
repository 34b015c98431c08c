package io.memos4j.server.memos;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.access.Permission;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.chat.ChatRequest.Sampling;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.http.HttpExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A chat request of a MemOS client, with the cubes whose memories it uses and those that remember it.
 *
 * @param readable existing cubes; at least one
 * @param writable names of cubes; empty if nothing is to be remembered
 */
record MemosChat(
        HttpExchange exchange,
        ChatRequest request,
        List<MemCube> readable,
        List<String> writable,
        MemosInputContext context) {
    /** The number of messages of the history that MemOS uses. */
    private static final int LAST = 20;

    private static final int MEMORY_TOKENS = 2_048;
    private static final int MOST_TOKENS = 1_000_000;
    private static final String PLACEHOLDER = "{memories}";
    private static final List<String> ROLES = List.of("system", "user", "assistant", "tool");

    static MemosChat of(HttpExchange exchange, MemosRequestForm form) {
        String query = form.text("query");
        String user = form.text(MemosInputContext.USER);
        String session = form.text("session_id", MemosInputContext.DEFAULT_SESSION);
        List<String> names = MemosAddRoutes.cubes(form, "readable_cube_ids", user);
        List<String> writable = form.flag("add_message_on_answer", true)
                ? MemosAddRoutes.cubes(form, "writable_cube_ids", user)
                : List.of();
        MemosInputContext context = MemosInputContext.of(form, user, session);
        List<Message> messages = messages(form, context.place(Message.user(query)));
        int maxTokens = form.integer("max_tokens", 512, 1, MOST_TOKENS);
        float temperature = (float) form.number("temperature", 0, 0);
        form.throwIfInvalid();
        ChatRequest request = ChatRequest.of(messages)
                .in(session)
                .memoryTokens(MEMORY_TOKENS)
                .maxTokens(maxTokens)
                .sampling(new Sampling(temperature, 0))
                .remember(false);
        exchange.requireWritable(writable);
        return new MemosChat(exchange, request, readable(exchange, names, writable), writable, context);
    }

    /** Recalled memories are put before the question rather than at the placeholder. */
    private static List<Message> messages(MemosRequestForm form, Message question) {
        List<Message> messages = new ArrayList<>();
        form.optionalText("system_prompt")
                .map(prompt -> prompt.replace(PLACEHOLDER, "").strip())
                .filter(prompt -> !prompt.isEmpty())
                .ifPresent(prompt -> messages.add(Message.of(Role.SYSTEM, prompt)));
        List<MemosRequestForm> history = form.forms("history");
        history.subList(Math.max(0, history.size() - LAST), history.size()).forEach(turn -> {
            Role role = Role.parse(turn.oneOf("role", "user", ROLES));
            String text = turn.text("content", "");
            if (!text.isBlank()) {
                messages.add(Message.of(role, text));
            }
        });
        messages.add(question);
        return messages;
    }

    /** Returns the existing cubes; if there are none, the one that will remember the chat. */
    private static List<MemCube> readable(HttpExchange exchange, List<String> names, List<String> writable) {
        List<MemCube> cubes = names.stream()
                .flatMap(name -> MemoryLookup.findCube(exchange, name, Permission.READ).stream())
                .toList();
        if (!cubes.isEmpty()) {
            return cubes;
        }
        return List.of(
                writable.isEmpty()
                        ? exchange.cube(names.getFirst(), Permission.READ)
                        : exchange.cubeForWriting(writable.getFirst()));
    }

    ChatReply answer(Predicate<String> sink) {
        ChatReply reply = readable.size() == 1
                ? readable.getFirst().chat(request, sink)
                : exchange.compose(readable.stream().map(MemCube::id).distinct().toArray(CubeId[]::new))
                        .chat(request, sink);
        remember(reply.text());
        return reply;
    }

    private void remember(String answer) {
        List<Message> said = new ArrayList<>();
        said.add(withContext(request.messages().getLast()));
        if (!answer.isBlank()) {
            said.add(withContext(Message.assistant(answer)));
        }
        writable.forEach(name -> exchange.cubeForWriting(name).add(AddRequest.of(said)));
    }

    private Message withContext(Message message) {
        return context.place(message).with(context.metadata());
    }
}
