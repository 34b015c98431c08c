package io.memos4j.core.operator;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.SearchHit;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.SearchResult;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.index.OpenIndexes;
import io.memos4j.core.operator.Fusion.Fused;
import io.memos4j.core.reader.RecentContext;
import io.memos4j.spi.Candidate;
import io.memos4j.spi.CubeIndex;
import io.memos4j.spi.CubeIndex.Ranking;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.DenseQuery;
import io.memos4j.spi.LexicalQuery;
import io.memos4j.spi.Passage;
import io.memos4j.spi.Vault;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * MemOperator's search: lexical and dense candidates in parallel under the deadline, fusion, loading from the vault, folding of equal
 * texts, packing into the token budget. Thread-safe.
 *
 * <p>A search degrades rather than fails: without a vector, behind the deadline, or with an index that cannot follow the vault, it
 * answers with what it has and a warning that says so.
 */
public final class Searcher implements AutoCloseable {
    /** Passages that each ranking proposes, at least; three for each item asked for if that is more. */
    private static final int CANDIDATES = 200;

    /** Items loaded for each one asked for: room for folded duplicates and for a change of order. */
    private static final int LOADED_PER_HIT = 3;

    private final Vault vault;
    private final OpenIndexes indexes;
    private final Optional<VectorSpace> vectors;
    private final RecentContext recent;
    private final ZoneId zone;
    private final ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor();

    public Searcher(
            Vault vault, OpenIndexes indexes, Optional<VectorSpace> vectors, RecentContext recent, ZoneId zone) {
        this.vault = vault;
        this.indexes = indexes;
        this.vectors = vectors;
        this.recent = recent;
        this.zone = zone;
    }

    /** Searches one cube. */
    public SearchResult search(CubeRow cube, SearchRequest request) {
        return new Search(cube, request).run();
    }

    @Override
    public void close() {
        parallel.close();
    }

    /** One search on its way through the stages. */
    private final class Search {
        private final CubeRow cube;
        private final SearchRequest request;
        private final Deadline deadline;
        private final Trace trace;
        private final Filter filter;
        private final QueryAnalysis analysis;
        private final int candidates;

        Search(CubeRow cube, SearchRequest request) {
            this.cube = cube;
            this.request = request;
            this.deadline = Deadline.in(request.deadline());
            this.trace = new Trace(request.explain());
            this.filter = request.includeInactive() ? request.filter() : Filter.and(request.filter(), RECALLED);
            this.analysis = QueryAnalysis.of(request.query());
            this.candidates = Math.max(CANDIDATES, 3 * request.limit());
        }

        SearchResult run() {
            Future<Ranking> dense = parallel.submit(this::dense);
            Ranking lexical = lexical();
            Ranking denser = await(dense);
            if (!lexical.complete() || !denser.complete()) {
                trace.warn(
                        "deadline_exceeded",
                        "The deadline of " + request.deadline()
                                + " cut the ranking; better matches may be missing. Allow more time.");
            }
            List<Fused> fused = trace.time("fuse", () -> Fusion.fuse(lexical.candidates(), denser.candidates()));
            List<Fused> standing = trace.time("neighbours", () -> inherit(fused));
            List<Found> found = trace.time("load", () -> fold(load(standing)));
            return trace.time("pack", () -> pack(found)).build(trace);
        }

        private Ranking lexical() {
            return trace.time("lexical", () -> {
                LexicalQuery query = new LexicalQuery(request.query(), filter, candidates, deadline.left());
                Ranking ranking = ranked(index -> index.lexical(query));
                trace.note(() -> ranking.candidates().size() + " passages by BM25");
                return ranking;
            });
        }

        private Ranking dense() {
            Optional<VectorSpace> space = vectors.filter(each -> each.id().equals(cube.embedder()));
            if (space.isEmpty()) {
                return without("the cube or the engine has no embedder");
            }
            if (!space.get().covers(request.query())) {
                return without("the embedder does not cover the query's language");
            }
            byte[] vector = trace.time("embed", () -> space.get().query(request.query()));
            return trace.time("dense", () -> {
                DenseQuery query = new DenseQuery(vector, filter, candidates, deadline.left());
                Ranking ranking = ranked(index -> index.dense(query));
                trace.note(() -> ranking.candidates().size() + " passages by cosine");
                return ranking;
            });
        }

        private Ranking without(String reason) {
            return trace.time("dense", () -> {
                trace.note(() -> "no ranking by meaning: " + reason);
                return NOTHING;
            });
        }

        /** A ranking by the caught-up index; by the index as it is, with a warning, if the disk does not let it catch up. */
        private Ranking ranked(Function<CubeIndex, Ranking> query) {
            try {
                return indexes.use(cube, query);
            } catch (MemoryException e) {
                if (e.code() != ErrorCode.STORAGE_FULL && e.code() != ErrorCode.STORAGE_FAILED) {
                    throw e;
                }
                trace.warn(
                        "index_behind",
                        "The newest changes may be missing, the index cannot follow: " + e.getMessage());
                return indexes.useAsIs(cube, query);
            }
        }

