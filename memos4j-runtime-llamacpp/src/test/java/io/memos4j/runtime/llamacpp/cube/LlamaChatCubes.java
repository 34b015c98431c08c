package io.memos4j.runtime.llamacpp.cube;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.MemOsConfig.Background;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.ActivationRuntimeProvider;
import io.memos4j.testkit.MutableClock;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An engine with a tiny chat model. Its answers make no sense, but they are the same for the same prompt. */
abstract class LlamaChatCubes {
    private static Path model;

    @TempDir
    static Path models;

    @TempDir
    Path directory;

    final MutableClock clock = new MutableClock(Instant.parse("2026-03-02T09:00:00Z"));
    ActivationRuntime runtime;
    MemOs memos;

    @BeforeAll
    static void writeModel() throws IOException {
        model = models.resolve("tiny.gguf");
        RandomLlama.tiny(1).contextLength(8_192).template(RandomLlama.CHATML).write(model);
    }

    @BeforeEach
    void openFirst() {
        open(CacheQuota.DEFAULT);
    }

    @AfterEach
    void close() {
        memos.close();
    }

    void open(CacheQuota quota) {
        open(model, 8_192, 16, quota);
    }

    void open(Path file, int context, int handles, CacheQuota quota) {
        runtime = ServiceLoader.load(ActivationRuntimeProvider.class)
                .findFirst()
                .orElseThrow()
                .open(ActivationOptions.of(file)
                        .contextTokens(context)
                        .handles(handles)
                        .threads(1));
        memos = MemOs.open(MemOsConfig.at(directory)
                .withoutEmbedder()
                .withClock(clock)
                .withBackground(new Background(EnumSet.complementOf(EnumSet.of(TaskKind.PROMOTE)), List.of()))
                .withChat(new ChatConfig.LocalModel(runtime, quota)));
    }

    void reopen() {
        memos.close();
        open(CacheQuota.DEFAULT);
    }

    MemCube cube(String name) {
        return memos.cube(name);
    }

    static ItemId know(MemCube cube, ItemType type, String text) {
        return cube.add(Note.of(text).as(type)).items().getFirst().id();
    }

    /** Asks without storing the conversation. */
    static ChatRequest ask(String... said) {
        List<Message> messages = Stream.iterate(0, i -> i < said.length, i -> i + 1)
                .map(i -> i % 2 == 0 ? Message.user(said[i]) : Message.assistant(said[i]))
                .toList();
        return ChatRequest.of(messages).maxTokens(12).remember(false);
    }

    static ChatReply anew(MemCube cube, ChatRequest request) {
        return cube.chat(request.reuse(false));
    }

    List<Path> files() {
        try (Stream<Path> files = Files.list(directory.resolve("activation"))) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> ids(MemCube cube) {
        return cube.activations().list().stream().map(KvCacheEntry::id).toList();
    }

    static CubeId id(String name) {
        return CubeId.of(name);
    }
}
