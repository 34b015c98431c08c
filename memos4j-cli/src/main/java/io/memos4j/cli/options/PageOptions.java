package io.memos4j.cli.options;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that select the page of a listing. */
public final class PageOptions {
    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "Entries per page, up to 1000 (default: 20 for list, 100 for diff and audit).")
    private Optional<Integer> limit = Optional.empty();

    @Option(
            names = "--cursor",
            paramLabel = "C",
            defaultValue = "",
            description = "The cursor printed at the end of the previous page.")
    private String cursor;

    /** @param usual the size of a page if none is asked for */
    public int limit(int usual) {
        return limit.orElse(usual);
    }

    public String cursor() {
        return cursor;
    }
}
