package io.memos4j.core.language.time;

/** How many units an expression counts, from the least to the most it may mean. */
record UnitCount(int min, int max) {
    /** "A few". */
    static final UnitCount FEW = new UnitCount(2, 5);

    static UnitCount exactly(int number) {
        return new UnitCount(number, number);
    }

    boolean isExact() {
        return min == max;
    }
}
