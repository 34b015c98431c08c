package io.memos4j.server.memos;

import io.memos4j.api.AddRequest;
import io.memos4j.api.ChatReply;
import io.memos4j.api.ChatRequest;
import io.memos4j.api.ChatRequest.Choice;
import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Message;
import io.memos4j.api.Permission;
import io.memos4j.api.Role;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.http.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a client of MemOS asks the model, the cubes that it may use for it, and those that remember it.
 *
 * @param readable existing ones; at least one
 * @param writable by name; none if nothing is to be remembered
 */
record Dialogue(
        Exchange exchange, ChatRequest request, List<MemCube> readable, List<String> writable, Telling telling) {
    /** Turns of the history that MemOS looks at. */
    private static final int LAST = 20;

    private static final int MEMORY_TOKENS = 2_048;
    private static final int MOST_TOKENS = 1_000_000;
    private static final String PLACEHOLDER = "{memories}";
    private static final List<String> ROLES = List.of("system", "user", "assistant", "tool");

    static Dialogue of(Exchange exchange, Form form) {
        String query = form.text("query");
        String user = form.text(Telling.USER);
        String session = form.text("session_id", Telling.DEFAULT_SESSION);
        List<String> names = Adds.cubes(form, "readable_cube_ids", user);
        List<String> writable =
                form.flag("add_message_on_answer", true) ? Adds.cubes(form, "writable_cube_ids", user) : List.of();
        Telling telling = Telling.of(form, user, session);
        List<Message> messages = messages(form, query);
        int maxTokens = form.integer("max_tokens", 512, 1, MOST_TOKENS);
        float temperature = (float) form.number("temperature", 0, 0);
        form.check();
        ChatRequest request = ChatRequest.of(messages)
                .in(session)
                .memoryTokens(MEMORY_TOKENS)
                .maxTokens(maxTokens)
                .choice(new Choice(temperature, 0))
                .remember(false);
        writable.forEach(name -> exchange.permitted(name, Permission.WRITE));
        return new Dialogue(exchange, request, readable(exchange, names, writable), writable, telling);
    }

    /** What was recalled stands before the question, not where a placeholder is. */
    private static List<Message> messages(Form form, String query) {
        List<Message> messages = new ArrayList<>();
        form.find("system_prompt")
                .map(prompt -> prompt.replace(PLACEHOLDER, "").strip())
                .filter(prompt -> !prompt.isEmpty())
                .ifPresent(prompt -> messages.add(Message.of(Role.SYSTEM, prompt)));
        List<Form> history = form.forms("history");
        history.subList(Math.max(0, history.size() - LAST), history.size()).forEach(turn -> {
            Role role = Role.parse(turn.word("role", "user", ROLES));
            String text = turn.text("content", "");
            if (!text.isBlank()) {
                messages.add(Message.of(role, text));
            }
        });
        messages.add(Message.user(query));
        return messages;
    }

    /** Those that exist; where there is none yet, the one that will remember. */
    private static List<MemCube> readable(Exchange exchange, List<String> names, List<String> writable) {
        List<MemCube> cubes = names.stream()
                .flatMap(name -> Holdings.cube(exchange, name, Permission.READ).stream())
                .toList();
        if (!cubes.isEmpty()) {
            return cubes;
        }
        return List.of(
                writable.isEmpty()
                        ? exchange.cube(names.getFirst(), Permission.READ)
                        : exchange.cubeToAddTo(writable.getFirst()));
    }

    ChatReply answer(Predicate<String> sink) {
        try {
            ChatReply reply = readable.size() == 1
                    ? readable.getFirst().chat(request, sink)
                    : exchange.memos()
                            .compose(readable.stream()
                                    .map(MemCube::id)
                                    .distinct()
                                    .toArray(CubeId[]::new))
                            .chat(request, sink);
            remember(reply.text());
            noted(200);
            return reply;
        } catch (MemoryException e) {
            noted(e.code().httpStatus());
            throw e;
        }
    }

    private void remember(String answer) {
        List<Message> said = new ArrayList<>();
        said.add(kept(request.messages().getLast()));
        if (!answer.isBlank()) {
            said.add(kept(Message.assistant(answer)));
        }
        writable.forEach(name -> exchange.cubeToAddTo(name).add(AddRequest.of(said)));
    }

    private Message kept(Message message) {
        return message.in(telling.session()).with(telling.metadata());
    }

    private void noted(int outcome) {
        if (!writable.isEmpty()) {
            exchange.changed(exchange.route().name(), outcome);
        }
    }
}
