package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Note;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.spi.models.Reranker;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.testkit.runtime.FakeAdapterTrainer;
import io.memos4j.testkit.runtime.FakeModelRuntime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests answers that begin again because an adapter was unloaded. */
class ChatRetryTest {
    @TempDir
    Path directory;

    /** The calls that fail as if the adapter had been unloaded. */
    private final AtomicInteger failures = new AtomicInteger();

    private ActivationRuntime runtimeThatUnloads(ActivationRuntime runtime) {
        return (ActivationRuntime) Proxy.newProxyInstance(
                ActivationRuntime.class.getClassLoader(),
                new Class<?>[] {ActivationRuntime.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("tokenize")
                            && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new MemoryException(ErrorCode.CLOSED, "The adapter was unloaded.");
                    }
                    try {
                        return method.invoke(runtime, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static final class FailingReranker implements Reranker {
        @Override
        public String id() {
            return "failing";
        }

        @Override
        public List<Double> score(String query, List<String> texts, Duration timeout) {
            throw new MemoryException(ErrorCode.MODEL_FAILED, "The reranker is out.");
        }
    }

    @Test
    void theWarningsOfTheFormerAttemptAreDropped() {
        Path base = directory.resolve("base");
        MemOsConfig config = MemOsConfig.at(directory.resolve("data"))
                .withoutEmbedder()
                .withReranker(new FailingReranker())
                .withChat(new ChatConfig.LocalModel(runtimeThatUnloads(FakeModelRuntime.in(base)), CacheQuota.DEFAULT))
                .withTraining(TrainingConfig.of(new FakeAdapterTrainer(), base));
        try (MemOs memos = MemOs.open(config)) {
            MemCube cube = memos.cube("alice");
            cube.adapters().policy(RoteTrainingFixture.WHEN_ASKED);
            cube.adapters()
                    .train(
                            cube.add(Note.of("Bob lives in Oslo.").as(ItemType.FACT))
                                    .ids(),
                            lesson -> true);
            cube.add(Note.of("Bob likes to live in a town by the sea.").as(ItemType.FACT));
            failures.set(1);

            ChatReply reply = cube.chat(ChatRequest.of("Where does Bob live?").remember(false));

            assertThat(failures).hasValue(0);
            assertThat(reply.adapters()).isNotEmpty();
            assertThat(reply.warnings()).extracting(Warning::code).containsExactly("rerank_unavailable");
        }
    }
}
