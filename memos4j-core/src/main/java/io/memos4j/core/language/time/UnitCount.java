package io.memos4j.core.language.time;

import java.math.BigDecimal;

/** A count of units, whole or not, from the least to the most that an expression may mean. */
record UnitCount(BigDecimal min, BigDecimal max) {
    static UnitCount exactly(BigDecimal number) {
        return new UnitCount(number, number);
    }

    boolean isExact() {
        return min.compareTo(max) == 0;
    }
}
