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
 * What language models may cost a cube in a day, UTC; calls that fail count. Thread-safe.
 *
 * @param tokensPerDay in and out
 * @param callsPerDay answered or not
 */
public record ModelBudget(long tokensPerDay, int callsPerDay, Clock clock) {
    public Instant now() {
        return clock.instant();
    }

    private LocalDate today() {
        return now().atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** When a cube may go on that has spent its day; empty if it has not. */
    public Optional<Instant> exhaustedUntil(VaultReader reader, CubeKey cube) {
        ModelSpending spent = reader.spending(cube, today());
        return spent.tokens() >= tokensPerDay || spent.calls() >= callsPerDay
                ? Optional.of(today().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())
                : Optional.empty();
    }

    /** Counts what was spent now. */
    public void recordSpending(VaultWriter writer, CubeKey cube, ModelSpending more) {
        writer.addSpending(cube, today(), more);
    }
}
