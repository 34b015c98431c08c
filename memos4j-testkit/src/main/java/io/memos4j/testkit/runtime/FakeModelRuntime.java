package io.memos4j.testkit.runtime;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Role;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationCapabilities;
import io.memos4j.spi.runtime.ActivationFeature;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationImage;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.ActivationStatistics;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterSupport;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.spi.runtime.ModelIdentity;
import io.memos4j.spi.runtime.ModelShape;
import io.memos4j.spi.runtime.TokenizeOption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A model that knows nothing but what adapters of a {@link FakeAdapterTrainer} tell it, word for word: a question that
 * ends like a taught one is answered with the taught answer, any other with {@value #KNOWS_NOT}. In memory, without
 * natives, the same every time. Thread-safe.
 *
 * <p>Token ids are the bytes of UTF-8 after a few control tokens. It shares and saves what it has "computed", which is
 * the tokens alone, and does not refuse what a careless caller asks of it: the contract of runtimes is tested with real
 * ones.
 */
public final class FakeModelRuntime implements ActivationRuntime {
    /** The answer to questions that it was not taught. */
    public static final String KNOWS_NOT = "I do not know.";

    static final int END = 0;
    private static final int FIRST_BYTE = 1 + Role.values().length;
    static final int VOCABULARY = FIRST_BYTE + 256;

    private static final int CONTEXT = 1 << 15;
    private static final int HANDLES = 64;
    private static final KvCacheTypes CACHES = KvCacheTypes.of(KvCacheType.F16);
    private static final String CONFIG =
            "{\"model_type\":\"llama\",\"num_hidden_layers\":1,\"hidden_size\":2048,\"num_attention_heads\":8,"
                    + "\"num_key_value_heads\":8,\"intermediate_size\":2048}";

    private final BaseModel base;
    private final AtomicInteger open = new AtomicInteger();

    private FakeModelRuntime(BaseModel base) {
        this.base = base;
    }

    /** Opens the runtime. */
    public static FakeModelRuntime in(Path folder) {
        return new FakeModelRuntime(BaseModel.ofFolder(folder(folder)));
    }

    /** Writes a base model for a trainer: a folder with its sizes. */
    public static Path folder(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), CONFIG);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ActivationCapabilities capabilities() {
        return new ActivationCapabilities(
                "rote 1",
                Set.of(KvCacheType.F16),
                CACHES,
                CONTEXT,
                CONTEXT,
                HANDLES,
                Set.of(ActivationFeature.SHARE, ActivationFeature.SAVE, ActivationFeature.LOGITS),
                new AdapterSupport(HANDLES, true));
    }

    @Override
    public ModelIdentity model() {
        return new ModelIdentity(
                Sha256Hash.of(CONFIG),
                base.architecture(),
                "F32",
                Sha256Hash.of("bytes"),
                Sha256Hash.of("turns"),
                new ModelShape(
                        CONTEXT, VOCABULARY, base.layers(), base.cacheHeads(), base.headWidth(), base.headWidth()));
    }

    @Override
    public int[] tokenize(String text, TokenizeOption... how) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length)
                .map(i -> FIRST_BYTE + Byte.toUnsignedInt(bytes[i]))
                .toArray();
    }

    @Override
    public int[] tokenize(List<ChatTurn> conversation, boolean answerNext) {
        IntStream tokens = conversation.stream()
                .flatMapToInt(turn -> IntStream.concat(
                        IntStream.concat(IntStream.of(begin(turn.role())), IntStream.of(tokenize(turn.text()))),
                        IntStream.of(END)));
        return (answerNext ? IntStream.concat(tokens, IntStream.of(begin(Role.ASSISTANT))) : tokens).toArray();
    }

    private static int begin(Role role) {
        return 1 + role.ordinal();
    }

    @Override
    public String detokenize(int[] tokens) {
        return new String(bytes(tokens, 0, tokens.length), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(int[] tokens, int from, int to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        IntStream.range(from, to)
                .filter(i -> tokens[i] >= FIRST_BYTE)
                .forEach(i -> bytes.write(tokens[i] - FIRST_BYTE));
        return bytes.toByteArray();
    }

    /** Returns the rest of the answer after these tokens; empty if it is not the model's turn. */
    Optional<int[]> rest(int[] tokens, AdapterMix mix) {
        int turn = lastControl(tokens, tokens.length);
        if (turn < 0 || tokens[turn] != begin(Role.ASSISTANT)) {
            return Optional.empty();
        }
        int questionEnd = lastControl(tokens, turn);
        int questionBegin = lastControl(tokens, questionEnd);
        String question =
                questionBegin < 0 ? "" : new String(bytes(tokens, questionBegin, questionEnd), StandardCharsets.UTF_8);
        int[] answer = tokenize(answer(question, mix));
        int said = tokens.length - turn - 1;
        boolean onTheWay =
                said <= answer.length && IntStream.range(0, said).allMatch(i -> answer[i] == tokens[turn + 1 + i]);
        return Optional.of(onTheWay ? IntStream.of(answer).skip(said).toArray() : new int[0]);
    }

    private static int lastControl(int[] tokens, int before) {
        int at = before - 1;
        while (at >= 0 && tokens[at] >= FIRST_BYTE) {
            at--;
        }
        return at;
    }

    private static String answer(String question, AdapterMix mix) {
        String best = "";
        String answer = KNOWS_NOT;
        for (AdapterMix.Part part : mix.parts()) {
            for (Map.Entry<String, String> lesson : ((Learned) part.adapter()).lessons.entrySet()) {
                if (question.endsWith(lesson.getKey()) && lesson.getKey().length() > best.length()) {
                    best = lesson.getKey();
                    answer = lesson.getValue();
                }
            }
        }
        return answer;
    }

    @Override
    public ActivationHandle prefill(int[] tokens, AdapterMix adapters) {
        open.incrementAndGet();
        return new FakeModelHandle(this, tokens, adapters);
    }

    void closed() {
        open.decrementAndGet();
    }

    /** An adapter and what it was taught. */
    private record Learned(AdapterFiles files, Map<String, String> lessons) implements LoadedAdapter {
        @Override
        public void close() {}
    }

    @Override
    public LoadedAdapter load(AdapterFiles adapter) {
        return new Learned(adapter, FakeAdapterTrainer.lessons(adapter.peft(), base));
    }

    ActivationManifest manifest(int[] tokens) {
        return new ActivationManifest(
                model(),
                CACHES,
                capabilities().runtime(),
                tokens.length,
                ActivationManifest.hashOf(tokens),
                tokens.length);
    }

    static byte[] saved(int[] tokens) {
        ByteBuffer bytes = ByteBuffer.allocate(tokens.length * Integer.BYTES);
        bytes.asIntBuffer().put(tokens);
        return bytes.array();
    }

    private static int[] read(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            int[] tokens = new int[bytes.remaining() / Integer.BYTES];
            bytes.asIntBuffer().get(tokens);
            return tokens;
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot read " + file + ".", e);
        }
    }

    @Override
    public ActivationHandle restore(Path file) {
        return prefill(read(file));
    }

    @Override
    public ActivationHandle restore(ActivationImage image) {
        return prefill(image.tokens());
    }

    @Override
    public ActivationManifest inspect(Path file) {
        return manifest(read(file));
    }

    @Override
    public ActivationStatistics statistics() {
        return new ActivationStatistics(0, 0, 0, 0, 0, Duration.ZERO, open.get(), 0);
    }

    @Override
    public void close() {}
}
