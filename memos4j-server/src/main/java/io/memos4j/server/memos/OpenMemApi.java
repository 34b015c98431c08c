package io.memos4j.server.memos;

import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.List;
import java.util.stream.Stream;

/** The API of the MemOS cloud, for clients that are pointed here by their base URL: under {@code /api/openmem/v1}, with or without {@code /platform}. */
public final class OpenMemApi implements Surface {
    private static final int NOT_IMPLEMENTED = 501;

    /** What the cloud has and this server has not. */
    private static final List<String> ABSENT = List.of(
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
                Route.post(base + "/add/message", Need.WRITE, OpenMem.call(OpenMemAdds::add)),
                Route.post(base + "/add/feedback", Need.WRITE, OpenMem.call(OpenMemAdds::feedback)),
                Route.post(base + "/update/memory", Need.WRITE, OpenMem.call(OpenMemAdds::update)),
                Route.post(base + "/delete/memory", Need.WRITE, OpenMem.call(OpenMemAdds::delete)),
                Route.post(base + "/search/memory", Need.READ, OpenMem.call(OpenMemReads::search)),
                Route.post(base + "/get/memory", Need.READ, OpenMem.call(OpenMemReads::list)),
                Route.get(base + "/get/memory/{memory}", Need.READ, OpenMemReads::one),
                Route.post(base + "/get/message", Need.READ, OpenMem.call(OpenMemReads::messages)),
                Route.post(base + "/get/status", Need.READ, OpenMem.call(OpenMemAdds::status)));
        return Stream.concat(
                present, ABSENT.stream().map(path -> Route.post(base + path, Need.READ, OpenMemApi::absent)));
    }

    private static void absent(Exchange exchange) {
        OpenMem.refuse(
                exchange,
                NOT_IMPLEMENTED,
                "This server has no " + exchange.context().path().replaceAll(".*/v1", "")
                        + ". It keeps, searches and forgets memories.");
    }

    @Override
    public Refusal refusal() {
        return OpenMem::refuse;
    }
}
