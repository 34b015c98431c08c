package io.memos4j.core.language.time;

/** The precision of an expression of time. */
public enum TimePrecision {
    DAY,
    /** Saturday and Sunday. */
    WEEKEND,
    /** Monday to Sunday. */
    WEEK,
    MONTH,
    /** Three months; spring begins in March, winter in December and reaches into the next year. */
    SEASON,
    YEAR,
    /** Any other stretch of days: a range, a decade, "the past ten days", "a few weeks ago". */
    SPAN
}
