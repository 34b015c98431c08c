package io.memos4j.server.v1;

import io.memos4j.api.MemCube;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.chat.ChatRequest.Sampling;
import io.memos4j.api.items.Message;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.ProblemDetail;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.http.SseResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The route that chats with the model, with the memories of a cube. A chat that is remembered requires write
 * permission.
 */
final class ChatRoutes implements RouteGroup {
    private static final int MOST_TOKENS = 1_000_000;

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/v1/cubes/{cube}/chat", RequiredAccess.READ, ChatRoutes::chat)
                .waiting());
    }

    private static void chat(HttpExchange exchange) {
        JsonBody body = exchange.body();
        ChatRequest request = request(body);
        boolean streamed = body.flag("stream", false);
        body.rejectUnknownFields();
        MemCube cube = request.remember() ? exchange.cubeForWriting(exchange.pathParameter("cube")) : exchange.cube();
        if (streamed) {
            stream(exchange, cube, request);
        } else {
            exchange.ok(completeReply(ApiJson.of(exchange), cube.chat(request, text -> true)));
        }
    }

    private static ChatRequest request(JsonBody body) {
        String session = body.text("session", "");
        List<Message> messages = body.objects("messages").stream()
                .map(each -> AddRequestParser.message(each, session, Sensitivity.INTERNAL))
                .toList();
        return new ChatRequest(
                messages,
                session,
                body.integer("memory_tokens", 512, 0, MOST_TOKENS),
                body.integer("max_tokens", 512, 1, MOST_TOKENS),
                new Sampling(
                        body.number("temperature").orElse(0.0).floatValue(),
                        body.integer("seed", 0, Integer.MIN_VALUE, Integer.MAX_VALUE)),
                true,
                body.flag("adapters", true),
                body.flag("remember", true));
    }

    private static Map<String, Object> completeReply(ApiJson render, ChatReply reply) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("text", reply.text());
        json.putAll(render.reply(reply));
        return json;
    }

    /** Streams the reply. A failure before the first token is reported like any other, a later one as an event. */
    private static void stream(HttpExchange exchange, MemCube cube, ChatRequest request) {
        SseResponse events = new SseResponse(exchange);
        try {
            ChatReply reply = cube.chat(request, text -> text.isEmpty() || events.send("delta", Map.of("text", text)));
            events.send("reply", ApiJson.of(exchange).reply(reply));
        } catch (RuntimeException e) {
            if (events.hasStarted()) {
                ProblemDetail problem = ProblemDetail.of(e);
                events.send("problem", problem.json(exchange.requestId()));
                exchange.recordFailure(exchange.route().name(), problem.status());
            }
            throw e;
        }
    }
}
