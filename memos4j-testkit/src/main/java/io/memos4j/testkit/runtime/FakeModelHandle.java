package io.memos4j.testkit.runtime;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationFeature;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationImage;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.GenerationResult;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import io.memos4j.spi.runtime.TokenSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A prefix of a {@link FakeModelRuntime}. For one call at a time. */
final class FakeModelHandle implements ActivationHandle {
    /** The logit of the next token above all others. */
    private static final float SURE = 20;

    private final FakeModelRuntime model;
    private final AdapterMix mix;
    private int[] tokens;

    FakeModelHandle(FakeModelRuntime model, int[] tokens, AdapterMix mix) {
        this.model = model;
        this.tokens = tokens.clone();
        this.mix = mix;
    }

    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    @Override
    public void extend(int[] more) {
        tokens = IntStream.concat(IntStream.of(tokens), IntStream.of(more)).toArray();
    }

    @Override
    public ActivationHandle fork() {
        return model.prefill(tokens, mix);
    }

    @Override
    public GenerationResult generate(GenerationOptions options, TokenSink sink) {
        int[] rest = model.rest(tokens, mix).orElse(new int[0]);
        int most = Math.min(rest.length, options.maxTokens());
        FinishReason end = most == rest.length ? FinishReason.STOP : FinishReason.LENGTH;
        int said = 0;
        int told = 0;
        while (said < most) {
            said++;
            String piece = model.detokenize(Arrays.copyOfRange(rest, told, said));
            boolean whole = !piece.endsWith("\uFFFD");
            told = whole ? said : told;
            if (!sink.accept(rest[said - 1], whole ? piece : "")) {
                end = FinishReason.CANCELLED;
                break;
            }
        }
        int[] answer = Arrays.copyOf(rest, said);
        if (options.keep()) {
            extend(answer);
        }
        return new GenerationResult(answer, model.detokenize(answer), end, Duration.ofNanos(1));
    }

    @Override
    public float[] logits() {
        float[] logits = new float[FakeModelRuntime.VOCABULARY];
        model.rest(tokens, mix).ifPresent(rest -> logits[rest.length == 0 ? FakeModelRuntime.END : rest[0]] = SURE);
        return logits;
    }

    @Override
    public ActivationImage image() {
        throw new MemoryException(ErrorCode.UNSUPPORTED, "A rote model lacks " + ActivationFeature.IMAGE + ".");
    }

    @Override
    public ActivationManifest save(Path file) {
        if (!mix.isNone()) {
            throw new MemoryException(ErrorCode.UNSUPPORTED, "What was computed with adapters is not saved.");
        }
        try {
            Files.write(file, FakeModelRuntime.saved(tokens));
            return model.manifest(tokens);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        model.closed();
    }
}
