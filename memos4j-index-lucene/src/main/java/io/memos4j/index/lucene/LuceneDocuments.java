package io.memos4j.index.lucene;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.spi.index.IndexedItem;
import io.memos4j.spi.index.IndexedItem.IndexedPassage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/** Turns items into Lucene documents, one for each passage. Nothing but ids can be read back from the index. */
final class LuceneDocuments {
    private LuceneDocuments() {}

    static List<Document> of(IndexedItem indexed) {
        List<Document> documents = new ArrayList<>(indexed.passages().size());
        for (IndexedPassage passage : indexed.passages()) {
            documents.add(document(indexed.item(), passage));
        }
        return documents;
    }

    /** The term that all passages of an item share. */
    static Term key(ItemId id) {
        return new Term(IndexFields.EXACT + "id", bytes(id));
    }

    static BytesRef bytes(ItemId id) {
        return new BytesRef(ByteBuffer.allocate(16)
                .putLong(id.value().getMostSignificantBits())
                .putLong(id.value().getLeastSignificantBits())
                .array());
    }

    static ItemId id(BytesRef bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length);
        return new ItemId(new UUID(buffer.getLong(), buffer.getLong()));
    }

    private static Document document(MemoryItem item, IndexedPassage indexed) {
        Document document = new Document();
        int start = indexed.passage().start();
        document.add(new TextField(
                IndexFields.TEXT, item.text().substring(start, indexed.passage().end()), Field.Store.NO));
        document.add(new TextField(IndexFields.SPEAKER, item.origin().speaker(), Field.Store.NO));
        document.add(new TextField(IndexFields.TITLE, item.title(), Field.Store.NO));
        indexed.vector()
                .ifPresent(vector -> document.add(
                        new KnnByteVectorField(IndexFields.VECTOR, vector, VectorSimilarityFunction.COSINE)));
        document.add(new BinaryDocValuesField(IndexFields.ITEM, bytes(item.id())));
        document.add(
                new NumericDocValuesField(IndexFields.PASSAGE, indexed.passage().number()));
        addFilterable(document, item);
        return document;
    }

    private static void addFilterable(Document document, MemoryItem item) {
        document.add(new StringField(IndexFields.EXACT + "id", bytes(item.id()), Field.Store.NO));
        exact(document, "type", item.type().id());
        item.standing().forEach(type -> exact(document, "type", type.id()));
        exact(document, "state", item.state().id());
        exact(document, "session", item.origin().session());
        exact(
                document,
                "role",
                item.origin().role() == Role.NONE ? "" : item.origin().role().id());
        // Most items are internal, which is indexed as no value.
        exact(
                document,
                "sensitivity",
                item.sensitivity() == Sensitivity.INTERNAL
                        ? ""
                        : item.sensitivity().id());
        exact(document, "speaker", item.origin().speaker());
        item.tags().forEach(tag -> exact(document, "tag", tag));
        item.origin().sources().stream()
                .map(SourceReference::id)
                .distinct()
                .forEach(id -> exact(document, "source", id));
        document.add(new LongPoint(
                IndexFields.EXACT + "time", item.times().occurredAt().toEpochMilli()));
        document.add(new LongPoint(
                IndexFields.EXACT + "recorded", item.times().recordedAt().toEpochMilli()));
        document.add(new LongPoint(
                IndexFields.EXACT + "updated", item.times().updatedAt().toEpochMilli()));
        end(document, "until", item.times().validTo());
        end(document, "expires", item.times().expiresAt());
        addMetadata(document, "", item.metadata());
    }

    /** A time that most items do not have. */
    private static void end(Document document, String field, Optional<Instant> end) {
        end.ifPresent(at -> {
            document.add(new LongPoint(IndexFields.EXACT + field, at.toEpochMilli()));
            document.add(new StringField(IndexFields.ANY, field, Field.Store.NO));
        });
    }

    private static void exact(Document document, String field, String value) {
        if (!value.isEmpty()) {
            document.add(new StringField(IndexFields.EXACT + field, IndexFields.exact(value), Field.Store.NO));
            document.add(new StringField(IndexFields.ANY, field, Field.Store.NO));
        }
    }

    private static void addMetadata(Document document, String prefix, Map<?, ?> metadata) {
        metadata.forEach((key, value) -> {
            String name = String.valueOf(key);
            // A dot inside a name cannot be told from a step, here as in the vault.
            if (!name.contains(".")) {
                addValue(document, prefix + name, value, true);
            }
        });
    }

    private static void addValue(Document document, String path, Object value, boolean nested) {
        if (nested) {
            document.add(new StringField(IndexFields.METADATA_PATH, IndexFields.exact(path), Field.Store.NO));
        }
        switch (value) {
            case String text ->
                document.add(
                        new StringField(IndexFields.METADATA_TEXT, IndexFields.atPath(path, text), Field.Store.NO));
            case Boolean flag ->
                document.add(
                        new StringField(IndexFields.METADATA_FLAG, IndexFields.atPath(path, flag), Field.Store.NO));
            case Number number ->
                document.add(new StringField(
                        IndexFields.METADATA_NUMBER, IndexFields.atPath(path, number.doubleValue()), Field.Store.NO));
            case List<?> list when nested -> list.forEach(element -> addValue(document, path, element, false));
            case Map<?, ?> map when nested -> addMetadata(document, path + ".", map);
            default -> {
                // A list or an object inside a list has no path.
            }
        }
    }
}
