package io.memos4j.bench.performance;

import io.memos4j.spi.index.Int8Vectors;
import io.memos4j.spi.models.Embedder.Purpose;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.FSDirectory;

/**
 * Compares the exact scan of one segment with an HNSW graph over the same vectors. The threshold of the Lucene index is
 * based on these figures.
 */
final class VectorScanBenchmark {
    private static final int QUERIES = 100;
    private static final int K = 200;
    private static final int RECALL_AT = 10;

    private VectorScanBenchmark() {}

    static List<BenchmarkFigure> run() {
        List<BenchmarkFigure> figures = new ArrayList<>();
        for (int size : List.of(10_000, 50_000, 100_000, 200_000)) {
            try (ScratchDirectory workspace = new ScratchDirectory()) {
                figures.addAll(compare(workspace, size));
            } catch (IOException e) {
                throw new IllegalStateException("The vector benchmark failed.", e);
            }
        }
        return figures;
    }

    private record Measured(double buildSeconds, LatencySamples timings, List<Set<Integer>> found) {}

    private static List<BenchmarkFigure> compare(ScratchDirectory workspace, int size) throws IOException {
        Measured exact = measure(workspace.folder("exact"), size, Integer.MAX_VALUE);
        Measured graph = measure(workspace.folder("graph"), size, 0);
        String of = String.format(" of %,d vectors of 384 bytes, k %d, ", size, K);
        return List.of(
                BenchmarkFigure.baseline("exact scan" + of + "p50", exact.timings.median(), "ms"),
                BenchmarkFigure.baseline("graph search" + of + "p50", graph.timings.median(), "ms"),
                BenchmarkFigure.baseline(
                        "  the graph's share of the exact top 10", 100 * recall(exact.found, graph.found), "%"),
                BenchmarkFigure.baseline("  time to build, exact", exact.buildSeconds, "s"),
                BenchmarkFigure.baseline("  time to build, graph", graph.buildSeconds, "s"));
    }

    private static double recall(List<Set<Integer>> truth, List<Set<Integer>> found) {
        double sum = 0;
        for (int i = 0; i < truth.size(); i++) {
            Set<Integer> common = new HashSet<>(truth.get(i));
            common.retainAll(found.get(i));
            sum += (double) common.size() / truth.get(i).size();
        }
        return sum / truth.size();
    }

    private static Measured measure(Path folder, int size, int graphThreshold) throws IOException {
        IndexWriterConfig config =
                new IndexWriterConfig().setCodec(codec(graphThreshold)).setRAMBufferSizeMB(512);
        SyntheticEmbedder embedder = new SyntheticEmbedder();
        try (FSDirectory directory = FSDirectory.open(folder)) {
            long start = System.nanoTime();
            try (IndexWriter writer = new IndexWriter(directory, config)) {
                for (int i = 0; i < size; i++) {
                    Document document = new Document();
                    byte[] vector = Int8Vectors.encode(embedder.embed("document " + i, Purpose.DOCUMENT));
                    document.add(new KnnByteVectorField("vector", vector, VectorSimilarityFunction.COSINE));
                    writer.addDocument(document);
                }
                writer.forceMerge(1);
            }
            double build = (System.nanoTime() - start) / 1e9;
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                return search(new IndexSearcher(reader), embedder, build);
            }
        }
    }

    private static Lucene104Codec codec(int graphThreshold) {
        KnnVectorsFormat format = new Lucene99HnswVectorsFormat(
                16, 100, Lucene99HnswVectorsFormat.DEFAULT_NUM_MERGE_WORKER, null, graphThreshold);
        return new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return format;
            }
        };
    }

    private static Measured search(IndexSearcher searcher, SyntheticEmbedder embedder, double build)
            throws IOException {
        LatencySamples timings = new LatencySamples();
        List<Set<Integer>> found = new ArrayList<>();
        for (int i = -QUERIES; i < QUERIES; i++) {
            byte[] query = Int8Vectors.encode(embedder.embed("query " + i, Purpose.QUERY));
            long start = System.nanoTime();
            ScoreDoc[] hits = searcher.search(new KnnByteVectorQuery("vector", query, K), K).scoreDocs;
            if (i >= 0) {
                timings.add(System.nanoTime() - start);
                Set<Integer> top = new HashSet<>();
                for (int rank = 0; rank < RECALL_AT; rank++) {
                    top.add(hits[rank].doc);
                }
                found.add(top);
            }
        }
        return new Measured(build, timings, found);
    }
}
