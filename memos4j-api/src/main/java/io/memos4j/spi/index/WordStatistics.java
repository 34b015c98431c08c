package io.memos4j.spi.index;

import java.util.HashMap;
import java.util.Map;

/**
 * Statistics by which BM25 weighs the words of a query. The statistics of one index make its scores incomparable to
 * those of another; the {@linkplain #plus sum} over several indexes, given to each of them with
 * {@link LexicalQuery#words}, makes their scores those that one index of everything would give.
 *
 * @param fields for each ranked field, the passages that have it and the words in it
 * @param words for each word of the query, the passages that have it and its occurrences; words that no passage has are
 *     left out
 */
public record WordStatistics(Map<String, Field> fields, Map<Word, Count> words) {
    public static final WordStatistics NONE = new WordStatistics(Map.of(), Map.of());

    public WordStatistics {
        fields = Map.copyOf(fields);
        words = Map.copyOf(words);
    }

    /** A word as the index writes it, in a field. */
    public record Word(String field, String term) {}

    /** Passages with a word, and how often they have it together. */
    public record Count(long passages, long occurrences) {
        Count plus(Count other) {
            return new Count(passages + other.passages, occurrences + other.occurrences);
        }
    }

    /**
     * Statistics of a field.
     *
     * @param passages of the index
     * @param filled passages that have the field
     * @param distinct the distinct words of each passage, added up
     * @param occurrences the words of each passage, added up
     */
    public record Field(long passages, long filled, long distinct, long occurrences) {
        Field plus(Field other) {
            return new Field(
                    passages + other.passages,
                    filled + other.filled,
                    distinct + other.distinct,
                    occurrences + other.occurrences);
        }
    }

    /** The statistics of two indexes together. */
    public WordStatistics plus(WordStatistics other) {
        Map<String, Field> allFields = new HashMap<>(fields);
        other.fields.forEach((name, field) -> allFields.merge(name, field, Field::plus));
        Map<Word, Count> allWords = new HashMap<>(words);
        other.words.forEach((word, count) -> allWords.merge(word, count, Count::plus));
        return new WordStatistics(allFields, allWords);
    }
}
