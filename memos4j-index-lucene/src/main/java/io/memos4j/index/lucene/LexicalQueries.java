package io.memos4j.index.lucene;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** Turns natural language into a disjunction of its terms over text, speaker and title. There is no query syntax. */
final class LexicalQueries {
    /** The searched fields with their weights. */
    static final List<Field> FIELDS = List.of(
            new Field(IndexFields.TEXT, 1),
            new Field(IndexFields.SPEAKER, RankingParameters.SPEAKER),
            new Field(IndexFields.TITLE, RankingParameters.TITLE));

    /** A ranked field. */
    record Field(String name, float weight) {}

    private LexicalQueries() {}

    /** The query of a text that must also match {@code filter}. Without any term it matches nothing. */
    static Query of(String text, Query filter) {
        BooleanQuery.Builder words = new BooleanQuery.Builder();
        terms(text)
                .forEach((term, times) ->
                        FIELDS.forEach(field -> words.add(word(field.name, term, times * field.weight), Occur.SHOULD)));
        return new BooleanQuery.Builder()
                .add(words.build(), Occur.MUST)
                .add(filter, Occur.FILTER)
                .build();
    }

    /** The words of a text that are looked up, with how often it has them. */
    static Map<String, Integer> terms(String text) {
        Map<String, Integer> terms = new LinkedHashMap<>();
        TextAnalyzers.queryTerms(text).entrySet().stream()
                .limit(RankingParameters.QUERY_TERMS)
                .forEach(term -> terms.put(term.getKey(), term.getValue()));
        return terms;
    }

    private static Query word(String field, String term, float weight) {
        return new BoostQuery(new TermQuery(new Term(field, term)), weight);
    }
}
