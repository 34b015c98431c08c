package io.memos4j.server;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests the wire contract of the self-hosted MemOS server, in the order of its checklist. */
class MemosConformanceTest extends MemosFacadeTestBase {
    @Test
    void item01MessagesAreThoseOfTheContract() {
        var added = call(
                "/add",
                "{'user_id':'alice','writable_cube_ids':['alice_cube'],'messages':[{'role':'user','content':'I like "
                        + "strawberry'}],'async_mode':'sync'}");
        assertThat(added.text("/message")).isEqualTo("Memory added successfully");
        assertThat(added.text("/data/0/memory")).isEqualTo("I like strawberry");
        assertThat(added.text("/data/0/memory_type")).isEqualTo("UserMemory");
        assertThat(added.text("/data/0/cube_id")).isEqualTo("alice_cube");
        String id = added.text("/data/0/memory_id");
        assertThat(message("/search", "{'user_id':'alice','query':'strawberry'}"))
                .isEqualTo("Search completed successfully");
        assertThat(message("/get_memory", "{'mem_cube_id':'alice_cube'}")).isEqualTo("Memories retrieved successfully");
        assertThat(get("/product/get_memory/" + id).text("/message")).isEqualTo("Memory retrieved successfully");
        assertThat(message("/create_cube", "{'cube_name':'n','owner_id':'alice'}"))
                .isEqualTo("Cube created successfully");
        assertThat(message("/exist_mem_cube_id", "{'mem_cube_id':'n'}")).isEqualTo("Successfully");
        assertThat(message("/feedback", "{'user_id':'alice','history':null,'feedback_content':'I like cherries'}"))
                .isEqualTo("Memory feedback successfully");
        assertThat(message("/delete_memory_by_record_id", "{'mem_cube_id':'n','record_id':'r'}"))
                .isEqualTo("Called Successfully");
        assertThat(message("/delete_memory", "{'memory_ids':['" + id + "']}"))
                .isEqualTo("Memories deleted successfully");
        assertThat(get("/product/get_memory/" + id).text("/message")).isEqualTo("Memory with ID " + id + " not found");
    }

    private String message(String path, String body) {
        var answer = call(path, body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("/code").intValue()).isEqualTo(200);
        return answer.text("/message");
    }

