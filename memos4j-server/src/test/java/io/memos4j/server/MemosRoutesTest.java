package io.memos4j.server;

import io.memos4j.api.access.Permission;
import io.memos4j.api.items.ItemType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests the self-hosted MemOS API beyond its checklist, and its permissions. */
class MemosRoutesTest extends MemosFacadeTestBase {
    @Test
    void memoriesAreReadListedAndCalledBack() {
        String one = add("{'user_id':'alice','messages':'first'}");
        String two = add("{'user_id':'alice','messages':'second'}");
        var several = post("/product/get_memory_by_ids", "['" + one + "','" + two + "','nonsense']");
        assertThat(several.at("/data/memories").size()).isEqualTo(2);
        var page = call("/get_memory", "{'mem_cube_id':'alice','page':2,'page_size':1}");
        assertThat(texts(page, "text_mem")).containsExactly("first");
        assertThat(page.at("/data/text_mem/0/total_nodes").intValue()).isEqualTo(2);
        assertThat(call("/get_memory_dashboard", "{}")
                        .at("/data/statistics/total_text_nodes")
                        .intValue())
                .isEqualTo(2);
        assertThat(call("/get_all", "{'user_id':'alice','memory_type':'text_mem'}")
                        .at("/data/0/memories/0/nodes")
                        .size())
                .isEqualTo(2);
        assertThat(call("/get_user_names_by_memory_ids", "{'memory_ids':['" + one + "','x']}")
                        .text("/data/" + one))
                .isEqualTo("alice");
        call("/delete_memory_by_record_id", "{'mem_cube_id':'alice','record_id':'r1'}");
        assertThat(texts(call("/search", "{'user_id':'alice','query':'first second'}"), "text_mem"))
                .isEmpty();
        assertThat(get("/product/get_memory/" + one).text("/data/metadata/status"))
                .isEqualTo("deleted");
        call("/recover_memory_by_record_id", "{'mem_cube_id':'alice','delete_record_id':'r1'}");
        assertThat(texts(call("/search", "{'user_id':'alice','query':'first second'}"), "text_mem"))
                .hasSize(2);
        call("/delete_memory_by_record_id", "{'mem_cube_id':'alice','record_id':'r2','hard_delete':true}");
        assertThat(texts(call("/get_memory", "{'mem_cube_id':'alice'}"), "text_mem"))
                .isEmpty();
    }

    @Test
    void feedbackTellsWhatItReplaced() {
        String wrong = add("{'user_id':'alice','messages':[{'role':'user','content':'I live in Paris.'}]}");
        var corrected = call(
                "/feedback",
                "{'user_id':'alice','history':[],'feedback_content':'No, I live in Lyon.','async_mode':'sync',"
                        + "'retrieved_memory_ids':['"
                        + wrong + "']}");
        assertThat(corrected.text("/data/0/record/add/0/text")).isEqualTo("No, I live in Lyon.");
        assertThat(corrected.text("/data/0/record/update/0/archived_id")).isEqualTo(wrong);
        assertThat(corrected.text("/data/0/record/update/0/origin_memory")).isEqualTo("I live in Paris.");
        var added = call(
                "/add",
                "{'user_id':'alice','is_feedback':true,'messages':[{'role':'user','content':'I live in Nice now.'}]}");
        assertThat(added.text("/message")).isEqualTo("Memory feedback successfully");
        assertThat(call("/feedback", "{'user_id':'a','history':null,'feedback_content':'x y z'}")
                        .at("/data/0")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void preferencesHaveAListANoteAndAPassage() {
        var cube = server.memos().cube("acme/alice");
        cube.add(io.memos4j.api.items.Note.of("Alice prefers tea to coffee").as(ItemType.PREFERENCE));
        var found = call("/search", "{'user_id':'alice','query':'tea or coffee'}");
        assertThat(texts(found, "pref_mem")).containsExactly("Alice prefers tea to coffee");
        assertThat(texts(found, "text_mem")).isEmpty();
        assertThat(found.text("/data/pref_string"))
                .startsWith("Explicit Preference:\n1. Alice prefers tea to coffee\n")
                .doesNotContain("Implicit");
        assertThat(found.at("/data/pref_mem/0/total_nodes").intValue()).isEqualTo(1);
        assertThat(texts(call("/search", "{'user_id':'alice','query':'tea','include_preference':false}"), "pref_mem"))
                .isEmpty();
    }

    @Test
    void aMessageThatStatesAPreferenceIsListedOnceWithItsMetadata() {
        add("{'user_id':'alice','custom_tags':['food'],'info':{'app':'demo'},'messages':[{'role':'user','content':"
                + "'I am allergic to shellfish.'}]}");
        add("{'user_id':'alice','messages':[{'role':'user','content':'I moved to Lyon. I love sushi.'}]}");
        var listed = call("/get_memory", "{'mem_cube_id':'alice','include_preference':true}");
        assertThat(texts(listed, "pref_mem"))
                .containsExactlyInAnyOrder("I am allergic to shellfish.", "I moved to Lyon. I love sushi.");
        assertThat(texts(listed, "text_mem")).isEmpty();
        var found = call("/search", "{'user_id':'alice','query':'shellfish'}");
        assertThat(texts(found, "pref_mem")).containsOnlyOnce("I am allergic to shellfish.");
        assertThat(texts(found, "text_mem")).isEmpty();
        assertThat(found.response().body()).contains("demo");
        assertThat(listed.response().body()).contains("\"preference\":\"I love sushi.\"");
    }

    @Test
    void tenantsNeverMeet() {
        String secret = add("{'user_id':'alice','messages':'the secret of acme'}");
        String other = server.keyOf("beta", Permission.ADMIN);
        assertThat(server.get(other, "/product/get_memory/" + secret)
                        .at("/data")
                        .isNull())
                .isTrue();
        assertThat(server.post(other, "/product/get_memory_by_ids", "['" + secret + "']")
                        .at("/data/memories")
                        .isEmpty())
                .isTrue();
        server.post(other, "/product/delete_memory", "{'memory_ids':['" + secret + "']}");
        server.post(other, "/product/delete_memory", "{'user_id':'alice','writable_cube_ids':['alice','@acme/alice']}");
        assertThat(server.post(
                                other,
                                "/product/search",
                                "{'user_id':'alice','query':'secret','readable_cube_ids':['alice','@acme/alice']}")
                        .response()
                        .body())
                .doesNotContain("secret of acme");
        assertThat(server.post(
                                other,
                                "/product/add",
                                "{'user_id':'x','writable_cube_ids':['@acme/alice'],'messages':'x'}")
                        .status())
                .isEqualTo(404);
        assertThat(get("/product/get_memory/" + secret).text("/data/memory")).isEqualTo("the secret of acme");
        String reader = server.keyOf("acme", Permission.READ);
        assertThat(server.post(reader, "/product/add", "{'user_id':'alice','messages':'x'}")
                        .status())
                .isEqualTo(403);
    }
}
