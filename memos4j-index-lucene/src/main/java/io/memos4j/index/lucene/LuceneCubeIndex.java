package io.memos4j.index.lucene;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.PrivateFiles;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.index.DenseQuery;
import io.memos4j.spi.index.IndexedItem;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.index.WordStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.QueryTimeoutImpl;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NRTCachingDirectory;

/**
 * The search index of one cube in Lucene.
 *
 * <p>A cube that is only searched opens a reader alone, which is cheap; the writer is opened at the first change.
 * Searches take a counted reference to the current reader. Changes are applied one batch at a time; the reader that
 * shows them is made by the first search that follows, since making one costs more than a small add, and many adds come
 * between two searches. The sequence number of the last change is part of the commit, so that an index knows after a
 * crash where to continue.
 */
final class LuceneCubeIndex implements CubeIndex {
    private static final String FORMAT = "1";
    private static final double SMALL_SEGMENT_MB = 2;
    private static final double CACHED_MB = 8;
    private static final BM25Similarity SIMILARITY = new BM25Similarity(RankingParameters.K1, RankingParameters.B);

    private final Path folder;
    private final Directory directory;
    private final int dimension;
    private final ReentrantLock changing = new ReentrantLock();
    private Optional<IndexWriter> writer = Optional.empty();
    private volatile DirectoryReader reader;
    private volatile long appliedSeq;
    private volatile boolean unpublished;
    private volatile boolean closed;

    private LuceneCubeIndex(Path folder, Directory directory, int dimension, DirectoryReader reader, long seq) {
        this.folder = folder;
        this.directory = directory;
        this.dimension = dimension;
        this.reader = reader;
        this.appliedSeq = seq;
    }

