package io.memos4j.index.lucene;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.Directory;

/** Configures index writers: small buffers and few threads, since many may be open at once. */
final class IndexWriters {
    private static final double BUFFER_MB = 16;

    private IndexWriters() {}

    static IndexWriter open(Directory directory, Similarity similarity) throws IOException {
        TieredMergePolicy merges = new TieredMergePolicy();
        merges.setForceMergeDeletesPctAllowed(0);
        ConcurrentMergeScheduler scheduler = new ConcurrentMergeScheduler();
        scheduler.setMaxMergesAndThreads(4, 1);
        IndexWriterConfig config = new IndexWriterConfig(TextAnalyzers.TEXT)
                .setOpenMode(OpenMode.APPEND)
                .setCodec(new VectorCodec())
                .setSimilarity(similarity)
                .setRAMBufferSizeMB(BUFFER_MB)
                .setMergePolicy(merges)
                .setMergeScheduler(scheduler)
                .setCommitOnClose(false);
        return new IndexWriter(directory, config);
    }

    /** Makes an empty index. */
    static void create(Directory directory, Map<String, String> commitData) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig().setOpenMode(OpenMode.CREATE);
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            writer.setLiveCommitData(commitData.entrySet());
            writer.commit();
        }
    }
}
