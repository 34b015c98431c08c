package io.memos4j.core.scheduler;

import io.memos4j.spi.CubeKey;
import io.memos4j.spi.Spending;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
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
    Instant now() {
        return clock.instant();
    }

    private LocalDate today() {
        return now().atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** When a cube may go on that has spent its day; empty if it has not. */
    public Optional<Instant> spentUntil(VaultReader reader, CubeKey cube) {
        Spending spent = reader.spending(cube, today());
        return spent.tokens() >= tokensPerDay || spent.calls() >= callsPerDay
                ? Optional.of(today().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())
                : Optional.empty();
    }

    /** Counts what was spent now. */
    public void spend(VaultWriter writer, CubeKey cube, Spending more) {
        writer.spend(cube, today(), more);
    }
}
