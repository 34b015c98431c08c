package io.memos4j.index.lucene;

import java.util.Map;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** Turns natural language into a disjunction of its terms over text, speaker and title. There is no query syntax. */
final class LexicalQueries {
    private LexicalQueries() {}

    /** The query of a text that must also match {@code filter}. Without any term it matches nothing. */
    static Query of(String text, Query filter) {
        BooleanQuery.Builder words = new BooleanQuery.Builder();
        int taken = 0;
        for (Map.Entry<String, Integer> term : Analyzers.queryTerms(text).entrySet()) {
            if (++taken > RankingParameters.QUERY_TERMS) {
                break;
            }
            float weight = term.getValue();
            words.add(word(Fields.TEXT, term.getKey(), weight), Occur.SHOULD);
            words.add(word(Fields.SPEAKER, term.getKey(), weight * RankingParameters.SPEAKER), Occur.SHOULD);
            words.add(word(Fields.TITLE, term.getKey(), weight * RankingParameters.TITLE), Occur.SHOULD);
        }
        return new BooleanQuery.Builder()
                .add(words.build(), Occur.MUST)
                .add(filter, Occur.FILTER)
                .build();
    }

    private static Query word(String field, String term, float weight) {
        return new BoostQuery(new TermQuery(new Term(field, term)), weight);
    }
}
