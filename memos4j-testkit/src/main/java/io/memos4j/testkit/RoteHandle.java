package io.memos4j.testkit;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.ActivationFeature;
import io.memos4j.spi.ActivationHandle;
import io.memos4j.spi.ActivationImage;
import io.memos4j.spi.ActivationManifest;
import io.memos4j.spi.AdapterMix;
import io.memos4j.spi.Generation;
import io.memos4j.spi.Generation.End;
import io.memos4j.spi.GenerationOptions;
import io.memos4j.spi.TokenSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A prefix of a {@link RoteModel}. For one call at a time. */
final class RoteHandle implements ActivationHandle {
    /** How much likelier the next token is than any other. */
    private static final float SURE = 20;

    private final RoteModel model;
    private final AdapterMix mix;
    private int[] tokens;

    RoteHandle(RoteModel model, int[] tokens, AdapterMix mix) {
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
    public Generation generate(GenerationOptions options, TokenSink sink) {
        int[] rest = model.rest(tokens, mix).orElse(new int[0]);
        int most = Math.min(rest.length, options.maxTokens());
        End end = most == rest.length ? End.STOP : End.LENGTH;
        int said = 0;
        int told = 0;
        while (said < most) {
            said++;
            String piece = model.detokenize(Arrays.copyOfRange(rest, told, said));
            boolean whole = !piece.endsWith("\uFFFD");
            told = whole ? said : told;
            if (!sink.accept(rest[said - 1], whole ? piece : "")) {
                end = End.CANCELLED;
                break;
            }
        }
        int[] answer = Arrays.copyOf(rest, said);
        if (options.keep()) {
            extend(answer);
        }
        return new Generation(answer, model.detokenize(answer), end, Duration.ofNanos(1));
    }

    @Override
    public float[] logits() {
        float[] logits = new float[RoteModel.VOCABULARY];
        model.rest(tokens, mix).ifPresent(rest -> logits[rest.length == 0 ? RoteModel.END : rest[0]] = SURE);
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
            Files.write(file, RoteModel.saved(tokens));
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
