package io.memos4j.index.lucene;

import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's own codec, with vectors scanned exactly in small segments and searched by an HNSW graph in large ones, and
 * with a higher bound on dimensions. Segments are written under the stock formats' names: any Lucene of this version
 * reads them.
 */
final class VectorCodec extends Lucene104Codec {
    /**
     * Segments with more vectors than this get a graph. A scan of so many costs 6 ms; a graph costs half a millisecond
     * of CPU for each vector each time that segments merge (docs/benchmarks.md, vector-scan).
     */
    static final int GRAPH_ABOVE = 100_000;

    private static final int MAX_DIMENSIONS = 4_096;
    private static final int MAX_CONNECTIONS = 16;
    private static final int BEAM_WIDTH = 100;

    private static final KnnVectorsFormat FORMAT = new UnboundedFormat(new Lucene99HnswVectorsFormat(
            MAX_CONNECTIONS,
            BEAM_WIDTH,
            Lucene99HnswVectorsFormat.DEFAULT_NUM_MERGE_WORKER,
            null,
            // Lucene asks for the k at which visiting ln(n)·k nodes costs as much as a scan of all n.
            (int) (GRAPH_ABOVE / Math.log(GRAPH_ABOVE))));

    @Override
    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return FORMAT;
    }

    /** The format of the same name with a higher bound on dimensions. */
    private static final class UnboundedFormat extends KnnVectorsFormat {
        private final KnnVectorsFormat delegate;

        UnboundedFormat(KnnVectorsFormat delegate) {
            super(delegate.getName());
            this.delegate = delegate;
        }

        @Override
        public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws java.io.IOException {
            return delegate.fieldsWriter(state);
        }

        @Override
        public KnnVectorsReader fieldsReader(SegmentReadState state) throws java.io.IOException {
            return delegate.fieldsReader(state);
        }

        @Override
        public int getMaxDimensions(String field) {
            return MAX_DIMENSIONS;
        }
    }
}
