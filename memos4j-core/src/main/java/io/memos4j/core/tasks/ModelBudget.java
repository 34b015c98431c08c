package io.memos4j.core.tasks;

import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.ModelSpending;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The daily budget of a cube for language models. Days are in UTC; failed calls count. Thread-safe.
 *
 * @param tokensPerDay input and output tokens
 * @param callsPerDay calls, answered or not
 */
public record ModelBudget(long tokensPerDay, int callsPerDay, Clock clock) {
    public Instant now() {
        return clock.instant();
    }

    private LocalDate today() {
        return now().atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** Returns the instant at which the budget is renewed; empty if today's is not spent. */
    public Optional<Instant> exhaustedUntil(VaultReader reader, CubeKey cube) {
        ModelSpending spent = reader.spending(cube, today());
        return spent.tokens() >= tokensPerDay || spent.calls() >= callsPerDay
                ? Optional.of(today().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())
                : Optional.empty();
    }

    /** Records spending of today. */
    public void recordSpending(VaultWriter writer, CubeKey cube, ModelSpending more) {
        writer.addSpending(cube, today(), more);
    }
}
