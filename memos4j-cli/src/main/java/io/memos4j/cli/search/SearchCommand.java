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
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Mixin
    private CubeOption cube;

    @Option(names = "--also", paramLabel = "NAME", description = "A further cube to search (repeatable).")
    private List<String> also = List.of();

    @Mixin
    private RecordedAtOption past;

    @Mixin
    private FilterOptions filter;

    @Parameters(paramLabel = "QUERY", description = "A question or keywords.")
    private String query;

    @Option(
            names = {"-k", "--limit"},
            paramLabel = "N",
            defaultValue = "10",
            description = "The maximum number of results (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "2048",
            description = "The token budget of the context (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "The time that \"yesterday\" or \"last week\" refer to (default: now).")
    private Optional<String> at = Optional.empty();

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            description = "Search what held in the world at this time, and nothing later (default: now).")
    private Optional<String> asOf = Optional.empty();

    @Option(
            names = "--for-model",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Count tokens like this model, for example gpt-4o.")
    private String forModel;

    @Option(
            names = "--in",
            paramLabel = "S",
            defaultValue = "",
            description = "The session of the question; its working memory is consulted first (default: none).")
    private String in;

    @Option(names = "--all", description = "Include archived items.")
    private boolean all;

    @Option(names = "--context", description = "Print the context block for a prompt.")
    private boolean context;

    @Option(names = "--explain", description = "Print the stages of the search and the reasons for each score.")
    private boolean explain;

    @Option(names = "--json", description = "Print JSON, one object per line.")
    private boolean json;

    @Override
    protected boolean usesReranker() {
        return true;
    }

    @Override
    protected int run(MemOs memos) {
        SearchRequest request = SearchRequest.of(query)
                .within(PATIENCE)
                .limit(limit)
                .maxTokens(maxTokens)
                .forModel(forModel)
                .in(in)
                .where(filter.filter());
        request = at.map(TimeFormat::parse).map(request::at).orElse(request);
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
