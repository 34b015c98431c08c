package io.memos4j.server;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests the wire contract of the MemOS cloud. */
class OpenMemConformanceTest extends ServerTestBase {
    private RunningServer.Answer call(String path, String body) {
        return post("/api/openmem/v1" + path, body);
    }

    private RunningServer.Answer ok(String path, String body) {
        var answer = call(path, body);
        assertThat(answer.at("/code").intValue()).as(answer.response().body()).isZero();
        assertThat(answer.text("/message")).isEqualTo("ok");
        return answer;
    }

    private String addHeron() {
        return ok(
                        "/add/message",
                        "{'user_id':'alice','conversation_id':'c1','tags':['birds'],'info':{'scene':'walk'},"
                                + "'messages':[{'role':'user','content':'I saw a heron'},{'role':'assistant',"
                                + "'content':'Where?'}]}")
                .text("/data/task_id");
    }

    @Test
    void whatWasAddedIsFoundListedAndRead() {
        String task = addHeron();
        assertThat(ok("/get/status", "{'task_id':'" + task + "'}").text("/data/status"))
                .isEqualTo("completed");
        var found = ok(
                "/search/memory",
                "{'user_id':'alice','query':'heron','filter':{'and':[{'scene':'walk'},"
                        + "{'tags':{'contains':'birds'}}]}}");
        assertThat(found.text("/data/memory_detail_list/0/memory_value")).isEqualTo("I saw a heron");
        assertThat(found.text("/data/memory_detail_list/0/conversation_id")).isEqualTo("c1");
        assertThat(found.text("/data/memory_detail_list/0/tags/0")).isEqualTo("birds");
        assertThat(found.at("/data/memory_detail_list/0/create_time").isIntegralNumber())
                .isTrue();
        assertThat(found.at("/data/preference_detail_list").isArray()).isTrue();
        var listed = ok("/get/memory", "{'user_id':'alice','size':1,'page':2}");
        assertThat(listed.at("/data/total").intValue()).isEqualTo(2);
        assertThat(listed.at("/data/pages").intValue()).isEqualTo(2);
        assertThat(listed.at("/data/memory_detail_list").size()).isEqualTo(1);
        String id = found.text("/data/memory_detail_list/0/id");
        assertThat(get("/api/openmem/v1/get/memory/" + id).text("/data/memory_value"))
                .isEqualTo("I saw a heron");
        var turns = ok("/get/message", "{'user_id':'alice','conversation_id':'c1'}");
        assertThat(turns.at("/data/message_detail_list")
                        .valueStream()
                        .map(each -> each.path("role").asString()))
                .containsExactly("user", "assistant");
    }

    @Test
    void memoriesAreChangedCorrectedAndDeleted() {
        addHeron();
        String id = ok("/search/memory", "{'user_id':'alice','query':'heron'}").text("/data/memory_detail_list/0/id");
        assertThat(ok("/update/memory", "{'memory_id':'" + id + "','content':'I saw a stork'}")
                        .text("/data/memory_value"))
                .isEqualTo("I saw a stork");
        assertThat(ok("/add/feedback", "{'user_id':'alice','feedback_content':'It was a crane'}")
                        .at("/data/success")
                        .booleanValue())
                .isTrue();
        ok("/delete/memory", "{'memory_ids':['" + id + "']}");
        assertThat(get("/api/openmem/v1/get/memory/" + id).at("/code").intValue())
                .isEqualTo(40_400);
        ok("/delete/memory", "{'user_id':'alice'}");
        assertThat(ok("/get/memory", "{'user_id':'alice'}").at("/data/total").intValue())
                .isZero();
    }

    @Test
    void anAgentsMemoriesAreItsOwn() {
        ok("/add/message", "{'agent_id':'bot','messages':[{'role':'user','content':'for the bot'}]}");
        assertThat(ok("/search/memory", "{'agent_id':'bot','query':'bot'}")
                        .at("/data/memory_detail_list")
                        .size())
                .isEqualTo(1);
        assertThat(ok("/search/memory", "{'user_id':'bot','query':'bot'}")
                        .at("/data/memory_detail_list")
                        .size())
                .isZero();
    }

    @Test
    void mistakesHaveACodeAndTheSameEnvelope() {
        var missing = call("/search/memory", "{'user_id':'alice'}");
        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.at("/code").intValue()).isEqualTo(40_000);
        assertThat(missing.text("/message")).contains("query");
        assertThat(call("/delete/memory", "{}").at("/code").intValue()).isEqualTo(40_000);
        assertThat(call("/get/status", "{'task_id':'none'}").at("/code").intValue())
                .isEqualTo(40_400);
        var absent = call("/create/knowledgebase", "{'knowledgebase_name':'x'}");
        assertThat(absent.at("/code").intValue()).isEqualTo(50_100);
        assertThat(absent.text("/message")).contains("/create/knowledgebase");
        assertThat(server.post("", "/api/openmem/v1/search/memory", "{}")
                        .at("/code")
                        .intValue())
                .isEqualTo(40_100);
    }
}
