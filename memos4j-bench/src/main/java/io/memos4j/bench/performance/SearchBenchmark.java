package io.memos4j.bench.performance;

import io.memos4j.api.MemCube;
import io.memos4j.api.items.Message;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures searching and opening one large cube with vectors, without the embedding of the query. */
final class SearchBenchmark {
    private static final int QUERIES = 300;
    private static final int WARM_UP = 100;
    private static final int BATCH = 1_000;

    private SearchBenchmark() {}

    /** Measures one size. */
    static List<BenchmarkFigure> run(int items, double budgetMs) {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            Path folder = workspace.folder("engine");
            List<List<Message>> batches = batches(items);
            fill(folder, batches);
            List<String> queries = queries();
            List<BenchmarkFigure> figures = new ArrayList<>();
            long opening = System.nanoTime();
            try (MemOs memos = MemOs.open(MemOsConfig.at(folder).withEmbedder(new SyntheticEmbedder()))) {
                // Background tasks after a large import would take a core for a while; only searching is measured.
                memos.scheduler().pauseAll();
                MemCube cube = memos.cube("large");
                cube.search(queries.getFirst());
                double openMs = (System.nanoTime() - opening) / 1e6;
                figures.add(BenchmarkFigure.atMost(
                        String.format("open %,d items and search once", items), openMs, "ms", 2_000));
                figures.addAll(search(cube, queries, items, budgetMs));
            }
            Path plain = workspace.folder("lucene");
            PlainBaselines.lucene(plain, batches);
            LatencySamples baseline = PlainBaselines.search(plain, queries);
            figures.add(BenchmarkFigure.baseline("Lucene BM25 alone, p95", baseline.percentile(95), "ms"));
            return figures;
        }
    }

    private static List<List<Message>> batches(int items) {
        SyntheticText text = new SyntheticText(7);
        List<List<Message>> batches = new ArrayList<>();
        for (int i = 0; i < items; i += BATCH) {
            batches.add(text.messages(Math.min(BATCH, items - i), i));
        }
        return batches;
    }

    private static void fill(Path folder, List<List<Message>> batches) {
        try (MemOs memos = MemOs.open(MemOsConfig.at(folder).withEmbedder(new SyntheticEmbedder()))) {
            MemCube cube = memos.cube("large");
            batches.forEach(batch -> cube.add(batch));
            cube.awaitIdle(Duration.ofHours(2));
        }
    }

    private static List<String> queries() {
        SyntheticText text = new SyntheticText(8);
        List<String> queries = new ArrayList<>();
        for (int i = 0; i < QUERIES + WARM_UP; i++) {
            queries.add("What did Alice say about " + text.sentence(6));
        }
        return queries;
    }

    private static List<BenchmarkFigure> search(MemCube cube, List<String> queries, int items, double budgetMs) {
        queries.subList(0, WARM_UP).forEach(query -> cube.search(query));
        LatencySamples total = new LatencySamples();
        LatencySamples lexical = new LatencySamples();
        LatencySamples dense = new LatencySamples();
        for (String query : queries.subList(WARM_UP, queries.size())) {
            long start = System.nanoTime();
            SearchResult result = cube.search(SearchRequest.of(query));
            long took = System.nanoTime() - start - result.took("embed").toNanos();
            total.add(took);
            lexical.add(result.took("lexical").toNanos());
            dense.add(result.took("dense").toNanos());
        }
        String size = String.format("search in %,d items with vectors, ", items);
        return List.of(
                BenchmarkFigure.atMost(size + "p95", total.percentile(95), "ms", budgetMs),
                BenchmarkFigure.baseline("the same, p50", total.median(), "ms"),
                BenchmarkFigure.baseline("its BM25 stage, p95", lexical.percentile(95), "ms"),
                BenchmarkFigure.baseline("its vector stage, p95", dense.percentile(95), "ms"));
    }
}
