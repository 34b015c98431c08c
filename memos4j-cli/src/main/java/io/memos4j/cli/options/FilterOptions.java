package io.memos4j.cli.options;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Filter.Compare;
import io.memos4j.api.items.Filter.Operator;
import io.memos4j.api.items.ItemType;
import io.memos4j.cli.output.TimeFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that select items. All given conditions must hold; several values of one option are alternatives. */
public final class FilterOptions {
    @Option(names = "--session", paramLabel = "S", description = "Only this session (repeatable).")
    private List<String> sessions = List.of();

    @Option(names = "--speaker", paramLabel = "NAME", description = "Only this speaker (repeatable).")
    private List<String> speakers = List.of();

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Only this type: message, note, document, fact, … (repeatable).")
    private List<String> types = List.of();

    @Option(names = "--tag", paramLabel = "TAG", description = "Only items with this tag (repeatable).")
    private List<String> tags = List.of();

    @Option(names = "--since", paramLabel = "TIME", description = "Only items from this ISO-8601 time or date on.")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "Only items before this ISO-8601 time or date.")
    private Optional<String> until = Optional.empty();

    @Option(
            names = "--where",
            paramLabel = "KEY=VALUE",
            description = "Only items with this metadata value (repeatable).")
    private Map<String, String> metadata = Map.of();

    public Filter filter() {
        List<Filter> parts = new ArrayList<>();
        addAnyOf(parts, "session", sessions);
        addAnyOf(parts, "speaker", speakers);
        addAnyOf(
                parts,
                "type",
                types.stream().map(type -> ItemType.parse(type).id()).toList());
        addAnyOf(parts, "tag", tags);
        since.ifPresent(time -> parts.add(new Compare("time", Operator.GTE, TimeFormat.parse(time))));
        until.ifPresent(time -> parts.add(new Compare("time", Operator.LT, TimeFormat.parse(time))));
        metadata.forEach((key, value) -> parts.add(metadata(key, value)));
        return parts.isEmpty() ? Filter.ALL : new Filter.And(parts);
    }

    private static void addAnyOf(List<Filter> parts, String field, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(Filter.in(field, values));
        }
    }

    /** Matches a value as text, and also as a number or boolean if it looks like one. */
    private static Filter metadata(String key, String value) {
        Filter text = Filter.metadata(key, value);
        if (value.equals("true") || value.equals("false")) {
            return Filter.or(text, Filter.metadata(key, Boolean.valueOf(value)));
        }
        try {
            return Filter.or(text, Filter.metadata(key, Double.valueOf(value)));
        } catch (NumberFormatException | MemoryException e) {
            return text;
        }
    }
}
