package io.memos4j.bench.performance;

import io.memos4j.api.items.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;

/** Baselines: SQLite and Lucene alone, doing as little as possible. */
final class PlainBaselines {
    private PlainBaselines() {}

    /** Adds messages to SQLite alone, one row each, with a flushed commit per batch; returns messages per second. */
    static double sqlite(Path folder, List<List<Message>> batches) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("plain.db"))) {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                statement.execute(
                        "CREATE TABLE message (id INTEGER PRIMARY KEY, session TEXT, speaker TEXT, text TEXT)");
            }
            connection.setAutoCommit(false);
            long start = System.nanoTime();
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO message (session, speaker, text) VALUES (?, ?, ?)")) {
                for (List<Message> batch : batches) {
                    for (Message message : batch) {
                        insert.setString(1, message.session());
                        insert.setString(2, message.speaker());
                        insert.setString(3, message.text());
                        insert.executeUpdate();
                    }
                    connection.commit();
                }
            }
            return rate(batches, start);
        } catch (SQLException e) {
            throw new IllegalStateException("The SQLite baseline failed.", e);
        }
    }

    /**
     * Adds messages to Lucene alone, with the stock analyzer and a new reader per batch; returns messages per second.
     */
    static double lucene(Path folder, List<List<Message>> batches) {
        try (FSDirectory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(new EnglishAnalyzer()))) {
            long start = System.nanoTime();
            for (List<Message> batch : batches) {
                for (Message message : batch) {
                    writer.addDocument(document(message));
                }
                DirectoryReader.open(writer).close();
            }
            writer.commit();
            return rate(batches, start);
        } catch (IOException e) {
            throw new IllegalStateException("The Lucene baseline failed.", e);
        }
    }

    private static Document document(Message message) {
        Document document = new Document();
        document.add(new TextField("text", message.text(), Field.Store.NO));
        document.add(new StoredField("stored", message.text()));
        return document;
    }

    private static double rate(List<List<Message>> batches, long start) {
        long messages = batches.stream().mapToLong(List::size).sum();
        return messages / ((System.nanoTime() - start) / 1e9);
    }

    /** Searches an index created by {@link #lucene} with BM25, loads the texts and returns the time of each query. */
    static LatencySamples search(Path folder, List<String> queries) {
        LatencySamples timings = new LatencySamples();
        try (FSDirectory directory = FSDirectory.open(folder);
                DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            for (String query : queries) {
                timings.time(() -> search(searcher, query));
            }
        } catch (IOException e) {
            throw new IllegalStateException("The Lucene baseline failed.", e);
        }
        return timings;
    }

    private static void search(IndexSearcher searcher, String text) {
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        for (String word : text.toLowerCase(Locale.ROOT).split("[^a-z]+")) {
            query.add(new TermQuery(new Term("text", word)), Occur.SHOULD);
        }
        try {
            for (var hit : searcher.search(query.build(), 10).scoreDocs) {
                searcher.storedFields().document(hit.doc);
            }
        } catch (IOException e) {
            throw new IllegalStateException("The Lucene baseline failed.", e);
        }
    }
}
