package io.memos4j.core.operator.time;

import java.util.List;

final class ChineseTime {
    static final List<Phrase> PHRASES = List.of();
    static final List<Join> JOINS = List.of();
    static final List<Join> OPEN_RANGES = List.of();
    static final List<Range> RANGES = List.of();

    private ChineseTime() {}
}
