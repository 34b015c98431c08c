package io.memos4j.server.memos;

import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.List;
import java.util.stream.Stream;

/**
 * The API of the MemOS cloud, for clients whose base URL points here: {@code /api/openmem/v1}, with or without
 * {@code /platform}.
 */
public final class OpenMemApi implements RouteGroup {
    private static final int NOT_IMPLEMENTED = 501;

    /** Routes of the cloud that this server does not support. */
    private static final List<String> UNSUPPORTED = List.of(
            "/extract/memory",
            "/rerank",
            "/chat",
            "/create/knowledgebase",
            "/delete/knowledgebase",
            "/add/knowledgebase-file",
            "/get/knowledgebase-file",
            "/delete/knowledgebase-file",
            "/bind/profile_template",
            "/edit/profile",
            "/delete/profile");

    @Override
    public List<Route> routes() {
        return Stream.of("/api/openmem/v1", "/platform/api/openmem/v1")
                .flatMap(OpenMemApi::routes)
                .toList();
    }

    private static Stream<Route> routes(String base) {
        Stream<Route> present = Stream.of(
                Route.post(base + "/add/message", RequiredAccess.WRITE, OpenMemProtocol.call(OpenMemWrites::add)),
                Route.post(base + "/add/feedback", RequiredAccess.WRITE, OpenMemProtocol.call(OpenMemWrites::feedback)),
                Route.post(base + "/update/memory", RequiredAccess.WRITE, OpenMemProtocol.call(OpenMemWrites::update)),
                Route.post(base + "/delete/memory", RequiredAccess.WRITE, OpenMemProtocol.call(OpenMemWrites::delete)),
                Route.post(base + "/search/memory", RequiredAccess.READ, OpenMemProtocol.call(OpenMemReads::search)),
                Route.post(base + "/get/memory", RequiredAccess.READ, OpenMemProtocol.call(OpenMemReads::list)),
                Route.get(base + "/get/memory/{memory}", RequiredAccess.READ, OpenMemReads::one),
                Route.post(base + "/get/message", RequiredAccess.READ, OpenMemProtocol.call(OpenMemReads::messages)),
                Route.post(base + "/get/status", RequiredAccess.READ, OpenMemProtocol.call(OpenMemWrites::status)));
        return Stream.concat(
                present,
                UNSUPPORTED.stream()
                        .map(path -> Route.post(base + path, RequiredAccess.READ, OpenMemApi::unsupported)));
    }

    private static void unsupported(HttpExchange exchange) {
        OpenMemProtocol.refuse(
                exchange,
                NOT_IMPLEMENTED,
                "This server does not support "
                        + exchange.context().path().replaceAll(".*/v1", "")
                        + ". It adds, searches, lists and deletes memories.");
    }

    @Override
    public ErrorWriter errorWriter() {
        return OpenMemProtocol::refuse;
    }
}
