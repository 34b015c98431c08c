package io.memos4j.server;

import io.memos4j.server.RunningServer.Answer;
import java.util.List;

/** Base class of tests of the self-hosted MemOS API. */
abstract class MemosFacadeTestBase extends ServerTestBase {
    final Answer call(String path, String body) {
        return post("/product" + path, body);
    }

    /** Adds and returns the id of the first resulting memory. */
    final String add(String body) {
        return call("/add", body).text("/data/0/memory_id");
    }

    /** Returns the memories of the first cube in a list of the response. */
    static List<String> texts(Answer answer, String list) {
        return answer.at("/data/" + list + "/0/memories")
                .valueStream()
                .map(each -> each.path("memory").asString())
                .toList();
    }
}