        private Ranking await(Future<Ranking> dense) {
            try {
                return dense.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return CUT;
            } catch (InterruptedException e) {
                dense.cancel(true);
                Thread.currentThread().interrupt();
                throw new MemoryException(ErrorCode.INTERRUPTED, "The search was interrupted.", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof MemoryException failure && failure.code() == ErrorCode.EMBEDDER_FAILED) {
                    trace.warn("vectors_unavailable", "Ranked by words alone: " + failure.getMessage());
                    return NOTHING;
                }
                throw e.getCause() instanceof MemoryException failure
                        ? failure
                        : new IllegalStateException("The vector ranking failed.", e.getCause());
            }
        }

        private List<Fused> inherit(List<Fused> fused) {
            List<ItemId> ids = fused.stream().map(Fused::item).toList();
            return Standing.inherit(
                    fused,
                    vault.read(reader -> reader.adjacent(cube.key(), ids)),
                    request.filter().equals(Filter.ALL));
        }

        /** Loads the best; what was deleted since, or may not be found by this search, drops out. */
        private List<Found> load(List<Fused> fused) {
            List<Fused> best = fused.subList(0, Math.min(fused.size(), LOADED_PER_HIT * request.limit()));
            Map<ItemId, MemoryItem> items = new LinkedHashMap<>();
            vault
                    .read(reader -> reader.items(
                            cube.key(), best.stream().map(Fused::item).toList()))
                    .stream()
                    .filter(item -> request.includeInactive() || item.state().recalled())
                    .forEach(item -> items.put(item.id(), item));
            List<Fused> ranked = analysis.firstPerson() ? Standing.favourOwnWords(best, items) : best;
            List<Found> found = new ArrayList<>();
            for (Fused each : ranked) {
                MemoryItem item = items.get(each.item());
                if (item != null) {
                    found.add(new Found(item, each, new ArrayList<>()));
                }
            }
            return found;
        }

        /** Folds items that say the same by the same speaker into the best ranked of them. */
        private List<Found> fold(List<Found> ranked) {
            Map<String, Found> byText = new LinkedHashMap<>();
            for (Found found : ranked) {
                String key = found.item.origin().speaker() + "\n" + normal(found.item.text());
                Found first = byText.putIfAbsent(key, found);
                if (first != null) {
                    first.duplicates.add(found.item.id());
                }
            }
            trace.note(() -> byText.size() + " of " + ranked.size() + " items left after folding equal texts");
            return List.copyOf(byText.values());
        }

        private Packed pack(List<Found> found) {
            ContextBlock block = new ContextBlock(zone, request.maxTokens());
            List<Taken> taken = new ArrayList<>();
            for (Found each : found) {
                if (taken.size() == request.limit()) {
                    break;
                }
                String excerpt = Excerpts.of(each.item, passages(each), each.fused.passages());
                int cost = block.offer(each.item, excerpt);
                if (cost > 0) {
                    taken.add(new Taken(each, excerpt, cost));
                }
            }
            String context = block.render();
            recent.returned(cube.key(), context.lines().toList());
            return new Packed(block, context, taken, request.explain());
        }

        private List<Passage> passages(Found found) {
            boolean single = found.fused.passages().stream().allMatch(part -> part.passage() == 0)
                    && found.item.text().length() < ONE_PASSAGE;
            return single ? List.of() : vault.read(reader -> reader.passages(cube.key(), found.item.id()));
        }
    }

    /** Texts shorter than this are never cut, whatever release stored them. */
    private static final int ONE_PASSAGE = 400;

    private static final Filter RECALLED = Filter.in(
            "state",
            Arrays.stream(ItemState.values())
                    .filter(ItemState::recalled)
                    .map(ItemState::id)
                    .toList());
    private static final Ranking NOTHING = new Ranking(List.<Candidate>of(), true);
    private static final Ranking CUT = new Ranking(List.<Candidate>of(), false);

    /** A loaded item with its fused score and what was folded into it. */
    private record Found(MemoryItem item, Fused fused, List<ItemId> duplicates) {
        List<String> why() {
            List<String> why = new ArrayList<>();
            if (fused.lexicalRank() > 0) {
                why.add("words: rank " + fused.lexicalRank());
            }
            if (fused.denseRank() > 0) {
                why.add(String.format(Locale.ROOT, "meaning: rank %d, cosine %.3f", fused.denseRank(), fused.cosine()));
            }
            if (why.isEmpty()) {
                why.add("context: directly before or after a match");
            }
            return why;
        }
    }

    private record Taken(Found found, String excerpt, int cost) {}

    private record Packed(ContextBlock block, String context, List<Taken> taken, boolean explain) {
        SearchResult build(Trace trace) {
            List<ItemId> cited = block.cited().stream().map(MemoryItem::id).toList();
            List<SearchHit> hits = taken.stream()
                    .map(each -> new SearchHit(
                            each.found.item,
                            Math.min(1, each.found.fused.score()),
                            each.excerpt,
                            cited.indexOf(each.found.item.id()) + 1,
                            each.cost,
                            each.found.duplicates,
                            explain ? each.found.why() : List.of()))
                    .toList();
            return new SearchResult(hits, context, block.tokens(), trace.warnings(), trace.stages());
        }
    }

    private static String normal(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[\\s\\p{Punct}]+", " ").strip();
    }
}
