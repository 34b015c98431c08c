package io.memos4j.bench.eviction;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.QueryBuilder;

/** Finds earlier messages with BM25 and the stock English analyzer. */
final class Bm25Recall implements AutoCloseable {
    /** The part of a long question that is used: Lucene accepts up to 1,024 clauses. */
    private static final int LETTERS = 2_000;

    private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
    private final EnglishAnalyzer analyzer = new EnglishAnalyzer();
    private final IndexWriter writer;
    private DirectoryReader reader;

    Bm25Recall() {
        try {
            writer = new IndexWriter(directory, new IndexWriterConfig(analyzer));
            reader = DirectoryReader.open(writer);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create an index in memory.", e);
        }
    }

    void keep(int number, String memory, String text) {
        Document document = new Document();
        document.add(new StoredField("number", number));
        document.add(new StringField("memory", memory, Field.Store.NO));
        document.add(new TextField("text", text, Field.Store.NO));
        try {
            writer.addDocument(document);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot index message " + number + ".", e);
        }
    }

    /** Returns the numbers of the best messages of a memory. */
    List<Integer> find(String memory, String text, int most) {
        Query words = new QueryBuilder(analyzer)
                .createBooleanQuery("text", text.substring(0, Math.min(LETTERS, text.length())));
        List<Integer> numbers = new ArrayList<>();
        if (words == null) {
            return numbers;
        }
        try {
            DirectoryReader newer = DirectoryReader.openIfChanged(reader);
            if (newer != null) {
                reader.close();
                reader = newer;
            }
            IndexSearcher searcher = new IndexSearcher(reader);
            Query query = new BooleanQuery.Builder()
                    .add(words, Occur.MUST)
                    .add(new TermQuery(new Term("memory", memory)), Occur.FILTER)
                    .build();
            for (ScoreDoc found : searcher.search(query, most).scoreDocs) {
                numbers.add(searcher.storedFields()
                        .document(found.doc)
                        .getField("number")
                        .numericValue()
                        .intValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot search for: " + text, e);
        }
        return numbers;
    }

    @Override
    public void close() {
        try {
            reader.close();
            writer.close();
            directory.close();
            analyzer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the index in memory.", e);
        }
    }
}
