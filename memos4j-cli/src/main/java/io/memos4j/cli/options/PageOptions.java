package io.memos4j.cli.options;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Which page of a listing is shown. */
public final class PageOptions {
    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "Items a page, up to 1000 (default: 20 of a list, 100 of a difference).")
    private Optional<Integer> limit = Optional.empty();

    @Option(names = "--cursor", paramLabel = "C", defaultValue = "", description = "Where the former page ended.")
    private String cursor;

    /** @param usual the size of a page if none is asked for */
    public int limit(int usual) {
        return limit.orElse(usual);
    }

    public String cursor() {
        return cursor;
    }
}
