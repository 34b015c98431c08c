package io.memos4j.cli.search;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.options.FilterOptions;
import io.memos4j.cli.options.RecordedAtOption;
import io.memos4j.cli.output.ItemFormatter;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;
import io.memos4j.core.MemOs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Searches one or several cubes. */
@Command(name = "search", description = "Find the memories that answer a question.")
public final class SearchCommand extends EngineCommand {
    /** Long enough for the embedding model to load: a command that runs once should not miss it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Mixin
    private CubeOption cube;

    @Option(names = "--also", paramLabel = "NAME")
    private List<String> also = List.of();

    @Mixin
    private RecordedAtOption past;

    @Mixin
    private FilterOptions filter;

    @Parameters(paramLabel = "QUERY")
    private String query;

    @Option(
            names = {"-k", "--limit"},
            paramLabel = "N",
            defaultValue = "10")
    private int limit;

    @Option(names = "--max-tokens", paramLabel = "N", defaultValue = "2048")
    private int maxTokens;

    @Option(names = "--at", paramLabel = "TIME")
    private Optional<String> at = Optional.empty();

    @Option(names = "--as-of", paramLabel = "TIME")
    private Optional<String> asOf = Optional.empty();

    @Option(names = "--for-model", paramLabel = "NAME", defaultValue = "")
    private String forModel;

    @Option(names = "--in", paramLabel = "S", defaultValue = "")
    private String in;

    @Option(names = "--all")
    private boolean all;

    @Option(names = "--context")
    private boolean context;

    @Option(names = "--explain")
    private boolean explain;

    @Option(names = "--json")
    private boolean json;

    @Override
    protected boolean usesReranker() {
        return true;
    }

    @Override
    protected int run(MemOs memos) {
        SearchRequest request = SearchRequest.of(query)
                .within(TIMEOUT)
                .limit(limit)
                .maxTokens(maxTokens)
                .forModel(forModel)
                .in(in)
                .where(filter.filter());
        request = at.map(TimeFormat::parseWithOffset).map(request::at).orElse(request);
        request = asOf.map(TimeFormat::parse).map(request::validAt).orElse(request);
        request = all ? request.withInactive() : request;
        SearchResult result = search(memos, explain ? request.explained() : request);
        warn(result.warnings());
        if (json) {
            out().println(JsonOutput.of(JsonOutput.SHAPES.result(result)));
        } else if (context) {
            out().print(result.context());
        } else {
            print(result);
        }
        return ExitCode.OK;
    }

    private SearchResult search(MemOs memos, SearchRequest request) {
        MemCube first = requireCube(memos, cube.name());
        if (also.isEmpty()) {
            return past.view(first).map(view -> view.search(request)).orElseGet(() -> first.search(request));
        }
        if (past.isPresent()) {
            throw MemoryException.invalid("--recorded-at works on one cube only; leave out --also.");
        }
        List<CubeId> all = new ArrayList<>(List.of(first.id()));
        also.forEach(name -> all.add(requireCube(memos, name).id()));
        return memos.compose(all.toArray(CubeId[]::new)).search(request);
    }

    private void print(SearchResult result) {
        TextOutput screen = screen();
        int rank = 0;
        for (SearchHit hit : result.hits()) {
            String where = also.isEmpty() ? "" : "(" + hit.item().cube() + ")  ";
            screen.line(TextOutput.bold(String.format("%2d  %.2f  ", ++rank, hit.score()))
                    + where
                    + ItemFormatter.heading(hit.item()));
            // An episode has one turn per line; a wrapped turn is indented below its speaker.
            screen.wrapped(hit.excerpt(), "    ", hit.episode().isEmpty() ? "    " : "        ");
            hit.successor()
                    .ifPresent(
                            newer -> screen.line(TextOutput.dim("    contradicted later" + successor(newer, result))));
            hit.why().forEach(why -> screen.line(TextOutput.dim("    " + why)));
            screen.line(TextOutput.dim("    " + hit.item().id()));
        }
        if (result.hits().isEmpty()) {
            screen.line("Nothing found.");
        }
        if (explain) {
            screen.line("");
            result.stages()
                    .forEach(stage -> screen.format(
                            "%-12s %7.2f ms  %s", stage.name(), stage.took().toNanos() / 1e6, stage.note()));
            screen.format("context: %d tokens", result.contextTokens());
        }
    }

    private static String successor(ItemId id, SearchResult result) {
        List<ItemId> ids = result.hits().stream().map(hit -> hit.item().id()).toList();
        return ids.contains(id) ? ": see " + (ids.indexOf(id) + 1) : ": " + id;
    }
}