    @Test
    void item02EnvelopesAndErrorsAreThoseOfTheContract() {
        var missing = call("/add", "{'messages':'x','unknown':{'a':1}}");
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.text("/message"))
                .isEqualTo("Parameter validation error on POST /product/add: [body -> user_id] Field required (type: "
                        + "missing)");
        assertThat(missing.at("/code").intValue()).isEqualTo(422);
        assertThat(missing.at("/data").isNull()).isTrue();
        assertThat(missing.text("/detail/0/type")).isEqualTo("missing");
        assertThat(missing.text("/detail/0/loc/1")).isEqualTo("user_id");
        var several = call("/search", "{'query':7,'top_k':0}");
        assertThat(several.text("/message"))
                .contains("[body -> query] Input should be a valid string (type: string_type); ")
                .contains("[body -> user_id] Field required (type: missing)")
                .contains("[body -> top_k] Input should be greater than or equal to 1 (type: greater_than_equal)");
        assertThat(call("/add", "{'user_id'").text("/message")).contains("JSON decode error (type: json_invalid)");
        assertThat(call("/add", "[]").status()).isEqualTo(422);
        assertThat(call("/search", "{'user_id':'a','query':' '}").status()).isEqualTo(400);
        assertThat(call("/search", "{'user_id':'a','query':' '}").at("/code").intValue())
                .isEqualTo(400);
        assertThat(server.post("", "/product/add", "{}").at("/code").intValue()).isEqualTo(401);
        for (String scheme : List.of("Token ", "Bearer ", "")) {
            assertThat(server.send(
                                    "",
                                    "POST",
                                    "/product/exist_mem_cube_id",
                                    "{'mem_cube_id':'x','conversation_id':1}",
                                    java.util.Map.of("Authorization", scheme + key))
                            .at("/data/x")
                            .booleanValue())
                    .isFalse();
        }
        assertThat(server.get("", "/health").text("/service")).isEqualTo("memos");
    }

    @Test
    void item03EveryReadableCubeHasABucketInEveryList() {
        add("{'user_id':'alice','messages':'something'}");
        var found = call(
                "/search",
                "{'user_id':'alice','query':'nothing alike','readable_cube_ids':['alice','bob','@other/notes']}");
        for (String list : List.of("text_mem", "pref_mem", "tool_mem", "skill_mem")) {
            assertThat(found.at("/data/" + list)
                            .valueStream()
                            .map(each -> each.path("cube_id").asString()))
                    .containsExactly("alice", "bob", "@other/notes");
        }
        assertThat(found.at("/data/act_mem").isEmpty()).isTrue();
        assertThat(found.at("/data/para_mem").isArray()).isTrue();
        assertThat(found.text("/data/pref_note")).isEmpty();
        assertThat(found.at("/data").has("pref_string")).isFalse();
    }

    @Test
    void item04ASynchronousAddTellsEverythingThatWasRemembered() {
        var added = call(
                "/add",
                "{'user_id':'alice','async_mode':'sync','messages':[{'role':'user','content':'I moved to Lyon'},"
                        + "{'role':'assistant','content':[{'type':'text','text':'Noted.'},{'type':'image_url',"
                        + "'image_url':{'url':'data:x'}}]},"
                        + "{'role':'tool','tool_call_id':'c1','content':'42'},{'type':'text','text':'a note'}]}");
        assertThat(added.at("/data")
                        .valueStream()
                        .map(each -> each.path("memory").asString()))
                .contains("I moved to Lyon", "Noted.\n[image]", "42", "a note");
        assertThat(added.at("/data")
                        .valueStream()
                        .map(each -> each.path("memory_type").asString()))
                .contains("UserMemory", "LongTermMemory", "ToolTrajectoryMemory");
        assertThat(call("/add", "{'user_id':'alice'}").at("/data").isEmpty()).isTrue();
        assertThat(call("/add", "{'user_id':'alice','messages':[{'role':'king','content':'x'}]}")
                        .text("/message"))
                .contains("[body -> messages -> 0 -> role] Input should be 'system', 'user', 'assistant' or 'tool'");
    }

    @Test
    void item05AnAsynchronousAddIsFoundAtOnceAndItsWorkCanBeWaitedFor() {
        String id = add("{'user_id':'alice','task_id':'t 1','messages':[{'role':'user','content':'I play the oboe'}]}");
        assertThat(texts(call("/search", "{'user_id':'alice','query':'oboe'}"), "text_mem"))
                .containsExactly("I play the oboe");
        var waited = post("/product/scheduler/wait?user_name=alice&timeout_seconds=20", "{}");
        assertThat(waited.text("/message")).isEqualTo("idle");
        assertThat(waited.at("/data/timed_out").booleanValue()).isFalse();
        var status = get("/product/scheduler/status?user_id=alice&task_id=t%201");
        assertThat(status.text("/message")).isEqualTo("Memory get status successfully");
        assertThat(status.text("/data/0/status")).isEqualTo("completed");
        assertThat(get("/product/scheduler/status?user_id=alice&task_id=t2").status())
                .isEqualTo(404);
        assertThat(get("/product/scheduler/status").text("/message")).contains("[query -> user_id] Field required");
        assertThat(get("/product/scheduler/allstatus")
                        .at("/data/scheduler_summary")
                        .has("in_progress"))
                .isTrue();
        assertThat(get("/product/scheduler/task_queue_status?user_id=alice")
                        .at("/data/remaining_tasks_count")
                        .intValue())
                .isZero();
        assertThat(get("/product/get_memory/" + id).text("/data/memory")).isEqualTo("I play the oboe");
    }

    @Test
    void item06TheDefaultThresholdKeepsWhatIsRelevant() {
        for (int i = 0; i < 30; i++) {
            add("{'user_id':'alice','messages':'Entry number " + i + " about the weather'}");
        }
        add("{'user_id':'alice','messages':'The oboe lesson moved to Friday'}");
        var found = call("/search", "{'user_id':'alice','query':'When is the oboe lesson?'}");
        assertThat(texts(found, "text_mem")).first().isEqualTo("The oboe lesson moved to Friday");
        assertThat(found.at("/data/text_mem/0/memories")
                        .valueStream()
                        .mapToDouble(each -> each.at("/metadata/relativity").doubleValue()))
                .allMatch(score -> score >= 0.45 && score <= 1);
        assertThat(texts(
                        call("/search", "{'user_id':'alice','query':'entry weather','top_k':7,'relativity':0}"),
                        "text_mem"))
                .hasSize(7);
        assertThat(texts(call("/search", "{'user_id':'alice','query':'oboe','relativity':1.5}"), "text_mem"))
                .isEmpty();
        String id = found.text("/data/text_mem/0/memories/0/id");
        assertThat(found.text("/data/text_mem/0/memories/0/ref_id")).isEqualTo("[" + id.substring(0, 8) + "]");
        assertThat(found.text("/data/text_mem/0/memories/0/metadata/id")).isEqualTo(id);
        assertThat(found.at("/data/text_mem/0/memories/0/metadata/embedding").isEmpty())
                .isTrue();
    }

    @Test
    void item07FreeTimesAreUnderstood() {
        add("{'user_id':'alice','messages':[{'role':'user','content':'I saw a heron','chat_time':'1:56 pm on 8 "
                + "May, 2023'}]}");
        var found = call("/search", "{'user_id':'alice','query':'heron','reference_time':'2023-06-01 10:00'}");
        assertThat(found.text("/data/text_mem/0/memories/0/metadata/sources/0/chat_time"))
                .isEqualTo("2023-05-08T13:56:00Z");
        assertThat(call("/search", "{'user_id':'alice','query':'heron','reference_time':'soonish'}")
                        .status())
                .isEqualTo(400);
        add("{'user_id':'alice','messages':[{'role':'user','content':'I saw a stork','chat_time':'the other day'}]}");
        assertThat(call("/search", "{'user_id':'alice','query':'stork'}")
                        .text("/data/text_mem/0/memories/0/metadata/chat_time"))
                .isEqualTo("the other day");
    }

    @Test
    void item08DeletionByUserIsCompleteAndImmediate() {
        add("{'user_id':'alice','writable_cube_ids':['shared'],'messages':'alice one'}");
        add("{'user_id':'alice','writable_cube_ids':['shared'],'session_id':'s','messages':'alice two'}");
        add("{'user_id':'bob','writable_cube_ids':['shared'],'messages':'bob one'}");
        var deleted = call("/delete_memory", "{'user_id':'alice','writable_cube_ids':['shared']}");
        assertThat(deleted.text("/data/status")).isEqualTo("success");
        assertThat(texts(
                        call(
                                "/search",
                                "{'user_id':'x','readable_cube_ids':['shared'],'query':'alice bob one two',"
                                        + "'relativity':0}"),
                        "text_mem"))
                .containsExactly("bob one");
        assertThat(texts(call("/get_memory", "{'mem_cube_id':'shared'}"), "text_mem"))
                .containsExactly("bob one");
        var both = call("/delete_memory", "{'memory_ids':['x'],'user_id':'bob'}");
        assertThat(both.status()).isEqualTo(200);
        assertThat(both.text("/data/status")).isEqualTo("failure");
        assertThat(both.text("/message")).startsWith("Exactly one delete mode must be provided");
        assertThat(call("/delete_memory", "{'filter':{},'writable_cube_ids':['shared']}")
                        .text("/data/status"))
                .isEqualTo("failure");
        assertThat(call("/delete_memory", "{'session_id':'a','conversation_id':'b'}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void item09FiltersWorkOnInfoUnderBothNames() {
        add("{'user_id':'alice','messages':'red fish','custom_tags':['colour'],'info':{'team':'blue','size':3,"
                + "'nothing':null}}");
        add("{'user_id':'alice','session_id':'s2','messages':[{'role':'user','content':'green fish'}],"
                + "'info':{'team':'navy blue','size':5}}");
        assertThat(chosen("{'and':[{'team':'blue'}]}")).containsExactly("red fish");
        assertThat(chosen("{'and':[{'info.team':'blue'}]}")).containsExactly("red fish");
        assertThat(chosen("{'team':'blue'}")).containsExactly("red fish");
        assertThat(chosen("{'and':[{'team':{'like':'blue'}}]}")).hasSize(2);
        assertThat(chosen("{'and':[{'size':{'gt':3,'lte':5}}]}")).containsExactly("green fish");
        assertThat(chosen("{'or':[{'size':{'in':[3,4]}},{'team':'none'}]}")).containsExactly("red fish");
        assertThat(chosen("{'and':[{'tags':{'contains':'colour'}}]}")).containsExactly("red fish");
        assertThat(chosen("{'and':[{'session_id':'s2'}]}")).containsExactly("green fish");
        assertThat(chosen("{'and':[{'memory_type':'UserMemory'}]}")).containsExactly("green fish");
        assertThat(chosen("{'and':[{'created_at':{'gte':'2020-01-01'}}]}")).hasSize(2);
        assertThat(chosen("{'and':[{'created_at':{'lt':'2020-01-01'}}]}")).isEmpty();
        assertThat(chosen("{'alice':{'team':'blue'}}")).containsExactly("red fish");
        for (String bad : List.of(
                "{'and':[{'team':{'ne':'x'}}]}",
                "{'and':[{'memory':{'like':'x'}}]}",
                "{'and':[],'team':'x'}",
                "{'and':[{'size':{'in':3}}]}",
                "{'and':[{'created_at':{'gt':'whenever'}}]}",
                "{'and':[{'team':null}]}")) {
            assertThat(call("/search", "{'user_id':'alice','query':'fish','filter':" + bad + "}")
                            .status())
                    .as(bad)
                    .isEqualTo(400);
        }
    }

    private List<String> chosen(String filter) {
        var listed = call(
                "/get_memory",
                "{'mem_cube_id':'alice','filter':" + filter.replace("{'alice':{'team':'blue'}}", "{'team':'blue'}")
                        + "}");
        var found = call("/search", "{'user_id':'alice','query':'fish','relativity':0,'filter':" + filter + "}");
        assertThat(texts(found, "text_mem")).as(filter).containsExactlyInAnyOrderElementsOf(texts(listed, "text_mem"));
        return texts(found, "text_mem");
    }

    @Test
    void item10TheCloudFacadeIsServedUnderBothPrefixes() {
        for (String prefix : List.of("/api/openmem/v1", "/platform/api/openmem/v1")) {
            assertThat(post(prefix + "/search/memory", "{'user_id':'alice','query':'x'}")
                            .text("/message"))
                    .isEqualTo("ok");
        }
    }

    @Test
    void item11NoFileIsReadFromTheServersDisk() {
        for (String body : List.of(
                "{'user_id':'a','doc_path':'/etc/passwd'}",
                "{'user_id':'a','messages':[{'type':'file','file':{'path':'/etc/passwd'}}]}",
                "{'user_id':'a','messages':[{'role':'user','content':[{'type':'file','file':{'file_id':'x'}}]}]}",
                "{'user_id':'a','messages':[{'type':'file','file':{'file_data':'http://127.0.0.1/x'}}]}")) {
            var refused = call("/add", body);
            assertThat(refused.status()).as(body).isEqualTo(400);
            assertThat(refused.text("/message")).contains("file_data");
        }
        call(
                "/add",
                "{'user_id':'a','messages':[{'type':'file','file':{'filename':'n.md',"
                        + "'file_data':'data:text/markdown;base64,IyBIZXJvbnMKClRoZXkgd2FkZS4='}}]}");
        var found = call("/search", "{'user_id':'a','query':'herons wade'}");
        assertThat(found.text("/data/text_mem/0/memories/0/metadata/memory_type"))
                .isEqualTo("RawFileMemory");
        assertThat(texts(found, "text_mem").getFirst()).contains("They wade.");
    }

    @Test
    void item12ChatSaysThatThereIsNoModelAndWaitingIsAStream() {
        for (String path : List.of("/chat/complete", "/chat/stream", "/suggestions")) {
            var refused = call(path, "{'user_id':'a','query':'x'}");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text("/message")).contains("no chat model");
        }
        var stream = get("/product/scheduler/wait/stream?user_name=alice&timeout_seconds=5");
        assertThat(stream.response().headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        assertThat(stream.response().body()).contains("data: {").contains("\"status\":\"idle\"");
    }
}
