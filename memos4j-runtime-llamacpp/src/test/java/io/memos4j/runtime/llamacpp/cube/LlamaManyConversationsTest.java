package io.memos4j.runtime.llamacpp.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Selection;
import io.memos4j.core.ChatConfig.CacheQuota;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;

import static org.assertj.core.api.Assertions.assertThat;

/** Concurrent conversations in little space, while memories are erased and changed. */
class LlamaManyConversationsTest extends LlamaChatCubes {
    @RepeatedTest(3)
    void everyAnswerIsTheOneThatWouldBeGivenAloneAndNothingIsLeftBehind() throws Exception {
        memos.close();
        open(models.resolve("tiny.gguf"), 4_096, 8, new CacheQuota(1 << 20, 8 << 20, 2 << 20));
        Map<String, String> answers = new ConcurrentHashMap<>();
        for (int user = 0; user < 4; user++) {
            know(cube("user-" + user), ItemType.PROFILE, "User " + user + " lives in house number " + user + ".");
        }
        try (ExecutorService users = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int user = 0; user < 4; user++) {
                String name = "user-" + user;
                running.add(users.submit(() -> talk(name, answers)));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        answers.forEach((question, answer) -> {
            MemCube cube = cube(question.substring(0, 6));
            assertThat(anew(cube, ask(question).memoryTokens(0)).text()).isEqualTo(answer);
        });
        for (int user = 0; user < 4; user++) {
            memos.delete(id("user-" + user));
        }
        assertThat(files()).isEmpty();
    }

    private void talk(String name, Map<String, String> answers) {
        MemCube cube = cube(name);
        for (int turn = 0; turn < 6; turn++) {
            ItemId passing = know(cube, ItemType.INSTRUCTION, "Mention the number " + turn + ".");
            cube.chat(ask(name + " asks with an instruction " + turn).memoryTokens(0));
            if (turn % 2 == 0) {
                cube.activations().compile();
            }
            cube.delete(Selection.item(passing));
            String question = name + " asks " + turn;
            answers.put(question, cube.chat(ask(question).memoryTokens(0)).text());
        }
    }
}
