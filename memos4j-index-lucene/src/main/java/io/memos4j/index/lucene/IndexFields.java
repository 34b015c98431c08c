package io.memos4j.index.lucene;

import io.memos4j.api.items.Filter;
import io.memos4j.internal.Sha256Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;

/**
 * The names of the index's fields and the forms of its terms.
 *
 * <p>Callers' metadata share a handful of fields, with the path inside the term: a field a name would let a client grow
 * the index's schema without bound.
 */
final class IndexFields {
    /** Ranked. */
    static final String TEXT = "text";

    static final String SPEAKER = "speaker";
    static final String TITLE = "title";
    static final String VECTOR = "vector";

    /** Read back with a hit. */
    static final String ITEM = "item";

    static final String PASSAGE = "passage";

    /** Filtered by, under the names that filters use. */
    static final String EXACT = "exact.";

    /** Holds the names of the fields with any value. */
    static final String ANY = EXACT + "any";

    static final String METADATA_TEXT = "metadata.text";

    static final String METADATA_NUMBER = "metadata.number";
    static final String METADATA_FLAG = "metadata.flag";
    static final String METADATA_PATH = "metadata.path";

    /** Longer values are filtered by their prefix and a hash of the whole; Lucene's terms end at 32,766 bytes. */
    private static final int LONGEST = Filter.MAX_SEARCHED_BYTES;

    private IndexFields() {}

    static String path(String field) {
        return field.substring(Filter.METADATA.length());
    }

    static BytesRef exact(String value) {
        return new BytesRef(bounded(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** A term that sorts by path, then by value. */
    static BytesRef atPath(String path, String value) {
        return joined(path, bounded(value.getBytes(StandardCharsets.UTF_8)));
    }

    static BytesRef atPath(String path, double value) {
        byte[] sortable = new byte[Long.BYTES];
        // Adding zero makes -0.0 equal to 0.0.
        NumericUtils.longToSortableBytes(NumericUtils.doubleToSortableLong(value + 0.0), sortable, 0);
        return joined(path, sortable);
    }

    static BytesRef atPath(String path, boolean value) {
        return joined(path, new byte[] {(byte) (value ? 1 : 0)});
    }

    /** Below every term of the path. */
    static BytesRef pathStart(String path) {
        return joined(path, new byte[0]);
    }

    /** Above every term of the path: the separator's successor. */
    static BytesRef pathEnd(String path) {
        byte[] bytes = bounded(path.getBytes(StandardCharsets.UTF_8));
        return new BytesRef(
                ByteBuffer.allocate(bytes.length + 1).put(bytes).put((byte) 1).array());
    }

    private static BytesRef joined(String path, byte[] value) {
        byte[] prefix = bounded(path.getBytes(StandardCharsets.UTF_8));
        return new BytesRef(ByteBuffer.allocate(prefix.length + 1 + value.length)
                .put(prefix)
                .put((byte) 0)
                .put(value)
                .array());
    }

    private static byte[] bounded(byte[] value) {
        if (value.length <= LONGEST) {
            return value;
        }
        byte[] hash = Sha256Hash.digest().digest(value);
        byte[] bounded = Arrays.copyOf(value, LONGEST + hash.length);
        System.arraycopy(hash, 0, bounded, LONGEST, hash.length);
        return bounded;
    }
}
