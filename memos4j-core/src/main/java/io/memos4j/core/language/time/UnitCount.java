package io.memos4j.core.language.time;

/** A count of units, from the least to the most that an expression may mean. */
record UnitCount(int min, int max) {
    static UnitCount exactly(int number) {
        return new UnitCount(number, number);
    }

    boolean isExact() {
        return min == max;
    }
}
