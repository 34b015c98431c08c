package io.memos4j.server;

import io.memos4j.server.RunningServer.Answer;
import java.util.List;

/** A client of the routes of MemOS's own server. */
abstract class MemosFacadeTestBase extends ServerTestBase {
    final Answer call(String path, String body) {
        return post("/product" + path, body);
    }

    /** The id of the first memory that came of it. */
    final String add(String body) {
        return call("/add", body).text("/data/0/memory_id");
    }

    /** The memories of the first cube in this list of the answer. */
    static List<String> texts(Answer answer, String list) {
        return answer.at("/data/" + list + "/0/memories")
                .valueStream()
                .map(each -> each.path("memory").asString())
                .toList();
    }
}
