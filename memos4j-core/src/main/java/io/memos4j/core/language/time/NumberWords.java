package io.memos4j.core.language.time;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.WordTable;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads numbers in words that stand side by side: "one thousand two hundred", "twenty-five". */
final class NumberWords {
    private static final Pattern BETWEEN = Pattern.compile("[\\s\\u00a0,-]+");
    private static final int HUNDRED = 100;
    private static final int TWENTY = 20;

    private NumberWords() {}

    /**
     * Parses a number; words without a value, such as "and", are skipped.
     *
     * @throws DateTimeException if the words do not make one number
     */
    static BigDecimal parse(String words, LanguagePack pack) {
        Optional<String> whole = value(words, pack);
        if (whole.isPresent()) {
            return number(whole.get());
        }
        long total = 0;
        long part = 0;
        for (String word : BETWEEN.split(words)) {
            long value = value(word, pack)
                    .map(NumberWords::number)
                    .map(BigDecimal::longValue)
                    .orElse(0L);
            if (value > HUNDRED) {
                total += Math.max(1, part) * value;
                part = 0;
            } else if (value == HUNDRED) {
                part = Math.max(1, part) * HUNDRED;
            } else if (canFollow(part % HUNDRED, value)) {
                part += value;
            } else {
                throw new DateTimeException("'" + words + "' is not a number");
            }
        }
        return BigDecimal.valueOf(total + part);
    }

    /** Returns whether a number below a hundred may follow another: thirty and five, but not five and thirty. */
    private static boolean canFollow(long former, long value) {
        return former == 0 || value == 0 || (former >= TWENTY && former % 10 == 0 && value < 10);
    }

    private static BigDecimal number(String value) {
        try {
            return new BigDecimal(value);
        } catch (NumberFormatException e) {
            throw new DateTimeException("'" + value + "' is part of no number", e);
        }
    }

    private static Optional<String> value(String word, LanguagePack pack) {
        return Optional.ofNullable(pack.table(WordTable.COUNTS).get(word))
                .or(() -> Optional.ofNullable(pack.table(WordTable.NUMBERS).get(word)));
    }
}
