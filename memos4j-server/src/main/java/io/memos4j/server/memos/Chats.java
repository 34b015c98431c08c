package io.memos4j.server.memos;

import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.List;
import java.util.stream.Stream;

/** The routes of MemOS that answer in a language model's words. This server has none to answer with, and says so, as MemOS does without one. */
final class Chats implements Surface {
    private static final int UNAVAILABLE = 503;

    @Override
    public List<Route> routes() {
        return Stream.of(
                        "/chat/complete",
                        "/chat/stream",
                        "/chat/stream/playground",
                        "/chat/stream/business_user",
                        "/suggestions")
                .map(path -> Route.post("/product" + path, Need.READ, Chats::unavailable))
                .toList();
    }

    private static void unavailable(Exchange exchange) {
        exchange.answer(
                UNAVAILABLE,
                Product.envelope(
                        UNAVAILABLE,
                        "Chat is not available: this server has no chat model. Search for memories and give them to a model of"
                                + " your own.",
                        null));
    }
}
