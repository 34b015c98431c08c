package io.memos4j.index.lucene;

import io.memos4j.spi.index.WordStatistics;
import io.memos4j.spi.index.WordStatistics.Count;
import io.memos4j.spi.index.WordStatistics.Field;
import io.memos4j.spi.index.WordStatistics.Word;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermStatistics;

/**
 * Searches one index but weighs words as they are common in several together; a word that those do not know weighs as
 * it does here.
 */
final class SharedStatisticsSearcher extends IndexSearcher {
    private final WordStatistics words;

    SharedStatisticsSearcher(IndexReader reader, WordStatistics words) {
        super(reader);
        this.words = words;
    }

    /** Collects the statistics of a query's words in an index. */
    static WordStatistics of(IndexReader reader, String text) throws IOException {
        IndexSearcher searcher = new IndexSearcher(reader);
        Map<String, Field> fields = new HashMap<>();
        Map<Word, Count> words = new HashMap<>();
        for (var ranked : LexicalQueries.FIELDS) {
            String field = ranked.name();
            CollectionStatistics all = searcher.collectionStatistics(field);
            if (all == null) {
                continue;
            }
            fields.put(field, new Field(all.maxDoc(), all.docCount(), all.sumDocFreq(), all.sumTotalTermFreq()));
            for (String term : LexicalQueries.terms(text).keySet()) {
                Term each = new Term(field, term);
                int passages = reader.docFreq(each);
                if (passages > 0) {
                    words.put(new Word(field, term), new Count(passages, reader.totalTermFreq(each)));
                }
            }
        }
        return new WordStatistics(fields, words);
    }

    @Override
    public CollectionStatistics collectionStatistics(String field) throws IOException {
        Field all = words.fields().get(field);
        return all == null
                ? super.collectionStatistics(field)
                : new CollectionStatistics(field, all.passages(), all.filled(), all.occurrences(), all.distinct());
    }

    @Override
    public TermStatistics termStatistics(Term term, int documents, long occurrences) throws IOException {
        Count all = words.words().get(new Word(term.field(), term.text()));
        return all == null || !words.fields().containsKey(term.field())
                ? super.termStatistics(term, documents, occurrences)
                : new TermStatistics(term.bytes(), all.passages(), all.occurrences());
    }
}
