package io.memos4j.server.v1;

import io.memos4j.api.ChatReply;
import io.memos4j.api.ChatRequest;
import io.memos4j.api.ChatRequest.Choice;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Message;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Events;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Problem;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Talking to the model that answers with the help of a cube's memory. Who lets it remember must be allowed to write. */
final class Conversations implements Surface {
    private static final int MOST_TOKENS = 1_000_000;

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/v1/cubes/{cube}/chat", Need.READ, Conversations::chat));
    }

    private static void chat(Exchange exchange) {
        Body body = exchange.body();
        ChatRequest request = request(body);
        boolean streamed = body.flag("stream", false);
        body.done();
        try {
            MemCube cube = request.remember() ? exchange.cubeToAddTo(exchange.path("cube")) : exchange.cube();
            if (streamed) {
                stream(exchange, cube, request);
            } else {
                exchange.ok(whole(exchange, answer(exchange, cube, request, text -> true)));
            }
        } catch (MemoryException e) {
            noted(exchange, request, e.code().httpStatus());
            throw e;
        }
    }

    private static ChatReply answer(Exchange exchange, MemCube cube, ChatRequest request, Predicate<String> sink) {
        ChatReply reply = cube.chat(request, sink);
        noted(exchange, request, 200);
        return reply;
    }

    /** Only what is remembered changes something. */
    private static void noted(Exchange exchange, ChatRequest request, int outcome) {
        if (request.remember()) {
            exchange.changed(exchange.route().name(), outcome);
        }
    }

    private static ChatRequest request(Body body) {
        String session = body.text("session", "");
        List<Message> messages = body.objects("messages").stream()
                .map(each -> Inputs.message(each, session))
                .toList();
        return new ChatRequest(
                messages,
                session,
                body.integer("memory_tokens", 512, 0, MOST_TOKENS),
                body.integer("max_tokens", 512, 1, MOST_TOKENS),
                new Choice(
                        body.number("temperature").orElse(0.0).floatValue(),
                        body.integer("seed", 0, Integer.MIN_VALUE, Integer.MAX_VALUE)),
                true,
                body.flag("adapters", true),
                body.flag("remember", true));
    }

    private static Map<String, Object> whole(Exchange exchange, ChatReply reply) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("text", reply.text());
        json.putAll(new Shapes(exchange::shown).reply(reply));
        return json;
    }

    /** What fails before the first word is answered like any other call; after it, with an event. */
    private static void stream(Exchange exchange, MemCube cube, ChatRequest request) {
        Events events = new Events(exchange);
        try {
            ChatReply reply = answer(
                    exchange, cube, request, text -> text.isEmpty() || events.send("delta", Map.of("text", text)));
            events.send("reply", new Shapes(exchange::shown).reply(reply));
        } catch (RuntimeException e) {
            if (events.begun()) {
                events.send("problem", Problem.of(e).json(exchange.requestId()));
            }
            throw e;
        }
    }
}