    static LuceneCubeIndex open(Path folder, int dimension) {
        try {
            PrivateFiles.createDirectory(folder);
            // Small new segments stay in memory until a commit or a merge: making files for each add would cost
            // milliseconds.
            Directory directory =
                    new NRTCachingDirectory(PrivateIndexDirectory.open(folder), SMALL_SEGMENT_MB, CACHED_MB);
            try {
                if (!DirectoryReader.indexExists(directory)) {
                    IndexWriters.create(directory, commitData(0, dimension));
                }
                DirectoryReader reader = ready(DirectoryReader.open(directory));
                return new LuceneCubeIndex(
                        folder, directory, dimension, reader, committedSeq(folder, reader, dimension));
            } catch (IOException | RuntimeException e) {
                directory.close();
                throw e;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw LuceneFailureMapper.of(folder, e);
        }
    }

    private static Map<String, String> commitData(long seq, int dimension) {
        return Map.of("format", FORMAT, "dimension", Integer.toString(dimension), "seq", Long.toString(seq));
    }

    private static long committedSeq(Path folder, DirectoryReader reader, int dimension) throws IOException {
        Map<String, String> data = reader.getIndexCommit().getUserData();
        if (!FORMAT.equals(data.get("format")) || !Integer.toString(dimension).equals(data.get("dimension"))) {
            reader.close();
            throw new MemoryException(
                    ErrorCode.CORRUPT,
                    "Index " + folder + " was written as " + data + ", expected format " + FORMAT + " and dimension "
                            + dimension + ". It will be rebuilt from the vault.");
        }
        return Long.parseLong(data.getOrDefault("seq", "0"));
    }

    @Override
    public long appliedSeq() {
        return appliedSeq;
    }

    @Override
    public long size() {
        return reading(current -> (long) current.numDocs());
    }

    @Override
    public void apply(ChangeBatch batch) {
        changing(() -> {
            IndexWriter open = writer();
            // What was erased and came back is in both: it is there.
            for (ItemId erased : batch.erased()) {
                open.deleteDocuments(LuceneDocuments.key(erased));
            }
            for (IndexedItem item : batch.upserts()) {
                if (item.passages().isEmpty()) {
                    // An update by no document would spoil the writer's accounts.
                    open.deleteDocuments(LuceneDocuments.key(item.item().id()));
                } else {
                    open.updateDocuments(LuceneDocuments.key(item.item().id()), LuceneDocuments.of(item));
                }
            }
            unpublished = true;
            appliedSeq = batch.seq();
        });
    }

    @Override
    public void commit() {
        changing(this::commitOpen);
    }

    private void commitOpen() throws IOException {
        if (writer.isPresent()) {
            writer.get().setLiveCommitData(commitData(appliedSeq, dimension).entrySet());
            writer.get().commit();
        }
    }

    @Override
    public void expunge() {
        changing(() -> {
            IndexWriter open = writer();
            // A merge that was already running may carry a deletion over as a mark: look again until there are none.
            do {
                open.forceMergeDeletes(true);
                refresh();
            } while (reader.hasDeletions());
            commitOpen();
            // The old segments' files go when neither a commit nor a reader holds them any more.
            refresh();
            open.deleteUnusedFiles();
        });
    }

    private IndexWriter writer() throws IOException {
        if (writer.isEmpty()) {
            writer = Optional.of(IndexWriters.open(directory, SIMILARITY));
        }
        return writer.get();
    }

    /**
     * Builds what Lucene would build lazily at the first search: two searches that begin together on a fresh reader
     * would each get a view of their own, and a vector query must not mix them.
     */
    private static DirectoryReader ready(DirectoryReader fresh) {
        fresh.getContext();
        return fresh;
    }

    private void refresh() throws IOException {
        DirectoryReader newer = DirectoryReader.openIfChanged(reader, writer());
        if (newer != null) {
            DirectoryReader older = reader;
            reader = ready(newer);
            older.decRef();
        }
        // Only now: a search that sees the flag down must find the new reader.
        unpublished = false;
    }

    private interface Change {
        void run() throws IOException;
    }

    /** Runs a change alone. After a failure the index stands where its last commit stands, ready to catch up again. */
    private void changing(Change change) {
        changing.lock();
        try {
            if (closed) {
                throw closedFailure();
            }
            change.run();
        } catch (IOException | AlreadyClosedException | IllegalArgumentException e) {
            throw failed(e);
        } finally {
            changing.unlock();
        }
    }

    private MemoryException failed(Exception e) {
        Throwable cause = writer.map(IndexWriter::getTragicException).orElse(e);
        MemoryException failure = LuceneFailureMapper.of(folder, cause);
        try {
            if (writer.isPresent()) {
                writer.get().rollback();
            }
            writer = Optional.empty();
            DirectoryReader older = reader;
            reader = ready(DirectoryReader.open(directory));
            older.decRef();
            appliedSeq = committedSeq(folder, reader, dimension);
            unpublished = false;
        } catch (IOException | AlreadyClosedException again) {
            failure.addSuppressed(again);
        }
        return failure;
    }

    @Override
    public Ranking lexical(LexicalQuery query) {
        Query words = LexicalQueries.of(query.text(), FilterQueries.of(query.filter()));
        WordStatistics common = query.words().orElse(WordStatistics.NONE);
        return rank(
                current -> new SharedStatisticsSearcher(current, common),
                query.timeout(),
                new Best(words, query.limit()));
    }

    @Override
    public WordStatistics words(String text) {
        return reading(current -> SharedStatisticsSearcher.of(current, text));
    }

    @Override
    public Ranking dense(DenseQuery query) {
        if (query.vector().length != dimension) {
            throw MemoryException.invalid("The query vector has " + query.vector().length
                    + " dimensions, the cube's have " + dimension + ".");
        }
        Query nearest = new KnnByteVectorQuery(
                IndexFields.VECTOR, query.vector(), query.limit(), FilterQueries.of(query.filter()));
        // Lucene maps a cosine c to (1 + c) / 2.
        Best best = new Best(nearest, query.limit(), score -> 2 * score - 1);
        return rank(IndexSearcher::new, query.timeout(), best);
    }

    private interface ScoreScale {
        float of(float score);
    }

    /** A query with its limit and the conversion of its scores. */
    private record Best(Query query, int limit, ScoreScale scale) {
        Best(Query query, int limit) {
            this(query, limit, score -> score);
        }
    }

    private Ranking rank(Function<DirectoryReader, IndexSearcher> searching, Duration timeout, Best best) {
        return reading(current -> {
            IndexSearcher searcher = searching.apply(current);
            searcher.setSimilarity(SIMILARITY);
            searcher.setQueryCache(null);
            searcher.setTimeout(new QueryTimeoutImpl(Math.max(1, timeout.toMillis())));
            TopDocs top = searcher.search(best.query, best.limit);
            return new Ranking(candidates(current, top.scoreDocs, best.scale), !searcher.timedOut());
        });
    }

    private static List<PassageCandidate> candidates(DirectoryReader reader, ScoreDoc[] hits, ScoreScale scale)
            throws IOException {
        PassageCandidate[] candidates = new PassageCandidate[hits.length];
        List<Integer> byDocument = new ArrayList<>(hits.length);
        for (int i = 0; i < hits.length; i++) {
            byDocument.add(i);
        }
        byDocument.sort(Comparator.comparingInt(i -> hits[i].doc));
        Optional<LeafValues> leaf = Optional.empty();
        for (int i : byDocument) {
            int document = hits[i].doc;
            if (leaf.isEmpty() || !leaf.get().holds(document)) {
                leaf = Optional.of(LeafValues.of(reader, document));
            }
            candidates[i] = leaf.get().candidate(document, scale.of(hits[i].score));
        }
        return List.of(candidates);
    }

    /** The ids of one segment's passages, to be read in order of documents. */
    private record LeafValues(LeafReaderContext context, BinaryDocValues items, NumericDocValues passages) {
        static LeafValues of(DirectoryReader reader, int document) throws IOException {
            LeafReaderContext context = reader.leaves().get(ReaderUtil.subIndex(document, reader.leaves()));
            return new LeafValues(
                    context,
                    context.reader().getBinaryDocValues(IndexFields.ITEM),
                    context.reader().getNumericDocValues(IndexFields.PASSAGE));
        }

        boolean holds(int document) {
            return document >= context.docBase
                    && document < context.docBase + context.reader().maxDoc();
        }

        PassageCandidate candidate(int document, float score) throws IOException {
            items.advanceExact(document - context.docBase);
            passages.advanceExact(document - context.docBase);
            return new PassageCandidate(LuceneDocuments.id(items.binaryValue()), (int) passages.longValue(), score);
        }
    }

    private interface Reading<T> {
        T run(DirectoryReader reader) throws IOException;
    }

    private <T> T reading(Reading<T> work) {
        if (unpublished) {
            changing(this::refresh);
        }
        DirectoryReader current = acquire();
        try {
            return work.run(current);
        } catch (IOException e) {
            throw LuceneFailureMapper.of(folder, e);
        } finally {
            release(current);
        }
    }

    private DirectoryReader acquire() {
        while (!closed) {
            DirectoryReader current = reader;
            if (current.tryIncRef()) {
                return current;
            }
        }
        throw closedFailure();
    }

    private void release(DirectoryReader current) {
        try {
            current.decRef();
        } catch (IOException e) {
            throw LuceneFailureMapper.of(folder, e);
        }
    }

    private MemoryException closedFailure() {
        return new MemoryException(ErrorCode.CLOSED, "Index " + folder + " is closed.");
    }

    @Override
    public void close() {
        changing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            try (Directory closing = directory) {
                try {
                    commitOpen();
                } finally {
                    if (writer.isPresent()) {
                        writer.get().rollback();
                    }
                    reader.decRef();
                }
            }
        } catch (IOException | AlreadyClosedException e) {
            throw LuceneFailureMapper.of(folder, e);
        } finally {
            changing.unlock();
        }
    }
}
