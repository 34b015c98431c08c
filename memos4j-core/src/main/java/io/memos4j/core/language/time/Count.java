package io.memos4j.core.language.time;

/** How many units an expression counts, from the least to the most it may mean. */
record Count(int least, int most) {
    /** "A few". */
    static final Count FEW = new Count(2, 5);

    static Count exactly(int number) {
        return new Count(number, number);
    }

    boolean isExact() {
        return least == most;
    }
}
